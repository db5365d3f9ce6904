import { main } from "./main.ts";
import { processTerminal } from "./terminal.ts";

/** Runs the process's own command line. */
export async function start(): Promise<void> {
  const code = await main(process.argv.slice(2), processTerminal());
  // An interrupt has set its own code (130, 143).
  process.exitCode ??= code;
}
