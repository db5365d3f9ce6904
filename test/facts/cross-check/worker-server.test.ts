import { describe, expect, test } from "vitest";
import type { LibraryEnvironment, Question } from "../../../src/facts/cross-check/library-reading.ts";
import { askInWorker } from "../../../src/facts/cross-check/worker-client.ts";
import type { FromWorker, ToWorker } from "../../../src/facts/cross-check/worker-protocol.ts";
import { serve } from "../../../src/facts/cross-check/worker-server.ts";
import { fixture, zeros } from "../image/pictures.ts";
import { forgetMediaInfo } from "./sources.ts";

/* The worker's half of the protocol, spoken to by hand, and by the other half: real libraries answer. */

const nowhere: LibraryEnvironment = { wasm: () => Promise.reject(new Error("not here")) };

function served(surroundings: (wasm: string | null) => LibraryEnvironment = () => nowhere) {
  const said: FromWorker[] = [];
  let heard = (): void => {};
  const tell = serve((message) => {
    said.push(message);
    heard();
  }, surroundings);
  /** Sends a message and waits for what it brings. */
  const asks = async (message: ToWorker): Promise<FromWorker | undefined> => {
    const before = said.length;
    const answered = new Promise<void>((resolve) => (heard = resolve));
    tell(message);
    if (said.length === before) await answered;
    return said.at(-1);
  };
  return { said, tell, asks };
}

describe("a worker", () => {
  const png = fixture("image/png-640x480.png");
  const analyse: ToWorker = {
    op: "analyse",
    id: 7,
    crossCheck: "image-size",
    format: "png",
    size: png.length,
  };

  test("is ready once it knows where it is, asks for bytes, and answers", async () => {
    const { asks, said } = served();
    expect(await asks({ op: "start", wasm: null })).toEqual({ op: "ready" });
    expect(await asks(analyse)).toEqual({ op: "read", id: 7, offset: 0, length: 256 * 1024 });
    const bytes = new Uint8Array(png);
    expect(await asks({ op: "bytes", id: 7, bytes })).toEqual({
      op: "answer",
      id: 7,
      libraryReading: { size: { width: 640, height: 480 } },
    });
    expect(said).toHaveLength(3);
  });

  test("says so where the file could not be read, or the library does not like it", async () => {
    const { asks } = served();
    await asks(analyse);
    expect(await asks({ op: "bytes", id: 7, bytes: null })).toEqual({
      op: "failed",
      id: 7,
      why: "the file could not be read",
    });
    await asks({ ...analyse, id: 8 });
    const noise = new Uint8Array(zeros(100));
    expect(await asks({ op: "bytes", id: 8, bytes: noise })).toMatchObject({ op: "failed", id: 8 });
    // And is there for the next file.
    await asks({ ...analyse, id: 9 });
    expect(await asks({ op: "bytes", id: 9, bytes: new Uint8Array(png) })).toMatchObject({
      op: "answer",
      id: 9,
    });
  });

  test("looks for its WebAssembly where it was told", async () => {
    const told: (string | null)[] = [];
    await forgetMediaInfo();
    const { asks } = served((wasm) => {
      told.push(wasm);
      return { wasm: () => Promise.reject(`nothing at ${wasm}`) };
    });
    await asks({ op: "start", wasm: "/module.wasm" });
    const film: ToWorker = { op: "analyse", id: 1, crossCheck: "mediainfo", format: "mp4", size: 100 };
    expect(await asks(film)).toEqual({ op: "failed", id: 1, why: "nothing at /module.wasm" });
    expect(told).toEqual(["/module.wasm"]);
  });

  test("is not troubled by bytes that it did not ask for", () => {
    const { tell, said } = served();
    tell({ op: "bytes", id: 1, bytes: null });
    expect(said).toEqual([]);
  });
});

test("both halves together ask a library about one file after another", async () => {
  const { ask, end } = askInWorker((receive) => {
    const tell = serve(
      (message) => queueMicrotask(() => receive(structuredClone(message))),
      () => nowhere,
    );
    return { post: (message) => queueMicrotask(() => tell(structuredClone(message))), end() {}, hold() {} };
  }, null);
  const about = (bytes: Uint8Array): Question => ({
    format: "mp3",
    size: bytes.length,
    read: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
  });
  const sound = fixture("audio/mp3-vbr-lame.mp3");
  const answers = await Promise.allSettled([
    ask("music-metadata", about(sound)),
    ask("image-size", about(zeros(50))),
    ask("mediainfo", about(sound)),
    ask("music-metadata", about(sound)),
  ]);
  const libraryReading = { duration: (97 * 1152) / 44_100, sampleRate: 44_100, channels: 2 };
  expect(answers.map((one) => (one.status === "fulfilled" ? one.value : "failed"))).toEqual([
    libraryReading,
    "failed",
    "failed",
    libraryReading,
  ]);
  end();
});
