import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspect as inspectInPage, preflight as preflightInPage } from "../../../src/browser.ts";
import { type RunningEmulator, startEmulator } from "../../../src/emulator/index.ts";
import { createAtlasClient, inspect, preflight, submit } from "../../../src/index.ts";

/* Inputs that can be read only once: web streams, Responses, Node.js streams, async iterables. */

const picture = new URL("../../../fixtures/image/jpeg-640x480.jpg", import.meta.url).pathname;
const bytes = new Uint8Array(readFileSync(picture));
const temporary = mkdtempSync(join(tmpdir(), "streams-test-"));
const outside = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  if (outside === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outside;
  rmSync(temporary, { recursive: true });
});
const spooled = (): string[] =>
  readdirSync(temporary).filter((name) => /^media-preflight-(?!emulator)/.test(name));

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
const streams: Readonly<Record<string, () => never>> = {
  "a Readable": () => createReadStream(picture) as never,
  "a web stream": () => new Blob([bytes]).stream() as never,
  "a Response": () => new Response(bytes) as never,
  "an async iterable": () => chunks() as never,
};

describe.each(Object.entries(streams))("%s", (_name, make) => {
  test("is checked like its bytes, in Node.js and in a page, and leaves no temporary file", async () => {
    const report = await preflight(bytes);
    expect(await preflight(make())).toEqual(report);
    expect(await preflightInPage(make())).toEqual(report);
    expect((await inspect(make())).facts).toEqual(report.facts);
    expect((await inspectInPage(make())).facts).toEqual(report.facts);
    expect(spooled()).toEqual([]);
  });
  test("with more bytes than maxStreamBytes is a coded error", async () => {
    const tooLong = { code: "unreadable", message: "the stream has more than 4000 bytes" };
    await expect(preflight(make(), { maxStreamBytes: 4000 })).rejects.toMatchObject(tooLong);
    await expect(preflightInPage(make(), { maxStreamBytes: 4000 })).rejects.toMatchObject(tooLong);
    expect(spooled()).toEqual([]);
  });
});

test("a stream takes its name from the option, a Response from its URL", async () => {
  expect((await preflight(new Response(bytes), { name: "shot.jpg" })).file).toBe("shot.jpg");
  const response = new Response(bytes);
  Object.defineProperty(response, "url", { value: "https://example.com/a/my%20shot.jpg?sig=S" });
  expect((await preflight(response)).file).toBe("my shot.jpg");
});

test("an empty stream gets a report", async () => {
  expect(await preflight(new Response(null))).toMatchObject({ verdict: "fail", facts: { bytes: 0 } });
});

test.each([
  ["a stream of text", () => Readable.from(["text"], { objectMode: true }), "usage"],
  ["a stream of objects", () => Readable.from([{}]), "usage"],
  ["a stream that fails", () => Readable.from(failing(), { objectMode: false }), "unreadable"],
  ["a locked stream", lockedStream, "usage"],
  ["an unsuccessful Response", () => new Response("no", { status: 404 }), "network"],
])("%s is a coded error", async (_name, make, code) => {
  await expect(preflight(make() as never)).rejects.toMatchObject({ name: "MediaPreflightError", code });
  expect(spooled()).toEqual([]);
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 100);
  throw new Error("the disk went away");
}

function lockedStream(): ReadableStream {
  const stream = new Blob([bytes]).stream();
  stream.getReader();
  return stream;
}

test("a Response that was read already is a coded error", async () => {
  const response = new Response(bytes);
  await response.arrayBuffer();
  await expect(preflight(response)).rejects.toMatchObject({ code: "usage", message: /read already/ });
});

test("the signal ends a stream that has stalled, and cancels it", async () => {
  let cancelled = false;
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, 100)),
    cancel() {
      cancelled = true;
    },
  });
  const stop = new AbortController();
  const checking = preflight(stalled, { signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  await expect(checking).rejects.toMatchObject({ code: "aborted" });
  expect(cancelled).toBe(true);
  expect(spooled()).toEqual([]);
});

test("a FileHandle is refused with what to give instead", async () => {
  const handle = await open(picture);
  await expect(preflight(handle as never)).rejects.toMatchObject({
    code: "usage",
    message: "an object of class FileHandle cannot be checked",
    hint: "give its path, or handle.createReadStream()",
  });
  await handle.close();
});

describe("submit", () => {
  let emulator: RunningEmulator;
  beforeAll(async () => {
    emulator = await startEmulator({ processingMs: 0 });
  });
  afterAll(() => emulator.close());

  test.each(Object.entries(streams))("uploads and registers %s", async (_name, make) => {
    const { apiBaseUrl, consoleBaseUrl } = emulator;
    const atlas = createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl });
    const asset = await submit(make(), { atlas, interval: 10 });
    expect(asset).toMatchObject({ status: "active", report: { facts: { bytes: bytes.length } } });
    const sent = new Uint8Array(await (await fetch(asset.url ?? "")).arrayBuffer());
    expect(Buffer.compare(sent, bytes)).toBe(0);
    expect(spooled()).toEqual([]);
  });
});
