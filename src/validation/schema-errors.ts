import type * as v from "valibot";
import { nearestWord } from "./nearest-word.ts";

type Issue = v.BaseIssue<unknown>;

/**
 * Describes the errors in a user's JSON, one line each, beginning with the path of the value:
 * "types.video.duration.maxx: unknown key; did you mean max?".
 * @param rootName what the message calls the document itself
 * @param knownKeys suggested in place of an unknown key
 */
export function describeSchemaErrors(
  issues: readonly Issue[],
  rootName: string,
  knownKeys: readonly string[],
): string[] {
  return [...new Set(issues.flatMap(issuesOf).map((issue) => describeIssue(issue, rootName, knownKeys)))];
}

/** A union reports one issue; the issues of its most likely member are more useful. */
function issuesOf(issue: Issue): Issue[] {
  if (!issue.issues || issue.type !== "union") return [issue];
  const inner = issue.issues.flatMap(issuesOf);
  const isArray = Array.isArray(issue.input);
  const likely = inner.filter(
    (i) => Boolean(i.path?.length) && i.type !== (isArray ? "strict_object" : "array"),
  );
  return (likely.length ? likely : inner).map((i) => ({
    ...i,
    path: [...(issue.path ?? []), ...(i.path ?? [])] as Issue["path"],
  }));
}

function describeIssue(issue: Issue, rootName: string, knownKeys: readonly string[]): string {
  const path = (issue.path ?? []).map((p) => String(p.key)).join(".") || rootName;
  if (issue.type === "strict_object" && issue.expected === "never") {
    const nearest = nearestWord(String(issue.path?.at(-1)?.key ?? ""), knownKeys);
    return `${path}: unknown key${nearest ? `; did you mean ${nearest}?` : ""}`;
  }
  if (issue.received === "undefined") return `${path}: missing`;
  if (issue.type === "regex") return `${path}: ${issue.received} has the wrong form`;
  if (issue.type === "check") return `${path}: ${issue.message}`;
  return `${path}: ${issue.received} is not ${issue.expected ?? "allowed"}`;
}
