import type { Command } from "../args/command.ts";
import { assets } from "./assets/command.ts";
import { check } from "./check/command.ts";
import { emulator } from "./emulator/command.ts";
import { explain } from "./explain/command.ts";
import { fix } from "./fix/command.ts";
import { generate } from "./generate/command.ts";
import { hook } from "./hook/command.ts";
import { inspect } from "./inspect/command.ts";
import { ledger } from "./ledger/command.ts";
import { push } from "./push/command.ts";
import { queue } from "./queue/command.ts";
import { rules } from "./rules/command.ts";

const table = { check, fix, push, inspect, assets, generate, explain, rules, hook, queue, ledger, emulator };

export type CommandName = keyof typeof table;

/** Every command, in the order of the overview. To add one: a folder with command.ts and run.ts, and its name here. */
export const commands: Readonly<Record<CommandName, Command>> = table;
