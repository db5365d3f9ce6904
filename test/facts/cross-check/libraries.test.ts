import { once } from "node:events";
import { Worker as Thread } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { nodeCrossCheckOnDemand } from "../../../src/facts/cross-check/lazy.node.ts";
import { browserCrossCheckOnDemand } from "../../../src/facts/cross-check/lazy.ts";
import { nodeCrossCheck } from "../../../src/facts/cross-check/libraries.node.ts";
import { browserCrossCheck, sharedConsult } from "../../../src/facts/cross-check/libraries.ts";
import type {
  CrossCheckLibrary,
  LibraryEnvironment,
  LibraryName,
  LibraryReading,
} from "../../../src/facts/cross-check/library-reading.ts";
import type { RunCrossCheck } from "../../../src/facts/cross-check/policy.ts";
import { type Evidence, newEvidence } from "../../../src/facts/evidence.ts";
import type { Format } from "../../../src/facts/formats.ts";
import { fixture, zeros } from "../image/pictures.ts";
import { forgetMediaInfo } from "./sources.ts";

/* Where cross-check library run: those that may loop in a worker, those that cannot in the caller's thread. */

const asked = async (consult: RunCrossCheck, format: Format | null, bytes: Uint8Array): Promise<Evidence> => {
  const evidence = { ...newEvidence(bytes.length), format };
  await consult(fromBytes(bytes), evidence, { crossCheck: "always" });
  return evidence;
};
const png = fixture("image/png-640x480.png");
const sized = [{ width: 640, height: 480, from: "image-size" }];
const beside = (name: string): URL => new URL(name, import.meta.url);
const loops = beside("./loops.mjs");

/** A library that says which one it was taken for. */
const named = async (name: LibraryName): Promise<{ crossCheck: CrossCheckLibrary }> => ({
  crossCheck: async (): Promise<LibraryReading> => ({ videoCodec: name }),
});

describe("on Node", () => {
  test("what is bounded needs no worker", async () => {
    const { consult, end } = nodeCrossCheck({ worker: beside("./none.mjs") });
    expect((await asked(consult, "png", png)).sizes).toEqual(sized);
    const pdf = new TextEncoder().encode("%PDF-1.7 and more");
    expect((await asked(consult, null, pdf)).label).toBe("PDF document");
    expect((await asked(consult, "mp3", zeros(50))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: expect.stringContaining("none.mjs"), required: true },
    ]);
    end();
  });

  test("what may loop runs in the worker that is given, and is ended after the time given", async () => {
    const { consult, end } = nodeCrossCheck({ worker: loops });
    expect((await asked(consult, "mp3", zeros(14))).durations).toEqual([
      { value: 2, from: "music-metadata" },
    ]);
    end();
    const hasty = nodeCrossCheck({ worker: loops, timeout: 50 });
    expect((await asked(hasty.consult, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "it took longer than 0.05 s and was ended", required: true },
    ]);
    hasty.end();
  });

  test("the worker that comes with it, and its libraries, are found", async () => {
    const { consult, end } = nodeCrossCheck();
    const { durations } = await asked(consult, "mp3", fixture("audio/mp3-vbr-lame.mp3"));
    expect(durations).toMatchObject([{ from: "music-metadata" }]);
    end();
  });

  test("a thread has a limit to its memory, no arguments, and nothing to say on this process's behalf", async () => {
    const out = vi.spyOn(process.stdout, "write");
    const err = vi.spyOn(process.stderr, "write");
    const { consult, end } = nodeCrossCheck({ worker: beside("./by-thread.mjs") });
    expect((await asked(consult, "mp3", zeros(14))).facts).toMatchObject({ channels: 2, sampleRate: 256 });
    expect((await asked(consult, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "its worker ended", required: true },
    ]);
    end();
    expect([...out.mock.calls, ...err.mock.calls].flat().join()).not.toContain("a crossCheck's own words");
    vi.restoreAllMocks();
  });

  test("a process of its own may take a thread's place, and die or be ended without harm", async () => {
    const isolated = { worker: beside("./by-process.mjs"), isolation: "process" } as const;
    const { consult, end } = nodeCrossCheck(isolated);
    const pidOf = async (): Promise<number> =>
      (await asked(consult, "mp3", zeros(14))).durations[0]?.value ?? Number.NaN;
    const first = await pidOf();
    expect([first > 0, first === process.pid, await pidOf()]).toEqual([true, false, first]);
    expect((await asked(consult, "mp3", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why: "its process ended", required: true },
    ]);
    const second = await pidOf();
    expect(second).not.toBe(first);
    end();
    await vi.waitFor(() => expect(() => process.kill(second, 0)).toThrow("ESRCH"), 10_000);
    const hasty = nodeCrossCheck({ ...isolated, timeout: 50 });
    expect((await asked(hasty.consult, "mp3", zeros(15))).crossCheckNotes).toMatchObject([
      { why: "it took longer than 0.05 s and was ended" },
    ]);
    hasty.end();
  });

  test("libraries that are given run in this thread, all of them", async () => {
    const { consult, end } = nodeCrossCheck({ load: named, worker: beside("./none.mjs") });
    expect((await asked(consult, "mp3", zeros(9))).facts.videoCodec).toBe("music-metadata");
    expect((await asked(consult, "mp4", zeros(9))).facts.videoCodec).toBe("mediainfo");
    expect((await asked(consult, "png", zeros(9))).facts.videoCodec).toBe("image-size");
    end();
    const loads = async (_: unknown, where: LibraryEnvironment): Promise<LibraryReading> => ({
      videoCodec: String(await where.wasm()),
    });
    const wasm = beside("./loops.mjs");
    const own = nodeCrossCheck({ wasm, load: async () => ({ crossCheck: loads }) });
    expect((await asked(own.consult, "mp4", zeros(9))).crossCheckNotes).toMatchObject([
      { why: expect.stringContaining("loops.mjs is not the pinned MediaInfo module") },
    ]);
  });

  test("are loaded by the first who wants one", async () => {
    expect((await asked(nodeCrossCheckOnDemand({ load: named }), "mp4", zeros(9))).facts.videoCodec).toBe(
      "mediainfo",
    );
  });
});

