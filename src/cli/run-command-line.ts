import { MediaPreflightError } from "../errors.ts";
import { nearestWord } from "../validation/nearest-word.ts";
import type { Command } from "./args/command.ts";
import { parseFlags, usage } from "./args/parse.ts";
import type { ExitCode, Terminal } from "./io/terminal.ts";

/** Commands by name. */
export type CommandTable = Readonly<Record<string, Command>>;

/** Runs one command line of the commands given. Never throws: an error is one line on stderr and exit code 2. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  commands: CommandTable,
): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal, commands);
  } catch (error) {
    return await reportError(error, terminal);
  }
}

async function dispatch(
  args: readonly string[],
  terminal: Terminal,
  commands: CommandTable,
): Promise<ExitCode> {
  const [name = "--help", ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    const { overview } = await import("./args/help.ts");
    const topic = rest[0];
    if (topic !== undefined && Object.hasOwn(commands, topic))
      return await dispatch([topic, "--help"], terminal, commands);
    if (name === "help" && topic !== undefined) throw unknownCommand(topic, Object.keys(commands));
    if (args.length === 0) throw usage("no command given: check, push, inspect, …", "");
    terminal.out(overview(commands));
    return 0;
  }
  if (name === "--version" || name === "-V") {
    const { version } = await import("./version.ts");
    terminal.out(`${version}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw unknownCommand(name, Object.keys(commands));
  const flags = command.moreFlags ? { ...command.flags, ...(await command.moreFlags()) } : command.flags;
  const parsed = parseFlags(rest, flags, name);
  if (parsed.switches.has("help")) {
    const { commandHelp } = await import("./args/help.ts");
    terminal.out(commandHelp(name, command, flags));
    return 0;
  }
  const { run } = await command.load();
  return await run(parsed, terminal);
}

function unknownCommand(name: string, known: readonly string[]): MediaPreflightError {
  const near = nearestWord(name, known);
  const also = near ? ` (did you mean ${near}?)` : /[./*]/.test(name) ? ` (did you mean check ${name}?)` : "";
  return usage(`unknown ${name.startsWith("-") ? "flag" : "command"} ${name}${also}`, "");
}

async function reportError(error: unknown, terminal: Terminal): Promise<ExitCode> {
  if (terminal.signal.aborted) return 2;
  if (error instanceof MediaPreflightError) {
    const { errorLine } = await import("./io/stderr-line.ts");
    terminal.err(errorLine(error));
    return 2;
  }
  // A defect of this program: a bug report needs the stack.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`media-preflight: a bug in media-preflight; please report it with what follows\n${stack}\n`);
  return 2;
}
