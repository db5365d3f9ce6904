import { check } from "./check/command.ts";
import { explain } from "./explain/command.ts";
import { hook } from "./hook/command.ts";
import { inspect } from "./inspect/command.ts";

/** The commands that send nothing and start nothing: half the program, and what the hook waits for. */
export const localCommands = { check, inspect, explain, hook };
