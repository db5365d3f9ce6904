import type { ExitCode, Terminal } from "../io/terminal.ts";
import type { Flags, Parsed } from "./parse.ts";

/** What a command's module exports as `run`. */
export type Run = (args: Parsed, terminal: Terminal) => Promise<ExitCode>;

/** One command: a row of the table in commands/index.ts. */
export interface Command {
  /** One line, for the overview. */
  summary: string;
  /** What follows the command's name. */
  usage: string;
  flags: Flags;
  /** Flags that are a table of their own elsewhere, loaded when the command is. */
  moreFlags?: () => Promise<Flags>;
  /** What those flags are for, above their list in the help. */
  moreFlagsAbout?: string;
  /** Command lines to copy, each with what it does. */
  examples: readonly (readonly [line: string, does: string])[];
  /** Further lines of text. */
  notes?: readonly string[];
  load: () => Promise<{ run: Run }>;
}
