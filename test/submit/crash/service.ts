/**
 * A service of its own for the crash test: it knows the wire contract, not this package. It breaks a part of all
 * requests, by a seed, in every way the contract speaks of, and counts what took effect.
 *
 * node service.ts '{"seed":1,"faults":0.2,"shows":"both"}' prints its port, then runs until its stdin ends.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ServiceConfig {
  seed: number;
  /** Part of all requests that go wrong. */
  faults: number;
  /** What of an asset its list shows. */
  shows: "both" | "name" | "url" | "neither";
  /** Part of the assets that are judged Failed. */
  fails: number;
  /** Milliseconds past which the client gives up. */
  timeout: number;
}

interface Stored {
  id: number;
  type: string;
  url: string;
  name: string | null;
  sha256: string | null;
  readyAt: number;
  fails: boolean;
}

export interface ServiceState {
  assets: {
    id: number;
    url: string;
    name: string | null;
    sha256: string | null;
    type: string;
    fails: boolean;
  }[];
  /** Ids of assets in the trash. */
  trashed: number[];
  /** Hashes of everything that was ever uploaded. */
  uploads: string[];
  changes: number;
  requests: number;
  faults: Record<string, number>;
  /** Requests whose Authorization header was not the key's. */
  unauthorized: number;
}

const config = JSON.parse(process.argv[2] ?? "{}") as ServiceConfig;
const random = seeded(config.seed);
const assets: Stored[] = [];
const trashed = new Set<number>();
const uploads = new Map<string, string>();
const uploaded: string[] = [];
const counts: Record<string, number> = {};
let changes = 0;
let requests = 0;
let unauthorized = 0;

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(...of: T[]): T => of[Math.floor(random() * of.length)] as T;
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});

let burst = 0;

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://service.test");
  const body = await bodyOf(request);
  if (url.pathname === "/state") return send(response, 200, state());
  requests++;
  if (request.headers.authorization !== "Bearer crash-test-key-3f9a") unauthorized++;
  const act = (): { status: number; body: unknown } => answer(request.method ?? "GET", url, body);

  const fault = burst > 0 ? pick("429", "503") : random() < config.faults ? fateOf() : null;
  if (burst > 0) burst--;
  if (fault) counts[fault] = (counts[fault] ?? 0) + 1;
  switch (fault) {
    case "cut before":
      return void request.socket.destroy();
    case "cut after":
      act();
      return void request.socket.destroy();
    case "cut in the answer": {
      const { body } = act();
      const text = JSON.stringify(body);
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, text.length >> 1));
      await sleep(5);
      return void request.socket.destroy();
    }
    case "429":
      if (random() < 0.2) burst = 3;
      return send(response, 429, { code: 429, message: "slow down" });
    case "500 before":
    case "503":
      return send(response, fault === "503" ? 503 : 500, { code: 500, msg: "internal" });
    case "500 after":
      act();
      return send(response, 500, { code: 500, message: "internal" });
    case "html before":
      return send(response, pick(502, 403), "<html><body>Bad gateway</body></html>");
    case "html after":
      act();
      return send(response, pick(200, 502), "<html><body>Welcome</body></html>");
    case "error in 200":
      return send(response, 200, { code: pick<string | number>("500", 500, 429), message: "not now" });
    case "late answer": {
      const { status, body } = act();
      await sleep(config.timeout * (1.2 + random()));
      return send(response, status, body);
    }
    case "late effect": {
      await sleep(config.timeout * (1.2 + random()));
      const { status, body } = act();
      return send(response, status, body);
    }
    default: {
      const { status, body } = act();
      return send(response, status, body);
    }
  }
}

function fateOf(): string {
  return pick(
    "cut before",
    "cut after",
    "cut in the answer",
    "429",
    "503",
    "500 before",
    "500 after",
    "html before",
    "html after",
    "error in 200",
    "late answer",
    "late effect",
  );
}

