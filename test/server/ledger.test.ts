import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.ts";
import { clip } from "../../src/emulator/clip.ts";
import { type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { fileLedger } from "../../src/index.ts";
import { createHandler, type HandlerEvent, type HandlerOptions } from "../../src/server/index.ts";

/* Several handlers, as on several servers: with a ledger each file is registered once; without one as documented. */

const secret = "0123456789abcdef0123456789abcdef";
let emulator: RunningEmulator;
let folder: string;
let events: HandlerEvent[];
beforeEach(async () => {
  emulator = await startEmulator({ processingMs: 0 });
  folder = mkdtempSync(join(tmpdir(), "handler-ledger-test-"));
  events = [];
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

type Handler = ReturnType<typeof createHandler>;
function server(options: Partial<HandlerOptions> = {}): Handler {
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  return createHandler({
    atlas: createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl, retry: { attempts: 1 } }),
    authorize: (request) => ({ ok: true, label: request.headers.get("x-user") }),
    secret,
    onEvent: (event) => events.push(event),
    ...options,
  });
}
const ledger = () => fileLedger(join(folder, "ledger.json"));

interface Answer {
  status: number;
  upload?: { id: string };
  asset?: { id: string; uri: string; name: string };
  error?: { code: string };
}
async function post(
  handler: Handler,
  path: string,
  body: Uint8Array<ArrayBuffer> | string,
  user: string | null = "ann",
): Promise<Answer> {
  const type = typeof body === "string" ? "application/json" : "video/mp4";
  const headers = {
    "content-type": type,
    "x-file-name": "sunset.mp4",
    ...(user !== null && { "x-user": user }),
  };
  const response = await handler(
    new Request(`https://app.example/media${path}`, { method: "POST", body, headers }),
  );
  return { status: response.status, ...((await response.json()) as object) };
}
const assets = () => emulator.snapshot().assets;

test("two servers with one secret and one ledger register one upload once, one after the other and at once", async () => {
  const [one, two] = [server({ ledger: ledger() }), server({ ledger: ledger() })];
  const { upload } = await post(one, "/uploads", clip());
  const json = JSON.stringify({ upload: upload?.id, name: "sunset" });
  const answers = await Promise.all([post(one, "/assets", json), post(two, "/assets", json)]);
  answers.push(await post(two, "/assets", json));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(({ asset }) => asset?.uri)).size).toBe(1);
  expect(assets()).toMatchObject([{ name: "sunset" }]);
});

test("the same bytes sent again, in either form, are the same asset", async () => {
  const handler = server({ ledger: ledger() });
  const first = await post(handler, "/assets", clip());
  const second = await post(handler, "/assets", clip());
  const { upload } = await post(handler, "/uploads", clip());
  const third = await post(handler, "/assets", JSON.stringify({ upload: upload?.id }));
  expect([second.asset?.uri, third.asset?.uri]).toEqual([first.asset?.uri, first.asset?.uri]);
  expect(assets()).toHaveLength(1);
  const registered = events.filter((event) => event.type === "registered");
  expect(registered.map(({ reused }) => reused)).toEqual([false, true, true]);
});

test('each label has its own asset, and "" is a label; shareAssets gives one to all', async () => {
  const labels = ["ann", "bob", "", null, undefined];
  const calls = (handlerOptions: Partial<HandlerOptions>) => {
    let next: string | null | undefined;
    const handler = server({ ...handlerOptions, authorize: () => ({ ok: true, label: next }) });
    return async (label: string | null | undefined) => {
      next = label;
      return (await post(handler, "/assets", clip())).asset?.uri;
    };
  };
  const own = calls({ ledger: ledger() });
  const uris = [];
  for (const label of labels) uris.push(await own(label));
  expect(new Set(uris).size).toBe(4);
  expect(uris[4]).toBe(uris[3]);
  const shared = calls({ ledger: fileLedger(join(folder, "shared.json")), shareAssets: true });
  expect(await shared("ann")).toBe(await shared("bob"));
  expect(assets()).toHaveLength(5);
});

test("a registration whose response was lost is found, and not sent again by another server", async () => {
  const { upload } = await post(server({ ledger: ledger() }), "/uploads", clip());
  const json = JSON.stringify({ upload: upload?.id });
  emulator.set({ cutAfter: 1, faultsOn: ["register"] });
  const first = await post(server({ ledger: ledger() }), "/assets", json);
  const second = await post(server({ ledger: ledger() }), "/assets", json);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.asset?.uri).toBe(first.asset?.uri);
  expect(assets()).toHaveLength(1);
});

test("without a ledger an upload of another server is searched for before it is registered", async () => {
  const [one, two] = [server(), server()];
  const { upload } = await post(one, "/uploads", clip());
  const json = JSON.stringify({ upload: upload?.id });
  const first = await post(one, "/assets", json);
  const second = await post(two, "/assets", json);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.asset?.uri).toBe(first.asset?.uri);
  expect(assets()).toHaveLength(1);
});

test("without a ledger an upload of another server is not registered blindly if the list cannot be fetched", async () => {
  const [one, two] = [server(), server()];
  const { upload } = await post(one, "/uploads", clip());
  const json = JSON.stringify({ upload: upload?.id });
  emulator.set({ serverError: Number.POSITIVE_INFINITY, faultsOn: ["list"] });
  expect(await post(two, "/assets", json)).toMatchObject({ status: 502, error: { code: "network" } });
  expect(assets()).toHaveLength(0);
  emulator.set({ serverError: 0 });
  expect((await post(two, "/assets", json)).status).toBe(201);
});

test("a secret is changed without invalidating ids: [current, previous]", async () => {
  const next = "fedcba9876543210fedcba9876543210";
  const { upload } = await post(server(), "/uploads", clip());
  const json = JSON.stringify({ upload: upload?.id });
  expect((await post(server({ secret: next }), "/assets", json)).status).toBe(404);
  const rotated = server({ secret: [next, secret] });
  expect((await post(rotated, "/assets", json)).status).toBe(201);
  // New ids are encrypted with the current secret alone.
  const fresh = await post(rotated, "/uploads", clip());
  const newJson = JSON.stringify({ upload: fresh.upload?.id });
  expect((await post(server(), "/assets", newJson)).status).toBe(404);
  expect((await post(server({ secret: next }), "/assets", newJson)).status).toBe(201);
});
