import { once } from "node:events";
import { Worker as Thread } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { nodeCrossCheckOnDemand } from "../../../src/facts/cross-check/lazy.node.ts";
import { browserCrossCheckOnDemand } from "../../../src/facts/cross-check/lazy.ts";
import { nodeCrossCheck } from "../../../src/facts/cross-check/libraries.node.ts";
import { browserCrossCheck, sharedRun } from "../../../src/facts/cross-check/libraries.ts";
import type {
  LibraryEnvironment,
  LibraryName,
  LibraryReader,
  LibraryReading,
} from "../../../src/facts/cross-check/library-reading.ts";
import type { RunCrossCheck } from "../../../src/facts/cross-check/policy.ts";
import { type Evidence, newEvidence } from "../../../src/facts/evidence.ts";
import type { Format } from "../../../src/facts/formats.ts";
import { fixture, zeros } from "../image/pictures.ts";
import { forgetMediaInfo } from "./sources.ts";

/* Where cross-check libraries run: those that may loop in a worker, the others in the caller's thread. */

const evidenceAfter = async (
  run: RunCrossCheck,
  format: Format | null,
  bytes: Uint8Array,
): Promise<Evidence> => {
  const evidence = { ...newEvidence(bytes.length), format };
  await run(fromBytes(bytes), evidence, { crossCheck: "always" });
  return evidence;
};
const png = fixture("image/png-640x480.png");
const sized = [{ width: 640, height: 480, from: "image-size" }];
const beside = (name: string): URL => new URL(name, import.meta.url);
const loops = beside("./loops.mjs");

/** A library that reports the name it was loaded under. */
const named = async (name: LibraryName): Promise<{ reader: LibraryReader }> => ({
  reader: async (): Promise<LibraryReading> => ({ videoCodec: name }),
});

describe("cross-check libraries on Node.js", () => {
  test("a library with bounded run time needs no worker", async () => {
    const { run, end } = nodeCrossCheck({ worker: beside("./none.mjs") });
    expect((await evidenceAfter(run, "png", png)).sizes).toEqual(sized);
    const pdf = new TextEncoder().encode("%PDF-1.7 and more");
    expect((await evidenceAfter(run, null, pdf)).label).toBe("PDF document");
    expect((await evidenceAfter(run, "mp3", zeros(50))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: expect.stringContaining("none.mjs"), required: true },
    ]);
    end();
  });

  test("a library that may loop runs in the given worker, which is terminated after the given time", async () => {
    const { run, end } = nodeCrossCheck({ worker: loops });
    expect((await evidenceAfter(run, "mp3", zeros(14))).durations).toEqual([
      { value: 2, from: "music-metadata" },
    ]);
    end();
    const impatient = nodeCrossCheck({ worker: loops, timeout: 50 });
    expect((await evidenceAfter(impatient.run, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "it took longer than 0.05 s and was terminated", required: true },
    ]);
    impatient.end();
  });

  test("the bundled worker and its libraries are found", async () => {
    const { run, end } = nodeCrossCheck();
    const { durations } = await evidenceAfter(run, "mp3", fixture("audio/mp3-vbr-lame.mp3"));
    expect(durations).toMatchObject([{ from: "music-metadata" }]);
    end();
  });

  test("a worker thread has a memory limit, no arguments, and does not write to this process's output", async () => {
    const out = vi.spyOn(process.stdout, "write");
    const err = vi.spyOn(process.stderr, "write");
    const { run, end } = nodeCrossCheck({ worker: beside("./by-thread.mjs") });
    expect((await evidenceAfter(run, "mp3", zeros(14))).facts).toMatchObject({
      channels: 2,
      sampleRate: 256,
    });
    expect((await evidenceAfter(run, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "its worker ended", required: true },
    ]);
    end();
    expect([...out.mock.calls, ...err.mock.calls].flat().join()).not.toContain("a library's own output");
    vi.restoreAllMocks();
  });

  test("a separate process can replace the thread, and may exit or be killed without side effects", async () => {
    const isolated = { worker: beside("./by-process.mjs"), isolation: "process" } as const;
    const { run, end } = nodeCrossCheck(isolated);
    const pidOf = async (): Promise<number> =>
      (await evidenceAfter(run, "mp3", zeros(14))).durations[0]?.value ?? Number.NaN;
    const first = await pidOf();
    expect([first > 0, first === process.pid, await pidOf()]).toEqual([true, false, first]);
    expect((await evidenceAfter(run, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "its process ended", required: true },
    ]);
    const second = await pidOf();
    expect(second).not.toBe(first);
    end();
    await vi.waitFor(() => expect(() => process.kill(second, 0)).toThrow("ESRCH"), 10_000);
    const impatient = nodeCrossCheck({ ...isolated, timeout: 50 });
    expect((await evidenceAfter(impatient.run, "mp3", zeros(15))).crossCheckNotes).toMatchObject([
      { why: "it took longer than 0.05 s and was terminated" },
    ]);
    impatient.end();
  });

  test("libraries passed as an option all run in this thread", async () => {
    const { run, end } = nodeCrossCheck({ load: named, worker: beside("./none.mjs") });
    expect((await evidenceAfter(run, "mp3", zeros(9))).facts.videoCodec).toBe("music-metadata");
    expect((await evidenceAfter(run, "mp4", zeros(9))).facts.videoCodec).toBe("mediainfo");
    expect((await evidenceAfter(run, "png", zeros(9))).facts.videoCodec).toBe("image-size");
    end();
    const loads = async (_: unknown, where: LibraryEnvironment): Promise<LibraryReading> => ({
      videoCodec: String(await where.wasm()),
    });
    const wasm = beside("./loops.mjs");
    const own = nodeCrossCheck({ wasm, load: async () => ({ reader: loads }) });
    expect((await evidenceAfter(own.run, "mp4", zeros(9))).crossCheckNotes).toMatchObject([
      { why: expect.stringContaining("loops.mjs is not the pinned MediaInfo module") },
    ]);
  });

  test("libraries are loaded by the first file that needs one", async () => {
    expect(
      (await evidenceAfter(nodeCrossCheckOnDemand({ load: named }), "mp4", zeros(9))).facts.videoCodec,
    ).toBe("mediainfo");
  });
});

