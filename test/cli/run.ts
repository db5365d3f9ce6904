import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Terminal } from "../../src/cli/io/terminal.ts";
import { main } from "../../src/cli/main.ts";

/** The result of one command line. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface Setting {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: Uint8Array | string;
  color?: boolean;
  columns?: number;
  signal?: AbortSignal;
  onOut?: (text: string) => void;
}

/** Runs a command line in this process; its output is not a terminal. */
export async function ran(args: readonly string[], setting: Setting = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const terminal: Terminal = {
    out: (text) => {
      out += text;
      setting.onOut?.(text);
    },
    err: (text) => {
      err += text;
    },
    env: setting.env ?? {},
    stdin: Readable.from([Buffer.from(setting.stdin ?? "")]) as unknown as NodeJS.ReadStream,
    signal: setting.signal ?? new AbortController().signal,
    color: setting.color ?? false,
    columns: setting.columns ?? null,
    interactive: false,
  };
  const before = process.cwd();
  if (setting.cwd !== undefined) process.chdir(setting.cwd);
  try {
    const code = await main(args, terminal);
    return { code, out, err };
  } finally {
    process.chdir(before);
  }
}

export const fixtures: string = join(import.meta.dirname, "../../fixtures");
export const fixture = (name: string): string => join(fixtures, name);

/** Runs the program as a separate process. */
export function spawned(
  args: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    input?: string | Uint8Array;
    /** Milliseconds; the process is killed then, and its status is null. */
    timeout?: number;
    /** A command line for bash, instead of the program's arguments. */
    shell?: string;
  } = {},
): SpawnSyncReturns<string> {
  const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
  const command = options.shell === undefined ? process.execPath : "bash";
  return spawnSync(command, options.shell === undefined ? [program, ...args] : ["-c", options.shell], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    input: options.input as string,
    timeout: options.timeout,
    killSignal: "SIGKILL",
    encoding: "utf8",
  });
}

/** A temporary folder for one test file; call `remove` at the end. */
export function scratch(name: string): { path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `media-preflight-${name}-`)));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
