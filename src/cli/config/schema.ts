import * as v from "valibot";
import { describeSchemaErrors } from "../../validation/schema-errors.ts";

/*
 * The form of media-preflight.config.json. Data only: nothing in it is run, and it holds neither keys nor
 * addresses, so that a repository's configuration cannot send anybody's files or key elsewhere.
 */

const text = v.pipe(v.string(), v.nonEmpty());
const globs = v.union([text, v.pipe(v.array(text), v.minLength(1))]);
const date = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/));
const limits = v.picklist(["documented", "observed"]);
const type = v.picklist(["image", "video", "audio"]);
const ruleId = v.pipe(v.string(), v.regex(/^(image|video|audio|file|url)\/[a-z-]+$/));
/** Keys that people try, and that would let a repository send somebody's files or key elsewhere. */
const environmentOnly = ["apiKey", "apiBaseUrl", "consoleBaseUrl"];

const judging = {
  rules: v.optional(text),
  limits: v.optional(limits),
  strict: v.optional(v.boolean()),
};

export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  ...judging,
  /** Second opinions: auto, always, never. */
  crossCheck: v.optional(v.picklist(["auto", "always", "never"])),
  /** The first entry that matches a path says how it is judged; where there are entries, no others are. */
  files: v.optional(v.array(v.strictObject({ match: globs, type: v.optional(type), ...judging }))),
  /** Paths that are no reference media: icons, screenshots of the documentation. */
  ignore: v.optional(globs),
  /** Findings that do not count, each with a reason and a last day. */
  accept: v.optional(
    v.array(v.strictObject({ rule: ruleId, match: v.optional(globs), reason: text, until: date })),
  ),
  /** A file of findings that were there when the check was introduced. */
  baseline: v.optional(text),
});

/** A configuration as it stands in a file. */
export type Config = v.InferOutput<typeof configSchema>;

/** A configuration, or what is wrong with it: one line a mistake, each with the path to it. */
export function validateConfig(
  json: unknown,
):
  | { config: Config; describeSchemaErrors: readonly string[] }
  | { config: null; describeSchemaErrors: readonly string[] } {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { config: null, describeSchemaErrors: ["configuration: it is not an object"] };
  const misplaced = environmentOnly.filter((key) => Object.hasOwn(json, key));
  if (misplaced.length > 0)
    return {
      config: null,
      describeSchemaErrors: misplaced.map(
        (key) => `${key}: keys and base URLs come from the environment only, never from a file`,
      ),
    };
  const result = v.safeParse(configSchema, json);
  return result.success
    ? { config: result.output, describeSchemaErrors: [] }
    : { config: null, describeSchemaErrors: describeSchemaErrors(result.issues, "configuration", words) };
}

const words: readonly string[] =
  "rules limits strict crossCheck files match type ignore accept rule reason until baseline".split(" ");
