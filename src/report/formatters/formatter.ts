import type { ErrorCode } from "../../errors.ts";
import type { Messages } from "../messages/en.ts";
import type { Report } from "../report.ts";
import type { SetReport } from "../set.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** A file that could not be checked. Every format shows it, and none as a pass. */
export interface Unchecked {
  schemaVersion: 1;
  file: string | null;
  verdict: null;
  error: { code: ErrorCode; message: string; hint: string | null };
}

/** The result for each file, in the order in which files are printed. */
export type FileResult = Report | Unchecked;

export interface FormatOptions {
  /** ANSI colours, text only. Default false. */
  color?: boolean | undefined;
  /** Columns to wrap at, text only. Default 80; Infinity never wraps. */
  width?: number | undefined;
  /** Leaves out files that passed without a note, text only. */
  quiet?: boolean | undefined;
  /** Shows facts and rules that passed, text only. */
  verbose?: boolean | undefined;
  /** false leaves out the summary line, text only. */
  summary?: boolean | undefined;
  messages?: Messages | undefined;
  /** This package's version, for formats that name their producer. */
  version?: string | undefined;
  /** The start time of the run, for formats that include it. Default: now. */
  started?: Date | undefined;
}

/** Results in, text out. Each part is complete lines, or empty. */
export interface Formatter {
  begin(): string;
  /** @param thumbnail a picture of the file, for formats that show one */
  outcome(outcome: FileResult, thumbnail?: Thumbnail | null): string;
  /** The findings on all files together (`check --set`), after the last file. */
  set(report: SetReport): string;
  end(): string;
}

export function isUnchecked(outcome: FileResult): outcome is Unchecked {
  return "error" in outcome;
}

/** Whether a set does not pass only because one of its files does not: the reasons are in that file's report. */
export function failsByFiles({ verdict, findings }: SetReport): boolean {
  return verdict !== "pass" && findings.length === 0;
}

/** The name of a set in formats that need a name. */
export function setName({ set }: SetReport): string {
  return `set ${set}`;
}
