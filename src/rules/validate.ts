import * as v from "valibot";
import { MediaPreflightError } from "../errors.ts";
import { describeSchemaErrors } from "../validation/schema-errors.ts";
import { properties } from "./properties.ts";
import { type Table, tableSchema } from "./schema.ts";

/**
 * Validates a user's table strictly.
 * @throws MediaPreflightError `bad-table` with one line per mistake, each beginning with its path
 */
export function validateTable(input: unknown): Table {
  const result = v.safeParse(tableSchema, input);
  const found = result.success
    ? [...new Set(contradictions(result.output, ""))]
    : describeSchemaErrors(result.issues, "table", vocabulary);
  if (result.success && found.length === 0) return result.output;
  throw new MediaPreflightError("bad-table", found.join("\n"), {
    hint: "the form of a rule table is in media-preflight/rules/schema.json",
  });
}

const vocabulary = [
  ...Object.keys(properties),
  ..."id title source checked provenance unchecked types sets transport https head redirects urlLength image video audio min max above below in notIn equals multipleOf ratios tolerance required forbidden when severity unit readings observed alsoDocumented by confidence tiers images videos audios total frames count countWithVideos duration each sum needs excludes".split(
    " ",
  ),
];

/** Mistakes that the schema cannot express: a lower bound above the upper one, a tolerance without ratios, multiples of zero. */
function contradictions(at: unknown, path: string): string[] {
  if (typeof at !== "object" || at === null) return [];
  const found: string[] = [];
  const n = (key: string): number | null => {
    const value = (at as Record<string, unknown>)[key];
    return typeof value === "number" ? value : null;
  };
  const where = path || "table";
  for (const low of ["min", "above"])
    for (const high of ["max", "below"]) {
      const [a, b] = [n(low), n(high)];
      if (a === null || b === null) continue;
      if (a > b || (a === b && (low === "above" || high === "below")))
        found.push(`${where}: no value can satisfy both ${low} ${a} and ${high} ${b}`);
    }
  if (n("multipleOf") === 0) found.push(`${where}.multipleOf: it must be more than 0`);
  if (n("tolerance") !== null && !("ratios" in at))
    found.push(`${where}.tolerance: it needs ratios in the same row`);
  if ("required" in at && "forbidden" in at)
    found.push(`${where}: required and forbidden exclude each other`);
  for (const [key, inner] of Object.entries(at))
    found.push(...contradictions(inner, path ? `${path}.${key}` : key));
  return found;
}
