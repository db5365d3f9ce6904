import type { Facts, Reading } from "../facts/evidence.ts";
import type { Kind } from "../facts/formats.ts";
import type { Reason, Verdict } from "../rules/verdict.ts";

export type { Reason, Verdict };

/**
 * A limit as it was applied, in the finding's unit: the operators of a rule table. `or` holds further readings of
 * it (50 MB as 52,428,800 bytes) where they decided.
 */
export type AppliedLimit = Readonly<Record<string, unknown>>;

/** One rule's outcome. `note` informs and never blocks. */
export interface Finding {
  /** Stable: `<type>/<rule>`. */
  rule: string;
  verdict: Verdict | "note";
  /** Set where the finding blocks. */
  reason?: Reason;
  actual: number | string | null;
  limit: AppliedLimit | null;
  unit: string | null;
  /** What and why, with the arithmetic; in the locale asked for. */
  message: string;
  /** What to do next, or null. */
  hint: string | null;
  /** All claims, where there is more than one. */
  readings: Reading[];
  /** Set by configuration: this finding does not change `check`'s exit status. */
  accepted?: { by: "config" | "baseline" | "option"; reason: string | null; until: string | null };
}

/** The JSON report. */
export interface Report {
  schemaVersion: 1;
  /** The name or path as given; null for nameless bytes. */
  file: string | null;
  verdict: Verdict;
  /** Whether the file may be sent: it passed, or everything that blocks was accepted by `acceptUnsure`. */
  readonly ok: boolean;
  /** The declared type, else the sniffed kind. */
  type: Kind | null;
  /** The rule table's id. */
  rules: string;
  limits: "documented" | "observed";
  facts: Facts;
  findings: Finding[];
}
