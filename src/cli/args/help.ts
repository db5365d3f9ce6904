import { wrap } from "../../report/formatters/wrap.ts";
import type { CommandTable } from "../run-command-line.ts";
import type { Command } from "./command.ts";
import type { Flag, Flags } from "./parse.ts";

/** The overview: `media-preflight --help`. */
export function overview(commands: CommandTable): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return `Check media files against a service's published limits before uploading them.

Usage: media-preflight COMMAND [argument]… [flag]…

${Object.entries(commands)
  .map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`)
  .join("\n")}

Run media-preflight COMMAND --help for details, media-preflight --version for the version.
`;
}

/** One command's help. */
export function commandHelp(name: string, command: Command, flags: Flags): string {
  const width = Math.max(...Object.entries(flags).map(([flag, f]) => spelled(flag, f).length));
  const list = (isListed: (flag: string) => boolean): string =>
    Object.entries(flags)
      .filter(([flag]) => isListed(flag))
      .map(([flag, f]) => hanging(`  ${spelled(flag, f).padEnd(width)}  `, described(f)))
      .join("\n");
  const own = (flag: string): boolean => Object.hasOwn(command.flags, flag);
  const more = command.moreFlags ? `\n\n${command.moreFlagsAbout}\n\n${list((flag) => !own(flag))}` : "";
  const examples = command.examples.map(([line, does]) => `  # ${does}\n  ${line}`);
  const notes = command.notes?.length ? `\n${command.notes.join("\n")}\n` : "";
  return `media-preflight ${name}: ${command.summary}

Usage: media-preflight ${name} ${command.usage} [flag]…

${list(own)}${more}

Examples:
${examples.join("\n")}
${notes}`.replaceAll("  [flag]", " [flag]");
}

/** Columns at which help is wrapped, also in wider terminals: longer lines are hard to read. */
const columns = 100;

function hanging(head: string, text: string): string {
  return wrap(text, Math.max(columns - head.length, 30))
    .map((line, i) => (i === 0 ? head : " ".repeat(head.length)) + line)
    .join("\n");
}

function spelled(name: string, flag: Flag): string {
  const value =
    flag.kind === "switch" ? "" : flag.kind === "optional-value" ? `[=${flag.value}]` : ` ${flag.value}`;
  return `${flag.short ? `-${flag.short}, ` : "    "}--${name}${value}`;
}

function described(flag: Flag): string {
  return flag.choices ? `${flag.help} (${flag.choices.join(", ")})` : flag.help;
}
