import type * as v from "valibot";
import { nearestWord } from "./nearest-word.ts";

type Issue = v.BaseIssue<unknown>;

/**
 * Describes the mistakes in a user's JSON, one line each, beginning with its path:
 * "types.video.duration.maxx: unknown key; did you mean max?".
 */
export function describeSchemaErrors(
  issues: readonly Issue[],
  whole: string,
  vocabulary: readonly string[],
): string[] {
  return [...new Set(issues.flatMap(flat).map((issue) => describeIssue(issue, whole, vocabulary)))];
}

/** A union reports one issue; the issues of its most likely member are more useful. */
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

function describeIssue(issue: Issue, whole: string, vocabulary: readonly string[]): string {
  const path = (issue.path ?? []).map((p) => String(p.key)).join(".") || whole;
  if (issue.type === "strict_object" && issue.expected === "never") {
    const meant = nearestWord(String(issue.path?.at(-1)?.key ?? ""), vocabulary);
    return `${path}: unknown key${meant ? `; did you mean ${meant}?` : ""}`;
  }
  if (issue.received === "undefined") return `${path}: missing`;
  if (issue.type === "regex") return `${path}: ${issue.received} has the wrong form`;
  if (issue.type === "check") return `${path}: ${issue.message}`;
  return `${path}: ${issue.received} is not ${issue.expected ?? "allowed"}`;
}
