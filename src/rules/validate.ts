import * as v from "valibot";
import { MediaPreflightError } from "../errors.ts";
import { properties } from "./properties.ts";
import { type Table, tableSchema } from "./schema.ts";

/**
 * A user's table, checked strictly.
 * @throws MediaPreflightError `bad-table`: all mistakes, each with the path to it
 */
export function validateTable(input: unknown): Table {
  const result = v.safeParse(tableSchema, input);
  const mistakes = result.success ? contradictions(result.output, "") : result.issues.flatMap(flat).map(tell);
  if (result.success && mistakes.length === 0) return result.output;
  const [first = "not a rule table", ...rest] = [...new Set(mistakes)];
  throw new MediaPreflightError("bad-table", [first, ...rest].join("\n"), {
    hint: "the form of a rule table is in media-preflight/rules/schema.json",
  });
}

type Issue = v.BaseIssue<unknown>;

/** A union reports one issue; what went wrong inside its likeliest member says more. */
function flat(issue: Issue): Issue[] {
  if (!issue.issues || issue.type !== "union") return [issue];
  const inner = issue.issues.flatMap(flat);
  const list = Array.isArray(issue.input);
  const fit = inner.filter((i) => Boolean(i.path?.length) && i.type !== (list ? "strict_object" : "array"));
  return (fit.length ? fit : inner).map((i) => ({
    ...i,
    path: [...(issue.path ?? []), ...(i.path ?? [])] as Issue["path"],
  }));
}

function tell(issue: Issue): string {
  const path = (issue.path ?? []).map((p) => String(p.key)).join(".") || "table";
  if (issue.type === "strict_object" && issue.expected === "never") {
    const meant = nearest(String(issue.path?.at(-1)?.key ?? ""));
    return `${path}: unknown key${meant ? `; did you mean ${meant}?` : ""}`;
  }
  if (issue.received === "undefined") return `${path}: missing`;
  if (issue.type === "regex") return `${path}: ${issue.received} has the wrong form`;
  return `${path}: ${issue.received} is not ${issue.expected ?? "allowed"}`;
}

const vocabulary = [
  ...Object.keys(properties),
  ..."id title source checked unchecked types sets image video audio min max above below in notIn equals multipleOf ratios tolerance required forbidden severity unit readings observed confidence tiers images videos audios frames count duration each sum needs excludes".split(
    " ",
  ),
];

function nearest(word: string): string | null {
  let best: string | null = null;
  let least = 3;
  for (const known of vocabulary) {
    const d = distance(word.toLowerCase(), known.toLowerCase());
    if (d < least) [best, least] = [known, d];
  }
  return best;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, (previous[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    previous = next;
  }
  return previous[b.length] ?? 0;
}

/** What the schema cannot say: a lower bound over the upper one, a tolerance without ratios, multiples of zero. */
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
        found.push(`${where}: ${low} ${a} leaves nothing under ${high} ${b}`);
    }
  if (n("multipleOf") === 0) found.push(`${where}.multipleOf: it must be more than 0`);
  if (n("tolerance") !== null && !("ratios" in at))
    found.push(`${where}.tolerance: it needs ratios beside it`);
  if ("required" in at && "forbidden" in at)
    found.push(`${where}: required and forbidden exclude each other`);
  for (const [key, inner] of Object.entries(at))
    found.push(...contradictions(inner, path ? `${path}.${key}` : key));
  return found;
}