describe("cross-check libraries in a page", () => {
  /** A page's Worker, on a thread of Node.js. */
  class PageWorker extends EventTarget {
    static started: { url: string; options: unknown; thread: Thread }[] = [];
    readonly #thread: Thread;
    constructor(url: string, options: unknown) {
      super();
      this.#thread = new Thread(new URL(url));
      this.#thread.on("message", (data) => this.dispatchEvent(new MessageEvent("message", { data })));
      this.#thread.on("error", ({ message }) => {
        // As a page's: an event with the reason, if it may be known.
        const event = new Event("error", { cancelable: true });
        this.dispatchEvent(Object.assign(event, { message: url.includes("silent") ? "" : message }));
        if (!event.defaultPrevented) throw new Error("the page got the error as well");
      });
      PageWorker.started.push({ url, options, thread: this.#thread });
    }
    postMessage(message: unknown): void {
      this.#thread.postMessage(message);
    }
    terminate(): void {
      void this.#thread.terminate();
    }
  }
  const inPage = (): void => void vi.stubGlobal("Worker", PageWorker);
  afterEach(() => {
    vi.unstubAllGlobals();
    PageWorker.started = [];
  });

  test("a library that may loop runs in the page's worker, the others in the page", async () => {
    inPage();
    const { run, end } = browserCrossCheck({ workerUrl: loops });
    expect((await evidenceAfter(run, "png", png)).sizes).toEqual(sized);
    expect(PageWorker.started).toEqual([]);
    for (const format of ["mp3", "mp4"] as const)
      expect((await evidenceAfter(run, format, zeros(14))).durations).toMatchObject([{ value: 2 }]);
    expect(PageWorker.started).toMatchObject([{ url: loops.href, options: { type: "module" } }]);
    const ended = once(PageWorker.started[0]?.thread as Thread, "exit");
    end();
    await ended;
  });

  test("the worker is terminated after the given time", async () => {
    inPage();
    const { run } = browserCrossCheck({ workerUrl: loops, timeout: 50 });
    expect((await evidenceAfter(run, "mp4", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "it took longer than 0.05 s and was terminated", required: true },
    ]);
  });

  test.each([
    ["none.mjs", expect.stringContaining("none.mjs")],
    ["silent.mjs", "its worker could not be started"],
  ])("a worker that cannot be started is a note: %s", async (name, why) => {
    inPage();
    const { run } = browserCrossCheck({ workerUrl: beside(`./${name}`) });
    expect((await evidenceAfter(run, "mp3", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why, required: true },
    ]);
  });

  test("without a worker, and with libraries passed as an option, all run in the page", async () => {
    inPage();
    const own = browserCrossCheck({ load: named, workerUrl: loops });
    expect((await evidenceAfter(own.run, "mp3", zeros(9))).facts.videoCodec).toBe("music-metadata");
    own.end();
    const plain = browserCrossCheck();
    const { durations } = await evidenceAfter(plain.run, "mp3", fixture("audio/mp3-vbr-lame.mp3"));
    expect(durations[0]?.from).toBe("music-metadata");
    plain.end();
    expect(PageWorker.started).toEqual([]);
  });

  test("MediaInfo is loaded from the address that the page gives for its module", async () => {
    await forgetMediaInfo();
    expect((await evidenceAfter(browserCrossCheck().run, "mp4", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "no address of its WebAssembly was given", required: true },
    ]);
    const { run } = browserCrossCheck({ wasmUrl: "http://127.0.0.1:1/module.wasm" });
    const [note] = (await evidenceAfter(run, "mp4", zeros(9))).crossCheckNotes;
    expect(note?.why).toContain("http://127.0.0.1:1/module.wasm cannot be fetched");
    vi.stubGlobal("location", new URL("http://127.0.0.1:1/app/"));
    const relative = browserCrossCheck({ wasmUrl: "module.wasm" });
    const [second] = (await evidenceAfter(relative.run, "mp4", zeros(9))).crossCheckNotes;
    expect(second?.why).toContain("http://127.0.0.1:1/app/module.wasm cannot be fetched");
  });

  test("calls with the same options share one worker, unless they pass their own libraries", () => {
    expect(sharedRun()).toBe(sharedRun({}));
    expect(sharedRun({ timeout: 5 })).toBe(sharedRun({ timeout: 5 }));
    expect(sharedRun({ timeout: 5 })).not.toBe(sharedRun({ timeout: 6 }));
    expect(sharedRun({ load: named })).not.toBe(sharedRun({ load: named }));
  });

  test("libraries are loaded by the first file that needs one; one that cannot be loaded is a note", async () => {
    expect(
      (await evidenceAfter(browserCrossCheckOnDemand({ load: named }), "mp4", zeros(9))).facts.videoCodec,
    ).toBe("mediainfo");
    const module = "../../../src/facts/cross-check/libraries.ts";
    vi.doMock(module, () => {
      throw new Error("Failed to fetch dynamically imported module");
    });
    expect((await evidenceAfter(browserCrossCheckOnDemand(), "mp4", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "all", why: "they are not installed or cannot be loaded", required: true },
    ]);
    vi.doUnmock(module);
  });
});
