import { parseArgs } from "node:util";
import { MediaPreflightError } from "../../errors.ts";
import { nearestWord } from "../../validation/nearest-word.ts";

/** One flag: parsing, help and completion all read this row. */
export interface Flag {
  kind: "switch" | "value" | "values" | "optional-value";
  /** What stands for the value in help: FILE, N, … */
  value?: string;
  choices?: readonly string[];
  short?: string;
  help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What the user gave: switches as true, values as text, repeated ones as a list. */
export interface Parsed {
  positionals: string[];
  switches: ReadonlySet<string>;
  values: Readonly<Record<string, string>>;
  lists: Readonly<Record<string, string[]>>;
}

/** Stands for an optional value that was left out. */
export const leftOut = "";

/**
 * Reads the arguments of one command by its table.
 * @throws MediaPreflightError `usage`, with the nearest known flag or choice
 */
export function parseFlags(args: readonly string[], flags: Flags, command: string): Parsed {
  const raw = parseArgs({
    args: args.map((arg, i) => fillOptional(arg, flags, args.indexOf("--") !== -1 && i > args.indexOf("--"))),
    options: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [
        name,
        {
          type: flag.kind === "switch" ? ("boolean" as const) : ("string" as const),
          multiple: flag.kind === "values",
          ...(flag.short ? { short: flag.short } : {}),
        },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const switches = new Set<string>();
  const values: Record<string, string> = {};
  const lists: Record<string, string[]> = {};
  for (const token of raw.tokens) {
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (!flag) throw unknownFlag(token.rawName, flags, command);
    if (flag.kind === "switch") {
      if (token.value !== undefined) throw usage(`${token.rawName} takes no value`, command);
      switches.add(token.name);
      continue;
    }
    const value = token.value;
    // parseArgs takes a following flag for the value; `--type --strict` is a slip.
    if (value === undefined || (!token.inlineValue && value.length > 1 && value.startsWith("-"))) {
      throw usage(`${token.rawName} needs a value: ${token.rawName} ${flag.value ?? "VALUE"}`, command);
    }
    if (flag.choices && !flag.choices.includes(value)) {
      const near = nearestWord(value, flag.choices);
      throw usage(
        `${token.rawName} is one of ${flag.choices.join(", ")}, not "${value}"${near ? ` (did you mean ${near}?)` : ""}`,
        command,
      );
    }
    if (flag.kind === "values") lists[token.name] = [...(lists[token.name] ?? []), value];
    else values[token.name] = value;
  }
  return { positionals: raw.positionals, switches, values, lists };
}

/** A usage error that names the command's help. */
export function usage(message: string, command: string): MediaPreflightError {
  return new MediaPreflightError("usage", message, {
    hint: `see media-preflight ${command} --help`.replace("  ", " "),
  });
}

/** A whole number within bounds, from a flag. */
export function wholeNumber(
  text: string | undefined,
  flag: string,
  bounds: { min: number; max: number; default: number },
  command: string,
): number {
  if (text === undefined) return bounds.default;
  const n = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(n >= bounds.min && n <= bounds.max)) {
    throw usage(`--${flag} is a whole number from ${bounds.min} to ${bounds.max}, not "${text}"`, command);
  }
  return n;
}

function fillOptional(arg: string, flags: Flags, afterEnd: boolean): string {
  const name = arg.slice(2);
  const optional =
    !afterEnd && arg.startsWith("--") && Object.hasOwn(flags, name) && flags[name]?.kind === "optional-value";
  return optional ? `${arg}=${leftOut}` : arg;
}

function unknownFlag(rawName: string, flags: Flags, command: string): MediaPreflightError {
  const near = nearestWord(rawName.replace(/^-+/, ""), Object.keys(flags));
  return usage(`unknown flag ${rawName}${near ? ` (did you mean --${near}?)` : ""}`, command);
}
