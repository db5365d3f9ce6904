import type { Asset, Progress } from "../../atlas/types.ts";
import type { Finding, Report } from "../../report/report.ts";

/**
 * Where a file is: waiting → checking → checked | unreadable; checked → sending → sent | stopped; stopped → sending.
 */
export type Stage = "waiting" | "checking" | "checked" | "unreadable" | "sending" | "stopped" | "sent";

/** What could not be done with a file: a code of errors.ts, in words. */
export interface Problem {
  code: string;
  message: string;
  hint: string | null;
}

/** One file on its way. */
export interface Item {
  readonly file: File;
  stage: Stage;
  /** As the page gets it: what passed is left out. */
  report: Report | null;
  /** Every rule's outcome, for the bars. */
  all: readonly Finding[];
  /** Whether it may be sent. */
  open: boolean;
  problem: Problem | null;
  progress: Progress | null;
  asset: Asset | null;
  /** Stops what is being done with it. */
  abort: AbortController | null;
}

export const newItem = (file: File): Item => ({
  file,
  stage: "waiting",
  report: null,
  all: [],
  open: false,
  problem: null,
  progress: null,
  asset: null,
  abort: null,
});

/** The error as a page may show it. */
export function problemOf(error: unknown): Problem {
  // What a bundle's further parts fail with, where the network is gone.
  if (error instanceof TypeError)
    return { code: "network", message: "the connection was lost: try again when it is back", hint: null };
  const { code, message, hint } = error as Partial<Problem>;
  return { code: String(code ?? "unreadable"), message: message ?? String(error), hint: hint ?? null };
}

/** The same file given twice. */
export const sameFile = (a: File, b: File): boolean =>
  a.name === b.name &&
  a.size === b.size &&
  a.lastModified === b.lastModified &&
  a.webkitRelativePath === b.webkitRelativePath;
