import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { type EmulatorOptions, type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { createHandler, type HandlerEvent, type HandlerOptions } from "../../src/server/index.ts";

export const key = "sk-live-93d0aa17c4";
export const token = "page-session-1";

/** The handler between a page and the emulator, on its own port, mounted at /media. */
export interface RunningHandler {
  endpoint: string;
  emulator: RunningEmulator;
  handler: (request: Request) => Promise<Response>;
  events: HandlerEvent[];
  /** Every body and header that went out, as text. */
  sent: string[];
  /** Files in the directory for temporary files. */
  spooled(): string[];
  close(): Promise<void>;
}

/** Starts a handler. Callers with `Authorization: Bearer <token>` are authorised, labelled by X-User; `pages` are served next to it. */
export async function startHandler(
  options: Partial<HandlerOptions> | ((emulator: RunningEmulator) => Partial<HandlerOptions>) = {},
  toggles: EmulatorOptions = {},
  pages: Readonly<Record<string, { type: string; body: string }>> = {},
): Promise<RunningHandler> {
  const temporary = mkdtempSync(join(tmpdir(), "mp-server-test-"));
  const emulator = await startEmulator({ processingMs: 0, key, ...toggles });
  const outside = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
  const events: HandlerEvent[] = [];
  const sent: string[] = [];
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  const handler = createHandler({
    atlas: createAtlasClient({ apiKey: key, apiBaseUrl, consoleBaseUrl, retry: { attempts: 1 } }),
    authorize: (request) =>
      request.headers.get("authorization") === `Bearer ${token}` && {
        ok: true,
        label: request.headers.get("x-user") ?? "ann",
      },
    onEvent: (event) => events.push(event),
    ...(typeof options === "function" ? options(emulator) : options),
  });
  const server = serve({
    port: 0,
    hostname: "127.0.0.1",
    overrideGlobalObjects: false,
    fetch: async (request) => {
      const page = pages[new URL(request.url).pathname];
      if (page) return new Response(page.body, { headers: { "content-type": page.type } });
      const answer = await handler(request);
      sent.push(JSON.stringify([...answer.headers]));
      if (!/ndjson/.test(answer.headers.get("content-type") ?? "")) sent.push(await answer.clone().text());
      return answer;
    },
  }) as Server;
  await new Promise((resolve) => (server.listening ? resolve(null) : server.once("listening", resolve)));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/media`,
    emulator,
    handler,
    events,
    sent,
    spooled: () =>
      readdirSync(temporary, { recursive: true })
        .map(String)
        .filter((name) => name.startsWith("media-preflight-")),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await emulator.close();
      if (outside === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = outside;
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

export const signedIn = { authorization: `Bearer ${token}` };
