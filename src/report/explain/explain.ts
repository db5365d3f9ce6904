import { errors } from "./errors.ts";
import type { Explanation } from "./explanation.ts";
import { explainStatus, statuses } from "./http.ts";
import { explainRule, rules } from "./rules.ts";
import { explainUpstream, upstream } from "./upstream.ts";

/** The explanation of a code, and which kind of code it is. */
export interface Explained extends Explanation {
  code: string;
  kind: "rule" | "error" | "upstream" | "status" | "fix";
  /** For an upstream code: the second half of the local rule that should have caught it, or null. */
  rule?: string | null;
}

/** Explains a rule id, an error code, a code of the service or an HTTP status; null for anything else. */
export function explain(code: string): Explained | null {
  const rule = explainRule(code);
  if (rule) return { code, kind: "rule", ...rule };
  const error = explainError(code);
  if (error) return error;
  const found = explainUpstream(code);
  if (found) return { kind: "upstream", ...found };
  const status = explainStatus(code);
  return status && { kind: "status", ...status };
}

/** Explains an error code, also one that a rule shares; null for anything else. */
export function explainError(code: string): Explained | null {
  if (!Object.hasOwn(errors, code)) return null;
  return { code, kind: "error", ...errors[code as keyof typeof errors] };
}

/** All that a code stands for: `not-found` is a rule about URLs and an error. Empty for anything else. */
export function explainAll(code: string): Explained[] {
  const first = explain(code);
  const error = first?.kind === "rule" ? explainError(code) : null;
  return [first, error].filter((explained) => explained !== null);
}

/** Every code that can be explained, for suggestions. */
export function explainable(): string[] {
  return [...Object.keys(rules), ...Object.keys(errors), ...Object.keys(upstream), ...Object.keys(statuses)];
}
