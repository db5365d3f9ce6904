import type { Terminal } from "./terminal.ts";

/** A line on stderr that is drawn over itself: only on a terminal, only for work that takes a while. */
export interface ProgressLine {
  /** Shows `text`, at most ten times a second. */
  show(text: () => string): void;
  /** Takes the line away, so that other output starts on a clean one. */
  clear(): void;
}

const delayMs = 400;
const intervalInMilliseconds = 100;

export function progressLine(terminal: Terminal): ProgressLine {
  if (!terminal.interactive) return { show: () => {}, clear: () => {} };
  const started = performance.now();
  let last = 0;
  let drawn = false;
  return {
    show(text) {
      const now = performance.now();
      if (now - started < delayMs || now - last < intervalInMilliseconds) return;
      last = now;
      drawn = true;
      terminal.err(`\r\x1b[2K${text().slice(0, (terminal.columns ?? 80) - 1)}`);
    },
    clear() {
      if (drawn) terminal.err("\r\x1b[2K");
      drawn = false;
      last = 0;
    },
  };
}
