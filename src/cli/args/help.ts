import { wrap } from "../../report/formatters/text.ts";
import { commands } from "../commands/index.ts";
import type { Command } from "./command.ts";
import type { Flag, Flags } from "./parse.ts";

/** The overview: `media-preflight --help`. */
export function overview(): string {
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
  const rows = Object.entries(flags).map(([flag, f]) => [spelled(flag, f), described(f)] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  const examples = command.examples.map(([line, does]) => `  # ${does}\n  ${line}`);
  const notes = command.notes?.length ? `\n${command.notes.join("\n")}\n` : "";
  return `media-preflight ${name}: ${command.summary}

Usage: media-preflight ${name} ${command.usage} [flag]…

${rows.map(([left, right]) => hanging(`  ${left.padEnd(width)}  `, right)).join("\n")}

Examples:
${examples.join("\n")}
${notes}`.replaceAll("  [flag]", " [flag]");
}

/** Help is wrapped at this width, whatever the terminal: longer lines are hard to read. */
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
