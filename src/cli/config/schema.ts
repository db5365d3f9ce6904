import * as v from "valibot";
import { describeSchemaErrors } from "../../validation/schema-errors.ts";

/*
 * The schema of media-preflight.config.json. It is data: nothing in it is executed, and it has neither keys nor base
 * URLs, so that a repository's configuration cannot send anybody's files or key elsewhere.
 */

const text = v.pipe(v.string(), v.nonEmpty());
const globs = v.union([text, v.pipe(v.array(text), v.minLength(1))]);
const date = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/));
const limits = v.picklist(["documented", "observed"]);
const type = v.picklist(["image", "video", "audio"]);
const ruleId = v.pipe(v.string(), v.regex(/^(image|video|audio|file|url)\/[a-z-]+$/));
/** Keys that people try, but that would allow a repository to send the user's files or key to another server. */
const environmentOnly = ["apiKey", "apiBaseUrl", "consoleBaseUrl"];

const judging = {
  rules: v.optional(text),
  limits: v.optional(limits),
  strict: v.optional(v.boolean()),
};

export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  ...judging,
  /** When to ask a second parser. */
  crossCheck: v.optional(v.picklist(["auto", "always", "never"])),
  /** The first entry that matches a path decides how it is checked; with entries, no other paths are checked. */
  files: v.optional(v.array(v.strictObject({ match: globs, type: v.optional(type), ...judging }))),
  /** Paths of files that are not reference media, such as icons and screenshots. */
  ignore: v.optional(globs),
  /** Findings that do not count, each with a reason and a last day. */
  accept: v.optional(
    v.array(v.strictObject({ rule: ruleId, match: v.optional(globs), reason: text, until: date })),
  ),
  /** A file with the findings that existed when checking was introduced. */
  baseline: v.optional(text),
});

/** A configuration file's content. */
export type Config = v.InferOutput<typeof configSchema>;

/** A configuration, or its errors: one line each, with the path in the document. */
export type ValidatedConfig = { config: Config } | { config: null; errors: readonly string[] };

export function validateConfig(json: unknown): ValidatedConfig {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { config: null, errors: ["configuration: it is not an object"] };
  const misplaced = environmentOnly.filter((key) => Object.hasOwn(json, key));
  if (misplaced.length > 0)
    return {
      config: null,
      errors: misplaced.map(
        (key) => `${key}: keys and base URLs come from the environment only, never from a file`,
      ),
    };
  const result = v.safeParse(configSchema, json);
  return result.success
    ? { config: result.output }
    : { config: null, errors: describeSchemaErrors(result.issues, "configuration", words) };
}

const words: readonly string[] =
  "rules limits strict crossCheck files match type ignore accept rule reason until baseline".split(" ");
