import type { ErrorCode } from "../../errors.ts";
import type { Messages } from "../messages/en.ts";
import type { Report } from "../report.ts";

/** A file that could not be checked: it is in every output, and in none of them as a pass. */
export interface Unchecked {
  schemaVersion: 1;
  file: string | null;
  verdict: null;
  error: { code: ErrorCode; message: string; hint: string | null };
}

/** What a formatter is given, in the order in which it is printed. */
export type FileResult = Report | Unchecked;

export interface FormatOptions {
  /** ANSI colours, text only. Default false. */
  color?: boolean | undefined;
  /** Columns to wrap at, text only. Default 80; Infinity never wraps. */
  width?: number | undefined;
  /** Leaves out what passed without a note, text only. */
  quiet?: boolean | undefined;
  /** Shows facts and rules that passed, text only. */
  verbose?: boolean | undefined;
  /** Leaves out the summary line, text only. */
  summary?: boolean | undefined;
  messages?: Messages | undefined;
  /** This package's version, for formats that name their producer. */
  version?: string | undefined;
  /** When the run began, for formats that say so. Default: now. */
  started?: Date | undefined;
}

/** Outcomes in, text out: each part is complete lines, or empty. */
export interface Formatter {
  begin(): string;
  outcome(outcome: FileResult): string;
  end(): string;
}

export function isUnchecked(outcome: FileResult): outcome is Unchecked {
  return "error" in outcome;
}
