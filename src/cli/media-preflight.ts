#!/usr/bin/env node
import { main } from "./main.ts";
import { processTerminal } from "./terminal.ts";

const code = await main(process.argv.slice(2), processTerminal());
// An interrupt has set its own code (130, 143).
process.exitCode ??= code;
