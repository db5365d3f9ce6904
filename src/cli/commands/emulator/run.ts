import {
  type EmulatorOptions,
  emulatorToggles,
  type LogLine,
  startEmulator,
} from "../../../emulator/index.ts";
import { escapeControls } from "../../../report/escape.ts";
import type { Run } from "../../args/command.ts";
import { type Flag, type Flags, type Parsed, usage, wholeNumber } from "../../args/parse.ts";
import { statusLine } from "../../io/stderr-line.ts";

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type Toggle = keyof typeof emulatorToggles;
interface Row {
  type: "boolean" | "number" | "string" | "rate" | "list";
  about: string;
  choices?: readonly string[];
}
const toggles = Object.entries(emulatorToggles) as [Toggle, Row][];

const placeholders = { number: "N", rate: "N|CHANCE", list: "A,B", string: "TEXT" } as const;

/** The emulator's toggles as flags. */
export const toggleFlags: Flags = Object.fromEntries(
  toggles.map(([name, row]): [string, Flag] => [kebab(name), flagOf(row)]),
);

function flagOf({ type, about, choices }: Row): Flag {
  if (type === "boolean") return { kind: "switch", help: about };
  const flag = { kind: "value", value: placeholders[type], help: about } as const;
  return choices && type === "string" ? { ...flag, choices } : flag;
}

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`emulator takes no argument ${args.positionals[0]}`, "emulator");
  const emulator = await startEmulator({
    ...togglesOf(args),
    port: portOf(args, "port", 65_534) ?? 0,
    consolePort: portOf(args, "console-port", 65_535),
    key: args.values.key,
    store: args.values.store,
    limits: args.values.limits as EmulatorOptions["limits"],
    allowFetch: args.switches.has("allow-fetch"),
    onRequest: args.switches.has("quiet") ? undefined : (line) => terminal.err(logLine(line)),
  });
  terminal.out(
    `ATLASCLOUD_API_BASE_URL=${emulator.apiBaseUrl}\nATLASCLOUD_CONSOLE_BASE_URL=${emulator.consoleBaseUrl}\n`,
  );
  const key = args.values.key ? "it accepts only the key given by --key" : "it accepts any key";
  terminal.err(statusLine(`${key}, in ATLASCLOUD_API_KEY; Ctrl-C ends it`));
  await aborted(terminal.signal);
  await emulator.close();
  // Ctrl-C is how an emulator is ended: that is success.
  process.exitCode = 0;
  return 0;
};

function portOf(args: Parsed, flag: string, max: number): number | undefined {
  const text = args.values[flag];
  return text === undefined ? undefined : wholeNumber(text, flag, { min: 0, max, default: 0 }, "emulator");
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** One request, as a line of the log: time, host, method, path, status, duration. */
function logLine(line: LogLine): string {
  const status = line.status === 0 ? "cut" : line.status;
  const fault = line.fault ? ` (${line.fault})` : "";
  return `${line.time} ${line.host} ${line.method} ${escapeControls(line.path)} ${status} ${line.ms} ms${fault}\n`;
}

function togglesOf(args: Parsed): EmulatorOptions {
  const options: Record<string, unknown> = {};
  for (const [name, row] of toggles) {
    const flag = kebab(name);
    const text = args.values[flag];
    if (args.switches.has(flag)) options[name] = true;
    else if (text !== undefined) options[name] = toggleValue(row, text, flag);
  }
  return options;
}

function toggleValue(row: Row, text: string, flag: string): number | string | string[] {
  if (row.type === "string") return text;
  if (row.type === "list") return text.split(",").filter(Boolean);
  const n = text === "always" ? Number.POSITIVE_INFINITY : Number(text);
  if (text === "" || !(n >= 0)) throw usage(`--${flag} is a number, not "${text}"`, "emulator");
  return n;
}
