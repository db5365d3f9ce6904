import type { Asset } from "../../../atlas/types.ts";
import type { Finding, Report } from "../../../report/report.ts";

/**
 * Where a file is. waiting → checking → checked | unreadable | unchecked; checked → queued → sending → processing → sent;
 * from queued on it may also become stopped, from which it can be queued again. Unchecked: a part of the program could
 * not be loaded; it can be checked again.
 */
export type Stage =
  | "waiting"
  | "checking"
  | "checked"
  | "unreadable"
  | "unchecked"
  | "queued"
  | "sending"
  | "processing"
  | "stopped"
  | "sent";

/** What could not be done with a file: an error's code and words. */
export interface Problem {
  code: string;
  message: string;
  hint: string | null;
}

/** Bytes sent so far. */
export interface Transfer {
  loaded: number;
  total: number;
}

/** One file in the element. */
export interface Item {
  readonly file: File;
  stage: Stage;
  /** As listeners get it: without the rules that passed. */
  report: Report | null;
  /** Every rule's outcome, for the limit bars. */
  findings: readonly Finding[];
  /** Whether it may be sent. */
  sendable: boolean;
  problem: Problem | null;
  transfer: Transfer | null;
  /** Share of the file that has been hashed, 0 – 1, while that precedes the upload. */
  hashed: number | null;
  asset: Asset | null;
  /** Known as soon as it is registered; sending it again then only waits for it. */
  assetId: string | null;
  /** Whether it was being sent when the page was reloaded: it is sent as soon as it has passed again. */
  continues: boolean;
  /** Whether sending it waits for the network. */
  offline: boolean;
  /** Stops what is being done with it. */
  abort: AbortController | null;
  /** What this copy was made of, if it is one. */
  readonly original: Item | null;
}

export const newItem = (file: File, original: Item | null = null): Item => ({
  file,
  original,
  stage: "waiting",
  report: null,
  findings: [],
  sendable: false,
  problem: null,
  transfer: null,
  hashed: null,
  asset: null,
  assetId: null,
  continues: false,
  offline: false,
  abort: null,
});

/** The error as a page may show it. */
export function problemOf(error: unknown): Problem {
  const { code, message, hint } = (error ?? {}) as Partial<Problem>;
  return { code: String(code ?? "unreadable"), message: message ?? String(error), hint: hint ?? null };
}

/** Identifies a file: the same file given twice has the same key. */
export const fileKey = ({ name, size, lastModified, webkitRelativePath }: File): string =>
  [webkitRelativePath || name, size, lastModified].join("|");

export const isUploading = ({ stage }: Item): boolean => stage === "queued" || stage === "sending";
/** Whether leaving the page would lose something. */
export const isInFlight = (item: Item): boolean => isUploading(item) || item.stage === "processing";
export const canBeSent = ({ sendable, stage }: Item): boolean =>
  sendable && (stage === "checked" || stage === "stopped");
/** Whether it will not be sent as it is. */
export const needsFixing = ({ stage, sendable }: Item): boolean =>
  stage === "unreadable" || (stage === "checked" && !sendable);
