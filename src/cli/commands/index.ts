import type { Command } from "../args/command.ts";
import { assets } from "./assets/command.ts";
import { emulator } from "./emulator/command.ts";
import { fix } from "./fix/command.ts";
import { generate } from "./generate/command.ts";
import { ledger } from "./ledger/command.ts";
import { localCommands } from "./local.ts";
import { mcp } from "./mcp/command.ts";
import { push } from "./push/command.ts";
import { queue } from "./queue/command.ts";
import { rules } from "./rules/command.ts";
import { storage } from "./storage/command.ts";

const { check, inspect, explain, hook } = localCommands;

const table = {
  check,
  fix,
  push,
  inspect,
  assets,
  generate,
  explain,
  rules,
  hook,
  queue,
  ledger,
  storage,
  mcp,
  emulator,
};

export type CommandName = keyof typeof table;

/** Every command, in the order of the overview. To add one: a folder with command.ts and run.ts, and its name here or in local.ts. */
export const commands: Readonly<Record<CommandName, Command>> = table;
