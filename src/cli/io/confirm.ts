import type { Terminal } from "./terminal.ts";

/** A yes from the keyboard; without one (a pipe, a script) it is no. */
export async function confirmed(question: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.interactive || !terminal.stdin.isTTY) return false;
  const { createInterface } = await import("node:readline/promises");
  const { stdin, signal } = terminal;
  const lines = createInterface({ input: stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    lines.close();
  }
}
