import { commands } from "./commands/index.ts";
import type { ExitCode, Terminal } from "./io/terminal.ts";
import { runCommandLine } from "./run-command-line.ts";

/** Runs one command line of any command. Never throws: an error is one line on stderr and exit code 2. */
export function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommandLine(args, terminal, commands);
}
