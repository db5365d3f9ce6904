#!/usr/bin/env node
import { processTerminal } from "./io/terminal.ts";
import { main } from "./main.ts";

// Not awaited at the top level, which CommonJS does not allow; main never throws.
void main(process.argv.slice(2), processTerminal()).then((code) => {
  // An interrupt has set its own code (130, 143).
  process.exitCode ??= code;
});
