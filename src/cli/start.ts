import { processTerminal } from "./io/terminal.ts";
import { main } from "./main.ts";
import { trail } from "./trail.ts";

/** Runs the process's own command line; gives the ways that it took. */
export async function start(): Promise<ReadonlySet<string>> {
  const code = await main(process.argv.slice(2), processTerminal());
  // An interrupt has set its own code (130, 143).
  process.exitCode ??= code;
  return trail;
}
