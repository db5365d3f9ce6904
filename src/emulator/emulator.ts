import { writeFile } from "node:fs/promises";
import type { Hono } from "hono";
import { apiHost } from "./api.ts";
import { checkFile } from "./check.ts";
import { clip } from "./clip.ts";
import { cut, sendAgain } from "./connection.ts";
import { consoleHost } from "./console.ts";
import { type Fault, Faults, faultStatus } from "./faults.ts";
import { type Listening, listenOnLoopback } from "./listen.ts";
import { type EmulatorOptions, type LogLine, type Operation, type Toggles, togglesOf } from "./options.ts";
import type { Connection, EmulatorState } from "./state.ts";
import { storageHost } from "./storage.ts";
import { randomId, Store, type StoredAsset, type StoredUpload } from "./store.ts";
import { evaluate } from "./validate-upload.ts";
import { html, refusal } from "./wire.ts";

/** Both hosts of the service as request handlers, without a port. */
export interface Emulator {
  /**
   * The whole service as one function, for a client that takes a `fetch`: a host name beginning with "console"
   * is the console host, every other the api host.
   */
  fetch(request: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Listens on 127.0.0.1. Port 0, the default, is any free one. */
  listen(ports?: { port?: number | undefined; consolePort?: number | undefined }): Promise<RunningEmulator>;
  /** Changes toggles from now on; faults are counted anew. */
  set(toggles: Partial<Toggles>): void;
  /** What it holds, for tests. A copy. */
  snapshot(): { assets: StoredAsset[]; uploads: StoredUpload[]; toggles: Toggles };
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly LogLine[];
  /** Stops listening, and removes the store unless a directory was named. */
  close(): Promise<void>;
}

/** The service, listening: its base URLs are for `createAtlasClient`. */
export interface RunningEmulator extends Emulator {
  readonly apiBaseUrl: string;
  readonly consoleBaseUrl: string;
}

const keptRequests = 10_000;

/**
 * Atlas Cloud's two hosts on this machine, for tests and for trying things out. It stands for the documented
 * contract with every variant seen, not for the service's implementation.
 * @throws MediaPreflightError `usage` where `store` holds something else
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const store = new Store(options.store);
  const faults = new Faults(togglesOf(options).seed);
  const requests: LogLine[] = [];
  const listening: Listening[] = [];
  const judged = new Set<Promise<void>>();
  let origin = store.state.origins.at(-1) ?? "http://api.emulator.invalid";
  let clipUpload: StoredUpload | undefined;

  const world: EmulatorState = {
    store,
    toggles: togglesOf(options),
    apiOrigin: () => origin,
    storageUrl(upload) {
      if (!store.state.origins.includes(origin)) store.state.origins.push(origin);
      const query = world.toggles.signedUrls ? `?X-Expires=3600&X-Signature=${randomId(20)}` : "";
      return `${origin}/storage/${upload.id}/${encodeURIComponent(upload.filename)}${query}`;
    },
    async clipUrl() {
      if (!clipUpload) {
        const bytes = clip();
        clipUpload = {
          id: randomId(),
          filename: "output.mp4",
          contentType: "video/mp4",
          size: bytes.byteLength,
        };
        await writeFile(store.mediaPath(clipUpload.id), bytes);
        store.state.uploads.push(clipUpload);
      }
      return world.storageUrl(clipUpload);
    },
    scheduleValidation(asset) {
      const check = (path: string, type: Parameters<typeof checkFile>[1]) =>
        checkFile(path, type, options.limits ?? "documented");
      const judging = { store, allowFetch: options.allowFetch ?? false, check };
      const done = evaluate(asset, world.toggles, judging)
        .catch((error: unknown) => {
          const message = error instanceof Error ? error.message : "the check failed";
          return { status: "Failed", code: "InternalError", message } as const;
        })
        .then((outcome) => {
          asset.outcome = outcome;
          return store.save();
        })
        // Nobody waits for this one: what could not be written is written, or refused, with the next change.
        .catch(() => {})
        .finally(() => judged.delete(done));
      judged.add(done);
    },
  };
  // A restart in the middle: what was being judged is judged again.
  for (const asset of store.state.assets) if (asset.outcome === null) world.scheduleValidation(asset);

  const hosts = { api: apiHost(world), console: consoleHost(world), storage: storageHost(world) };

  async function handle(
    host: "api" | "console",
    request: Request,
    connection: Connection,
  ): Promise<Response> {
    const started = performance.now();
    const path = new URL(request.url).pathname;
    const stored = host === "api" && path.startsWith("/storage/");
    const operation = stored ? null : operationOf(host, request.method, path);
    const authorised = stored || holdsKey(request.headers.get("authorization"), options.key);
    const fault = authorised ? faults.next(operation, world.toggles) : null;
    const requestId = randomId(8);
    const log = (status: number): void => {
      const line: LogLine = {
        time: new Date().toISOString(),
        host: stored ? "storage" : host,
        method: request.method,
        path,
        status,
        ms: Math.round(performance.now() - started),
        requestId,
        operation,
        fault,
      };
      requests.push(line);
      if (requests.length > keptRequests) requests.shift();
      options.onRequest?.(line);
    };
    if (fault === "cutBefore") {
      log(0);
      return cut(connection);
    }
    const app: Hono = stored ? hosts.storage : hosts[host];
    const response = !authorised
      ? refusal(host, 401, "Unauthorized", world.toggles)
      : await injectFault(fault, () => app.fetch(request, connection), host, world.toggles);
    if (fault === "cutAfter") {
      await response.body?.cancel();
      log(0);
      return cut(connection);
    }
    if (fault === "delayed") await new Promise((resolve) => setTimeout(resolve, world.toggles.delayMs));
    const marked = new Response(response.body, response);
    marked.headers.set("x-request-id", requestId);
    if (fault === "duplicated") await sendAgain(connection, marked);
    log(marked.status);
    return marked;
  }

  const emulator: Emulator = {
    requests,
    async fetch(input, init) {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (listening.length === 0 && !url.hostname.startsWith("console")) origin = url.origin;
      return handle(url.hostname.startsWith("console") ? "console" : "api", request, {});
    },
    async listen({ port = 0, consolePort } = {}) {
      const api = await listenOnLoopback((request, connection) => handle("api", request, connection), port);
      listening.push(api);
      origin = api.origin;
      const next = consolePort ?? (port === 0 ? 0 : port + 1);
      const consoleSide = await listenOnLoopback(
        (request, connection) => handle("console", request, connection),
        next,
      );
      listening.push(consoleSide);
      const urls = { apiBaseUrl: `${api.origin}/api/v1`, consoleBaseUrl: `${consoleSide.origin}/api/v1` };
      return Object.assign(emulator, urls);
    },
    set(toggles) {
      world.toggles = togglesOf({ ...world.toggles, ...toggles });
      faults.reset(world.toggles.seed);
    },
    snapshot: () =>
      structuredClone({ assets: store.state.assets, uploads: store.state.uploads, toggles: world.toggles }),
    async close() {
      await Promise.all(listening.splice(0).map((server) => server.close()));
      await Promise.all(judged);
      await store.close();
    },
  };
  return emulator;
}

/** Creates an emulator and listens. */
export function startEmulator(
  options: EmulatorOptions & { port?: number | undefined; consolePort?: number | undefined } = {},
): Promise<RunningEmulator> {
  const { port, consolePort, ...rest } = options;
  return createEmulator(rest).listen({ port, consolePort });
}

/** The answer with the fault done to it. */
async function injectFault(
  fault: Fault | null,
  act: () => Response | Promise<Response>,
  host: "api" | "console",
  toggles: Toggles,
): Promise<Response> {
  const status = fault ? faultStatus[fault] : undefined;
  if (status === undefined) return act();
  if (fault === "serverErrorAfter") await act();
  if (fault === "html403") return html(403, "Forbidden");
  return refusal(host, status, status === 429 ? "RequestLimitExceeded" : "InternalError", toggles);
}

function holdsKey(header: string | null, key: string | undefined): boolean {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(header ?? "")?.[1];
  return given !== undefined && (key === undefined || given === key);
}

function operationOf(host: "api" | "console", method: string, path: string): Operation | null {
  if (host === "api") {
    if (path === "/api/v1/model/uploadMedia") return "upload";
    if (path === "/api/v1/model/generateVideo") return "generate";
    return path.startsWith("/api/v1/model/prediction/") ? "prediction" : null;
  }
  const rest = /^\/api\/v1\/sd\/assets(?:\/([^/]+))?(\/restore)?$/.exec(path);
  if (!rest) return null;
  if (rest[1] === undefined) return method === "POST" ? "register" : "list";
  if (rest[1] === "trash") return "list";
  if (rest[2] !== undefined) return "restore";
  return method === "PUT" ? "rename" : method === "DELETE" ? "trash" : "get";
}