function answer(method: string, url: URL, body: Buffer): { status: number; body: unknown } {
  const path = url.pathname.replace(/^\/(?:api|console)\/v1/, "");
  const id = /^\/sd\/assets\/(\d+)$/.exec(path)?.[1];
  if (method === "POST" && path === "/model/uploadMedia") {
    const bytes = filePart(body);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const address = `https://cdn.service.test/${uploaded.length}-${sha256.slice(0, 8)}/media.wav`;
    uploaded.push(sha256);
    uploads.set(address, sha256);
    const inner = { download_url: address, filename: "media.wav", size: bytes.length };
    return ok(pick<object>({ ...inner, type: "audio" }, { url: address, file_name: "x" }, inner));
  }
  if (method === "POST" && path === "/sd/assets") {
    const sent = JSON.parse(body.toString()) as { type?: string; url: string; name?: string };
    changes++;
    const made: Stored = {
      id: 1000 + assets.length,
      type: sent.type ?? "Image",
      url: sent.url,
      name: sent.name ?? null,
      sha256: uploads.get(sent.url) ?? null,
      readyAt: Date.now() + random() * 300,
      fails: Number.parseInt((uploads.get(sent.url) ?? "0").slice(0, 4), 16) / 65536 < config.fails,
    };
    assets.push(made);
    return ok(
      {
        id: pick<string | number>(made.id, String(made.id)),
        atlas_asset_id: `atlas-asset-${made.id}`,
        status: "Processing",
      },
      true,
    );
  }
  if (method === "GET" && path === "/sd/assets") {
    const size = Number(url.searchParams.get("page_size") ?? 20);
    const page = Number(url.searchParams.get("page_number") ?? 1);
    const items = live()
      .toReversed()
      .slice((page - 1) * size, page * size)
      .map(shown);
    const counted = { total_count: live().length, page_number: page, page_size: size };
    return ok(pick<object>({ items, ...counted }, { list: items, ...counted }));
  }
  if (method === "GET" && path === "/sd/assets/trash") return trashPage(url);
  if (method === "GET" && id) {
    const found = assets.find((asset) => asset.id === Number(id));
    return found ? ok(shown(found)) : { status: 404, body: { code: 404, message: "not found" } };
  }
  if (method === "DELETE" && id && assets.some((asset) => asset.id === Number(id))) {
    changes++;
    trashed.add(Number(id));
    return ok({});
  }
  if (method !== "GET") changes++;
  return { status: 401, body: { code: 401, message: "unauthorized" } };
}

const live = (): Stored[] => assets.filter(({ id }) => !trashed.has(id));

function trashPage(url: URL): { status: number; body: unknown } {
  const all = assets.filter(({ id }) => trashed.has(id)).map(shown);
  const size = Number(url.searchParams.get("page_size") ?? 20);
  const page = Number(url.searchParams.get("page_number") ?? 1);
  const items = all.slice((page - 1) * size, page * size);
  return ok({ items: all.length === 0 ? pick<unknown>(null, []) : items, total_count: all.length });
}

function shown(asset: Stored): object {
  const ready = Date.now() > asset.readyAt;
  const status = !ready
    ? pick("Processing", "processing", "queued")
    : asset.fails
      ? pick("Failed", "failed")
      : pick("Active", "active");
  return {
    id: asset.id,
    atlas_asset_id: `atlas-asset-${asset.id}`,
    ark_asset_id: null,
    status,
    type: asset.type,
    ...(status.toLowerCase() === "failed" && {
      error_code: pick<string | number>("InvalidParameter.DurationTooLong", 4001),
      error_message: "no",
    }),
    ...((config.shows === "both" || config.shows === "name") && { name: asset.name }),
    ...((config.shows === "both" || config.shows === "url") && { url: asset.url }),
  };
}

/** Every envelope the contract tolerates. */
function ok(data: object, flat = false): { status: number; body: unknown } {
  const wrapped = [
    { code: 200, message: "ok", data },
    { code: "200", data },
    { code: 0, msg: "", data },
  ];
  return { status: 200, body: pick<unknown>(...wrapped, ...(flat ? [data] : [])) };
}

function filePart(body: Buffer): Buffer {
  const boundary = body.subarray(0, body.indexOf("\r\n"));
  const start = body.indexOf("\r\n\r\n") + 4;
  return body.subarray(start, body.indexOf(Buffer.concat([Buffer.from("\r\n"), boundary]), start));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const html = typeof body === "string";
  response.writeHead(status, {
    "content-type": html ? "text/html" : "application/json",
    "x-request-id": `r${requests}`,
  });
  response.end(html ? body : JSON.stringify(body));
}

function state(): ServiceState {
  return {
    assets: assets.map(({ id, url, name, sha256, type, fails }) => ({ id, url, name, sha256, type, fails })),
    uploads: uploaded,
    trashed: [...trashed],
    changes,
    requests,
    faults: counts,
    unauthorized,
  };
}

server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.resume();
process.stdin.once("end", () => process.exit());