describe("in a page", () => {
  /** What a page calls a Worker, on a thread of Node's. */
  class PageWorker extends EventTarget {
    static started: { url: string; options: unknown; thread: Thread }[] = [];
    readonly #thread: Thread;
    constructor(url: string, options: unknown) {
      super();
      this.#thread = new Thread(new URL(url));
      this.#thread.on("message", (data) => this.dispatchEvent(new MessageEvent("message", { data })));
      this.#thread.on("error", ({ message }) => {
        // As a page's: an event that names the trouble, if it may be known.
        const event = new Event("error", { cancelable: true });
        this.dispatchEvent(Object.assign(event, { message: url.includes("silent") ? "" : message }));
        if (!event.defaultPrevented) throw new Error("the page was told of it as well");
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

  test("what may loop runs in the page's worker, what cannot in the page", async () => {
    inPage();
    const { consult, end } = browserCrossCheck({ workerUrl: loops });
    expect((await asked(consult, "png", png)).sizes).toEqual(sized);
    expect(PageWorker.started).toEqual([]);
    for (const format of ["mp3", "mp4"] as const)
      expect((await asked(consult, format, zeros(14))).durations).toMatchObject([{ value: 2 }]);
    expect(PageWorker.started).toMatchObject([{ url: loops.href, options: { type: "module" } }]);
    const ended = once(PageWorker.started[0]?.thread as Thread, "exit");
    end();
    await ended;
  });

  test("it is ended after the time given", async () => {
    inPage();
    const { consult } = browserCrossCheck({ workerUrl: loops, timeout: 50 });
    expect((await asked(consult, "mp4", zeros(13))).crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "it took longer than 0.05 s and was ended", required: true },
    ]);
  });

  test.each([
    ["none.mjs", expect.stringContaining("none.mjs")],
    ["silent.mjs", "its worker could not be started"],
  ])("a worker that is not there is a note: %s", async (name, why) => {
    inPage();
    const { consult } = browserCrossCheck({ workerUrl: beside(`./${name}`) });
    expect((await asked(consult, "mp3", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "music-metadata", why, required: true },
    ]);
  });

  test("without a worker, and with libraries that are given, all run in the page", async () => {
    inPage();
    const own = browserCrossCheck({ load: named, workerUrl: loops });
    expect((await asked(own.consult, "mp3", zeros(9))).facts.videoCodec).toBe("music-metadata");
    own.end();
    const plain = browserCrossCheck();
    const { durations } = await asked(plain.consult, "mp3", fixture("audio/mp3-vbr-lame.mp3"));
    expect(durations[0]?.from).toBe("music-metadata");
    plain.end();
    expect(PageWorker.started).toEqual([]);
  });

  test("MediaInfo is asked where the page says that its module lies", async () => {
    await forgetMediaInfo();
    expect((await asked(browserCrossCheck().consult, "mp4", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "no address of its WebAssembly was given", required: true },
    ]);
    const { consult } = browserCrossCheck({ wasmUrl: "http://127.0.0.1:1/module.wasm" });
    const [note] = (await asked(consult, "mp4", zeros(9))).crossCheckNotes;
    expect(note?.why).toContain("http://127.0.0.1:1/module.wasm cannot be fetched");
    vi.stubGlobal("location", new URL("http://127.0.0.1:1/app/"));
    const relative = browserCrossCheck({ wasmUrl: "module.wasm" });
    const [second] = (await asked(relative.consult, "mp4", zeros(9))).crossCheckNotes;
    expect(second?.why).toContain("http://127.0.0.1:1/app/module.wasm cannot be fetched");
  });

  test("calls with the same options share one, but for those that bring their own libraries", () => {
    expect(sharedConsult()).toBe(sharedConsult({}));
    expect(sharedConsult({ timeout: 5 })).toBe(sharedConsult({ timeout: 5 }));
    expect(sharedConsult({ timeout: 5 })).not.toBe(sharedConsult({ timeout: 6 }));
    expect(sharedConsult({ load: named })).not.toBe(sharedConsult({ load: named }));
  });

  test("they are loaded by the first who wants one; what cannot be loaded is a note", async () => {
    expect((await asked(browserCrossCheckOnDemand({ load: named }), "mp4", zeros(9))).facts.videoCodec).toBe(
      "mediainfo",
    );
    const module = "../../../src/facts/cross-check/libraries.ts";
    vi.doMock(module, () => {
      throw new Error("Failed to fetch dynamically imported module");
    });
    expect((await asked(browserCrossCheckOnDemand(), "mp4", zeros(9))).crossCheckNotes).toEqual([
      { crossCheck: "all", why: "they are not installed or cannot be loaded", required: true },
    ]);
    vi.doUnmock(module);
  });
});
