import { errors } from "./errors.ts";
import type { Explanation } from "./explanation.ts";
import { explainRule, rules } from "./rules.ts";
import { explainUpstream, upstream } from "./upstream.ts";

/** A code in plain words, and what kind of code it is. */
export interface Explained extends Explanation {
  code: string;
  of: "rule" | "error" | "upstream";
  /** Of an upstream code: second half of the local rule that should have caught it, or null. */
  rule?: string | null;
}

/** A rule id, an error code of this package or a code of the service, in plain words; null where it is none. */
export function explain(code: string): Explained | null {
  const rule = explainRule(code);
  if (rule) return { code, of: "rule", ...rule };
  if (Object.hasOwn(errors, code)) return { code, of: "error", ...errors[code as keyof typeof errors] };
  const found = explainUpstream(code);
  return found ? { of: "upstream", ...found } : null;
}

/** Every code that can be explained, for suggestions. */
export function explainable(): string[] {
  return [...Object.keys(rules), ...Object.keys(errors), ...Object.keys(upstream)];
}
