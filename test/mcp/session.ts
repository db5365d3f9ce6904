import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/* The official client and a `media-preflight mcp` process; the emulator of the service is a process of its own. */

const source = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
export const secretKey = "sk-a-key-that-nobody-may-see";

export interface Session {
  client: Client;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<CallToolResult>;
  /** Everything that the server wrote: each message of the protocol as JSON, and standard error. */
  written(): { messages: string; stderr: string };
  /**
   * The progress notifications so far, of calls with `onprogress`. Read from the transport: the client drops those
   * that arrive together with the result.
   */
  progress(): readonly { progress: number; total?: number; message?: string }[];
  close(): Promise<void>;
}

type CallOptions = Parameters<Client["callTool"]>[1];

interface Setting {
  cwd: string;
  args?: readonly string[];
  env?: Record<string, string>;
  program?: string;
  client?: ClientOptions;
}

/** Starts a server in `cwd` and connects to it. */
export async function connect({ cwd, args = [], env = {}, program = source, client: options }: Setting) {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...inherited } = process.env as Record<string, string>;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, "mcp", ...args],
    cwd,
    env: { ...inherited, ATLASCLOUD_API_KEY: secretKey, ...env },
    stderr: "pipe",
  });
  let [messages, stderr] = ["", ""];
  const progress: ReturnType<Session["progress"]>[number][] = [];
  transport.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const client = new Client({ name: "test", version: "1" }, options);
  // The client calls a listener that is there already before its own.
  transport.onmessage = (message) => {
    messages += JSON.stringify(message);
    if ("method" in message && message.method === "notifications/progress")
      progress.push(message.params as unknown as (typeof progress)[number]);
  };
  await client.connect(transport);
  const session: Session = {
    client,
    call: (name, input, at) => client.callTool({ name, arguments: input }, at) as Promise<CallToolResult>,
    written: () => ({ messages, stderr }),
    progress: () => progress,
    close: () => client.close(),
  };
  return session;
}

/** The text of an answer. */
export function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
}

/** The errors of an answer, as data. */
export function errorsOf(
  result: CallToolResult,
): { code: string; path: string | null; retryable: boolean; hint: string }[] {
  return (result._meta?.["media-preflight/errors"] ?? []) as ReturnType<typeof errorsOf>;
}

export interface EmulatorProcess {
  env: Record<string, string>;
  /** Requests so far, as logged: "POST /api/v1/sd/assets 200". */
  requests(): string[];
  stop(): Promise<void>;
}

/** An emulator that accepts only `secretKey`. */
export async function startEmulatorProcess(...flags: string[]): Promise<EmulatorProcess> {
  const child: ChildProcess = spawn(process.execPath, [source, "emulator", "--key", secretKey, ...flags]);
  let [out, log] = ["", ""];
  child.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  for await (const chunk of child.stdout ?? []) {
    out += chunk;
    if (out.includes("CONSOLE") && out.endsWith("\n")) break;
  }
  const env = Object.fromEntries(
    out
      .trim()
      .split("\n")
      .map((line) => line.replace(/^export /, "").split("=") as [string, string]),
  );
  return {
    env,
    requests: () => [...log.matchAll(/^\S+ \w+ ([A-Z]+ \S+ \w+)/gm)].map(([, request]) => request ?? ""),
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    },
  };
}
