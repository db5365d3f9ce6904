import type { Reading } from "../facts/evidence.ts";
import type { Facts } from "../facts/facts.ts";
import type { Kind } from "../facts/formats.ts";
import type { Limit } from "../rules/limit.ts";
import type { Unit } from "../rules/properties.ts";
import type { Reason, Verdict } from "../rules/verdict.ts";
import type { FindingText } from "./describe/describe.ts";

export type { Reason, Verdict };

/**
 * A limit as it was applied, in the finding's unit: the operators of a rule table. `or` holds further readings of
 * it (50 MB as 52,428,800 bytes) if they matter for the verdict.
 */
export type AppliedLimit = Limit & { or?: readonly Limit[] | undefined };

/** What every finding has. */
export interface FindingBase {
  /** Stable: `<type>/<rule>`, `url/…` or `set/…`. */
  rule: string;
  actual: number | string | null;
  limit: AppliedLimit | null;
  /** The unit of `actual` and `limit`: px, s, fps, B, Hz or bit/s; null for text and plain numbers. */
  unit: Unit | null;
  /** What was found, with the arithmetic, in the requested language. */
  message: string;
  /** What to do next, or null. */
  hint: string | null;
  /** All readings, if there is more than one. */
  readings: Reading[];
  /** Message and hint as keys and values, from which `describeFinding` makes them in another language. */
  text: FindingText;
  /** Set by configuration, baseline or option: this finding does not change `check`'s exit status. */
  accepted?: { by: "config" | "baseline" | "option"; reason: string | null; until: string | null };
}

/** A rule that passed, or information that never blocks. */
export interface PassingFinding extends FindingBase {
  verdict: "pass" | "note";
  reason?: undefined;
}

/** The value is outside its limit under every reading. */
export interface LimitFinding extends FindingBase {
  verdict: "fail";
  reason: "limit";
}

/** Readings lie on both sides of the limit: of the file in `readings`, or of the limit in `limit.or`. */
export interface ReadingFinding extends FindingBase {
  verdict: "unsure";
  reason: "reading";
}

/** The value could not be read. */
export interface UnreadFinding extends FindingBase {
  verdict: "unsure";
  reason: "unread";
}

/** Bytes are missing or contradict each other; `unsure` if that is only suspected. */
export interface DamagedFinding extends FindingBase {
  verdict: "fail" | "unsure";
  reason: "damaged";
}

/** One rule's outcome, by `reason`. */
export type Finding = PassingFinding | LimitFinding | ReadingFinding | UnreadFinding | DamagedFinding;

/** A finding that keeps a file from passing. */
export type BlockingFinding = Exclude<Finding, PassingFinding>;

/** The JSON report. */
export interface Report {
  schemaVersion: 1;
  /** The name or path as given; null for bytes without a name. */
  file: string | null;
  /** The worst of the findings. */
  verdict: Verdict;
  /** Whether the file may be sent: it passed, or `acceptUnsure` accepts every blocking finding. */
  readonly ok: boolean;
  /** The declared type, otherwise the detected kind. */
  type: Kind | null;
  /** The rule table's id. */
  rules: string;
  limits: "documented" | "observed";
  facts: Facts;
  findings: Finding[];
}
