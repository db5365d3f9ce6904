import { describe, expect, test } from "vitest";
import type { LibraryEnvironment, LibraryInput } from "../../../src/facts/cross-check/library-reading.ts";
import { LibraryWorker } from "../../../src/facts/cross-check/worker-client.ts";
import type { FromWorker, ToWorker } from "../../../src/facts/cross-check/worker-protocol.ts";
import { serve } from "../../../src/facts/cross-check/worker-server.ts";
import { fixture, zeros } from "../image/pictures.ts";
import { forgetMediaInfo } from "./sources.ts";

/* The worker's side of the protocol, driven by messages of the test and by the client; real libraries answer. */

const noWasm: LibraryEnvironment = { wasm: () => Promise.reject(new Error("not here")) };

function served(environmentFor: (wasm: string | null) => LibraryEnvironment = () => noWasm) {
  const sent: FromWorker[] = [];
  let onSent = (): void => {};
  const send = serve((message) => {
    sent.push(message);
    onSent();
  }, environmentFor);
  /** Sends a message and waits for the next one back. */
  const request = async (message: ToWorker): Promise<FromWorker | undefined> => {
    const before = sent.length;
    const answered = new Promise<void>((resolve) => (onSent = resolve));
    send(message);
    if (sent.length === before) await answered;
    return sent.at(-1);
  };
  return { sent, send, request };
}

describe("the worker's side", () => {
  const png = fixture("image/png-640x480.png");
  const analyse: ToWorker = {
    op: "analyse",
    id: 7,
    library: "image-size",
    format: "png",
    size: png.length,
  };

  test("reports that it is ready once it knows its location, requests bytes, and answers", async () => {
    const { request, sent } = served();
    expect(await request({ op: "start", wasm: null })).toEqual({ op: "ready" });
    expect(await request(analyse)).toEqual({ op: "read", id: 7, offset: 0, length: 256 * 1024 });
    const bytes = new Uint8Array(png);
    expect(await request({ op: "bytes", id: 7, bytes })).toEqual({
      op: "answer",
      id: 7,
      libraryReading: { size: { width: 640, height: 480 } },
    });
    expect(sent).toHaveLength(3);
  });

  test("reports a file that cannot be read and a library error", async () => {
    const { request } = served();
    await request(analyse);
    expect(await request({ op: "bytes", id: 7, bytes: null })).toEqual({
      op: "failed",
      id: 7,
      why: "the file could not be read",
    });
    await request({ ...analyse, id: 8 });
    const noise = new Uint8Array(zeros(100));
    expect(await request({ op: "bytes", id: 8, bytes: noise })).toMatchObject({ op: "failed", id: 8 });
    // The next file is read as usual.
    await request({ ...analyse, id: 9 });
    expect(await request({ op: "bytes", id: 9, bytes: new Uint8Array(png) })).toMatchObject({
      op: "answer",
      id: 9,
    });
  });

  test("loads its WebAssembly file from the given address", async () => {
    const wasmUrls: (string | null)[] = [];
    await forgetMediaInfo();
    const { request } = served((wasm) => {
      wasmUrls.push(wasm);
      return { wasm: () => Promise.reject(`nothing at ${wasm}`) };
    });
    await request({ op: "start", wasm: "/module.wasm" });
    const video: ToWorker = { op: "analyse", id: 1, library: "mediainfo", format: "mp4", size: 100 };
    expect(await request(video)).toEqual({ op: "failed", id: 1, why: "nothing at /module.wasm" });
    expect(wasmUrls).toEqual(["/module.wasm"]);
  });

  test("ignores bytes that it did not request", () => {
    const { send, sent } = served();
    send({ op: "bytes", id: 1, bytes: null });
    expect(sent).toEqual([]);
  });
});

test("client and worker together handle one file after another", async () => {
  const worker = new LibraryWorker((receive) => {
    const send = serve(
      (message) => queueMicrotask(() => receive(structuredClone(message))),
      () => noWasm,
    );
    return {
      post: (message) => queueMicrotask(() => send(structuredClone(message))),
      end() {},
      keepAlive() {},
    };
  }, null);
  const inputOf = (bytes: Uint8Array): LibraryInput => ({
    format: "mp3",
    size: bytes.length,
    read: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
  });
  const mp3 = fixture("audio/mp3-vbr-lame.mp3");
  const answers = await Promise.allSettled([
    worker.run("music-metadata", inputOf(mp3)),
    worker.run("image-size", inputOf(zeros(50))),
    worker.run("mediainfo", inputOf(mp3)),
    worker.run("music-metadata", inputOf(mp3)),
  ]);
  const libraryReading = { duration: (97 * 1152) / 44_100, sampleRate: 44_100, channels: 2 };
  expect(answers.map((one) => (one.status === "fulfilled" ? one.value : "failed"))).toEqual([
    libraryReading,
    "failed",
    "failed",
    libraryReading,
  ]);
  worker.end();
});
