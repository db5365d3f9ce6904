#!/usr/bin/env node
import { localCommands } from "./commands/local.ts";
import { type ExitCode, processTerminal } from "./io/terminal.ts";
import { runCommandLine } from "./run-command-line.ts";

/** The other commands are a file of their own in the package: compiling them would double the time of a check. */
async function run(args: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal();
  if (Object.hasOwn(localCommands, args[0] ?? "")) return runCommandLine(args, terminal, localCommands);
  try {
    const { main } = await import("./main.ts");
    return await main(args, terminal);
  } catch (error) {
    // main never throws: its file is missing or cannot be read.
    terminal.err(
      `media-preflight: its file main.js cannot be loaded (${(error as Error).message}) → install it again\n`,
    );
    return 2;
  }
}

// Not awaited at the top level, which CommonJS does not allow; run never throws.
void run(process.argv.slice(2)).then((code) => {
  // An interrupt has set its own code (130, 143).
  process.exitCode ??= code;
});
