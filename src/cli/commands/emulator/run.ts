import {
  type EmulatorOptions,
  emulatorToggles,
  type LogLine,
  type RunningEmulator,
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
  if (type === "list")
    return {
      kind: "value",
      value: placeholders.list,
      help: `${about} (${choices?.join(", ")}); default: all`,
    };
  const flag = { kind: "value", value: placeholders[type], help: about } as const;
  return choices && type === "string" ? { ...flag, choices } : flag;
}

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`emulator takes no argument ${args.positionals[0]}`, "emulator");
  const emulator = await startEmulator({
    ...togglesOf(args),
    port: portOf(args, "port", 65_533) ?? 0,
    consolePort: portOf(args, "console-port", 65_535),
    bucketPort: portOf(args, "bucket-port", 65_535),
    bucket: bucketOf(args),
    key: args.values.key,
    store: args.values.store,
    rules: args.values.rules,
    limits: args.values.limits as EmulatorOptions["limits"],
    allowFetch: args.switches.has("allow-fetch"),
    onRequest: args.switches.has("quiet") ? undefined : (line) => terminal.err(logLine(line)),
  });
  terminal.out(variables(emulator));
  const key = args.values.key ? "it accepts only the key given by --key" : "it accepts any key";
  terminal.err(statusLine(`${key}, in ATLASCLOUD_API_KEY; Ctrl-C ends it`));
  await aborted(terminal.signal);
  await emulator.close();
  // Ctrl-C is how an emulator is ended: that is success.
  process.exitCode = 0;
  return 0;
};

/** Shell commands that set the environment of a program that is to use the emulator. The credentials are the published test ones. */
function variables({ apiBaseUrl, consoleBaseUrl, bucket }: RunningEmulator): string {
  const lines = { ATLASCLOUD_API_BASE_URL: apiBaseUrl, ATLASCLOUD_CONSOLE_BASE_URL: consoleBaseUrl };
  const aws = bucket && {
    AWS_ENDPOINT_URL_S3: bucket.endpoint,
    AWS_REGION: bucket.region,
    AWS_ACCESS_KEY_ID: bucket.accessKeyId,
    AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
  };
  return Object.entries({ ...lines, ...aws })
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join("");
}

function bucketOf({ values }: Parsed): EmulatorOptions["bucket"] {
  const { bucket: name, "bucket-cors": origins } = values;
  if (name === undefined && (origins ?? values["bucket-port"]) !== undefined)
    throw usage("--bucket-port and --bucket-cors need --bucket NAME", "emulator");
  if (name === undefined) return undefined;
  const allowedOrigins = origins?.split(",").filter(Boolean) ?? [];
  if (allowedOrigins.length === 0) return name;
  const rule = {
    allowedOrigins,
    allowedMethods: ["PUT", "GET", "HEAD"],
    allowedHeaders: ["*"],
    exposeHeaders: ["ETag", "x-amz-checksum-sha256"],
    maxAgeSeconds: 3000,
  };
  return { name, cors: [rule] };
}

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
  const fault = line.fault ? ` (${line.fault})` : line.code ? ` (${line.code})` : "";
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
