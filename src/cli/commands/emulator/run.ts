import {
  type EmulatorOptions,
  emulatorToggles,
  type LogLine,
  startEmulator,
} from "../../../emulator/index.ts";
import type { Run } from "../../args/command.ts";
import { type Flag, type Flags, type Parsed, usage, wholeNumber } from "../../args/parse.ts";

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type Toggle = keyof typeof emulatorToggles;
interface Row {
  type: "boolean" | "number" | "string" | "rate" | "list";
  about: string;
  choices?: readonly string[];
}
const toggles = Object.entries(emulatorToggles) as [Toggle, Row][];

/** The emulator's toggles as flags: what they are is written down beside them. */
export const toggleFlags: Flags = Object.fromEntries(
  toggles.map(([name, row]): [string, Flag] => [
    kebab(name),
    row.type === "boolean"
      ? { kind: "switch", help: row.about }
      : {
          kind: "value",
          value:
            row.type === "rate"
              ? "N|CHANCE"
              : row.type === "number"
                ? "N"
                : row.type === "list"
                  ? "A,B"
                  : "TEXT",
          help: row.about,
          ...(row.choices && row.type === "string" ? { choices: row.choices } : {}),
        },
  ]),
);

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`emulator takes no argument ${args.positionals[0]}`, "emulator");
  const port = wholeNumber(args.values.port, "port", { min: 0, max: 65_534, default: 0 }, "emulator");
  const consolePort = args.values["console-port"];
  const emulator = await startEmulator({
    ...given(args),
    port,
    consolePort:
      consolePort === undefined
        ? undefined
        : wholeNumber(consolePort, "console-port", { min: 0, max: 65_535, default: 0 }, "emulator"),
    store: args.values.store,
    limits: args.values.limits as EmulatorOptions["limits"],
    allowFetch: args.switches.has("allow-fetch"),
    onRequest: args.switches.has("quiet") ? undefined : (line) => terminal.err(logged(line)),
  });
  terminal.out(
    `ATLASCLOUD_API_BASE_URL=${emulator.apiBaseUrl}\nATLASCLOUD_CONSOLE_BASE_URL=${emulator.consoleBaseUrl}\n`,
  );
  terminal.err("any key will do (ATLASCLOUD_API_KEY=test); Ctrl-C ends it\n");
  await new Promise<void>((resolve) => {
    if (terminal.signal.aborted) resolve();
    terminal.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await emulator.close();
  // Ctrl-C is how an emulator is ended: that is success.
  process.exitCode = 0;
  return 0;
};

function logged(line: LogLine): string {
  const status = line.status === 0 ? "cut" : line.status;
  return `${line.time} ${line.host} ${line.method} ${line.path} ${status} ${line.ms} ms${line.fault ? ` (${line.fault})` : ""}\n`;
}

function given(args: Parsed): EmulatorOptions {
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
  if (row.type === "list") {
    const words = text.split(",").filter(Boolean);
    return words;
  }
  const n = text === "always" ? Number.POSITIVE_INFINITY : Number(text);
  if (text === "" || !(n >= 0)) throw usage(`--${flag} is a number, not "${text}"`, "emulator");
  return n;
}
