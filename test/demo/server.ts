/**
 * Everything on this machine: the element on a page, the server handler behind it, and an emulator of the service
 * behind that.
 *
 *   npm run demo
 *
 * sunset-drive.mp4, which the page begins with, was made by:
 * ffmpeg -f lavfi -i gradients=s=1920x1080:c0=0x14204f:c1=0xf28c38:c2=0x5b1f69:n=3:r=24:speed=0.012:seed=7
 *   -f lavfi -i sine=f=220:r=48000 -t 18 -c:v libx264 -preset medium -crf 33 -pix_fmt yuv420p -g 48
 *   -c:a aac -b:a 48k -ac 2 -af volume=0.05 -movflags +faststart -bitexact sunset-drive.mp4
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { type EmulatorOptions, type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { createHandler, type HandlerOptions } from "../../src/server/index.ts";
import { locateWasm } from "../../wasm/locate.node.ts";
import { bundlePages } from "../package/pages.ts";
import { samples } from "./samples.ts";

/** As strict as possible: no inline script or style, one origin. `blob:` is for playing files and for posters of videos. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  // mediabunny's encoders start workers of their own.
  "worker-src 'self' blob:",
  "media-src blob:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const here = (name: string): string => new URL(name, import.meta.url).pathname;

/** The scripts of the demo by name. */
const entries = {
  element: "src/web/element/define.ts",
  worker: "src/facts/cross-check/worker.ts",
  "fix-worker": "src/fix/browser/worker.ts",
  page: "test/demo/page.ts",
};

export interface Demo {
  url: string;
  emulator: RunningEmulator;
  close(): Promise<void>;
}

export interface DemoOptions {
  port?: number;
  emulator?: EmulatorOptions;
  /** More pages and scripts, by address: for tests. */
  pages?: Readonly<Record<string, { type: string; body: string | Uint8Array<ArrayBuffer> }>>;
  /** Options of the handler besides, once the emulator runs; pages may then connect to its bucket. */
  handler?: (emulator: RunningEmulator) => Partial<HandlerOptions>;
  /** More scripts to bundle. */
  scripts?: Readonly<Record<string, string>>;
}

/** Starts it on 127.0.0.1. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { files: scripts } = await bundlePages({ ...entries, ...options.scripts });
  const usual: EmulatorOptions = { processingMs: 1500, ...options.emulator };
  const emulator = await startEmulator(usual);
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  // Errors are shown at once.
  const handler = createHandler({
    atlas: createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl, retry: { attempts: 1 } }),
    authorize: (request) => {
      const session = sessionOf(request);
      return session ? { ok: true, label: session } : false;
    },
    ...options.handler?.(emulator),
  });
  const bucketOrigin = emulator.bucket ? ` ${emulator.bucket.endpoint}` : "";
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", policy.replace("connect-src 'self'", `$&${bucketOrigin}`));
    c.header("x-content-type-options", "nosniff");
    c.header("cache-control", "no-store");
  });
  app.get("/", (c) => {
    // Everybody who opens the page may upload: a real site would check who has signed in.
    if (!sessionOf(c.req.raw))
      c.header("set-cookie", `session=${randomUUID()}; HttpOnly; SameSite=Strict; Path=/`);
    return c.html(readFileSync(here("index.html"), "utf8"));
  });
  // Chromium requests one for every page, at any time, and logs a 404 as an error.
  app.get("/favicon.ico", (c) => c.body(null, 204));
  app.get("/style.css", (c) => c.body(readFileSync(here("style.css")), 200, { "content-type": "text/css" }));
  app.get("/sunset-drive.mp4", (c) =>
    c.body(readFileSync(here("sunset-drive.mp4")), 200, { "content-type": "video/mp4" }),
  );
  app.get("/samples.json", (c) =>
    c.json(samples.map(([path, about]) => ({ address: `/fixtures/${path}`, name: basename(path), about }))),
  );
  app.get("/fixtures/:kind/:name", (c) => {
    const path = `${c.req.param("kind")}/${c.req.param("name")}`;
    if (!samples.some(([known]) => known === path)) return c.notFound();
    const bytes = readFileSync(here(`../../fixtures/${path}`));
    return c.body(bytes, 200, { "content-type": "application/octet-stream" });
  });
  app.get("/MediaInfoModule.wasm", (c) =>
    c.body(readFileSync(locateWasm()), 200, { "content-type": "application/wasm" }),
  );
  // How the service behaves from now on.
  app.post("/mood/:mood", (c) => {
    emulator.set({ processingMs: usual.processingMs, ...moods[c.req.param("mood")] });
    return c.body(null, 204);
  });
  app.all("/media/*", (c) => handler(c.req.raw));
  app.get("*", (c) => {
    const page = options.pages?.[c.req.path];
    if (page) return c.body(page.body, 200, { "content-type": page.type });
    const script = scripts.get(c.req.path.slice(1));
    return script ? c.body(script, 200, { "content-type": "text/javascript" }) : c.notFound();
  });
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: options.port ?? 0 }) as Server;
  await new Promise((done) => (server.listening ? done(null) : server.once("listening", done)));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    emulator,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await emulator.close();
    },
  };
}

const sessionOf = (request: Request): string | undefined =>
  /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.get("cookie") ?? "")?.[1];

const fine = { delayed: 0, serverError: 0, rateLimited: 0, policyFailure: false };
const moods: Readonly<Record<string, Partial<EmulatorOptions>>> = {
  fine,
  slow: { ...fine, delayed: Number.POSITIVE_INFINITY, delayMs: 3000, processingMs: 8000 },
  broken: { ...fine, serverError: Number.POSITIVE_INFINITY },
  processing: { ...fine, processingMs: 4000 },
  moderation: { ...fine, policyFailure: true },
};

if (import.meta.main) {
  const demo = await startDemo({ port: Number(process.env.PORT ?? 4173) });
  console.log(`The demo is at ${demo.url} (stop it with Ctrl+C). Nothing leaves this machine.`);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void demo.close().then(() => process.exit(0)));
}
