import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { nodeCrossCheckOnDemand } from "../../../src/facts/cross-check/lazy.node.ts";
import { type NodeCrossCheckOptions, nodeCrossCheck } from "../../../src/facts/cross-check/libraries.node.ts";
import { browserCrossCheck } from "../../../src/facts/cross-check/libraries.ts";
import { needsCrossCheck } from "../../../src/facts/cross-check/policy.ts";
import { type Evidence, newEvidence, unread } from "../../../src/facts/evidence.ts";
import type { Format } from "../../../src/facts/formats.ts";
import { locateWasm } from "../../../wasm/locate.node.ts";
import { cpuMilliseconds, timed } from "../../timing.ts";
import { readEvidence } from "../read-evidence.ts";
import { counted, endlessSync, fixture, lengthened } from "./sources.ts";

const crossCheck = nodeCrossCheck();
afterAll(() => crossCheck.end());

async function ask(source: ByteSource, own = crossCheck): Promise<Evidence> {
  const evidence = await readEvidence(source);
  await own.run(source, evidence, {});
  return evidence;
}

/** Only the cross-check library's result: nothing was read before. */
async function alone(source: ByteSource, format: Format | null, own = crossCheck): Promise<Evidence> {
  const evidence = newEvidence(source.size);
  evidence.format = format;
  await own.run(source, evidence, {});
  return evidence;
}

async function withOptions<T>(
  options: NodeCrossCheckOptions,
  use: (own: typeof crossCheck) => Promise<T>,
): Promise<T> {
  const own = nodeCrossCheck(options);
  try {
    return await use(own);
  } finally {
    own.end();
  }
}

describe("each cross-check library on real files, without help from our own parsers", () => {
  test.each<[string, Format, number, number, string]>([
    ["image/jpeg-640x480.jpg", "jpeg", 640, 480, "image-size"],
    ["image/png-640x480.png", "png", 640, 480, "image-size"],
    ["image/gif-640x480.gif", "gif", 640, 480, "image-size"],
    ["image/webp-lossless-640x480.webp", "webp", 640, 480, "image-size"],
    ["image/bmp-400x400.bmp", "bmp", 400, 400, "image-size"],
    ["image/tiff-640x480.tif", "tiff", 640, 480, "mediainfo"],
    ["video/turned-90.mp4", "mp4", 0, 0, "mediainfo"],
  ])("%s", async (name, format, width, height, from) => {
    const { sizes, crossCheckNotes } = await alone(fixture(name), format);
    expect(crossCheckNotes).toEqual([]);
    if (width) expect(sizes).toEqual([{ width, height, from }]);
    else expect((sizes[0]?.width ?? 0) < (sizes[0]?.height ?? 0)).toBe(true);
  });

  test("mediainfo: rational rates, durations, codecs", async () => {
    const { durations, frameRates, facts } = await alone(fixture("video/rate-23.976.mp4"), "mp4");
    expect(frameRates).toEqual([{ value: 24_000 / 1001, from: "mediainfo" }]);
    expect(durations[0]?.from).toBe("mediainfo");
    expect(facts.videoCodec).toBe("h264");
  });

  test("music-metadata: the full duration of audio files from the header alone", async () => {
    const wav = counted(fixture("audio/wav-duration-15.0s.wav"));
    expect((await alone(wav.source, "wav")).durations).toEqual([{ value: 15, from: "music-metadata" }]);
    expect(wav.bytes()).toBeLessThan(2000);
    const mp3 = await alone(fixture("audio/mp3-vbr-lame.mp3"), "mp3");
    expect(mp3.durations[0]?.value).toBeCloseTo(2.5, 0);
  });

  test("file-type names formats that have no signature of ours", async () => {
    const evidence = await ask(
      fromBytes(new Uint8Array(await (await import("node:fs/promises")).readFile(locateWasm()))),
    );
    expect([evidence.format, evidence.label, evidence.mime]).toEqual([null, "WASM file", "application/wasm"]);
  });
});

describe("our parsers and the libraries agree on these files", () => {
  test.each([
    "video/rate-29.97.mov",
    "video/rate-60.mp4",
    "video/sar-turned-270.mp4",
    "video/sar-display-only.mp4",
    "video/trimmed-by-edit.mp4",
    "video/fragmented.mp4",
    "video/mvhd-claims-20s.mp4",
    "audio/wav-float.wav",
    "audio/mp3-stereo-3s.mp3",
    "image/jpeg-orientation-6.jpg",
    "image/tiff-big-endian.tif",
  ])("%s", async (name) => {
    const own = await readEvidence(fixture(name));
    const both = await ask(fixture(name));
    const values = (evidence: Evidence) => ({
      sizes: new Set(evidence.sizes.map((s) => `${s.width}×${s.height}`)),
      durations: new Set(evidence.durations.map((d) => d.value)),
      frameRates: new Set(evidence.frameRates.map((r) => r.value)),
    });
    expect(values(both)).toEqual(values(own));
    expect(both.facts).toEqual(own.facts);
    const readings = (e: Evidence): number => e.sizes.length + e.durations.length + e.frameRates.length;
    expect(readings(both)).toBeGreaterThan(readings(own));
  });
});

describe("a library is not run on a file that it reads wrongly", () => {
  test.each([
    ["image/heic-grid-600x450.heic", "grids"],
    ["image/heif-mif1-640x480.heif", "grids"],
    ["image/tiff-bigtiff.tif", "BigTIFF"],
    ["image/bmp-os2-12-byte-header.bmp", "OS/2"],
  ])("%s", async (name, why) => {
    const own = await readEvidence(fixture(name));
    const both = await ask(fixture(name));
    expect(both.crossCheckNotes).toMatchObject([{ why: expect.stringContaining(why) }]);
    expect(both.sizes).toEqual(own.sizes);
  });
});

describe("the cost of a cross-check", () => {
  test("of a 40 MB clip is 512 KiB of reads, its first and last bytes included", async () => {
    const { source, bytes } = counted(lengthened("video/mp4-moov-first.mp4", 40 << 20));
    const evidence = await alone(source, "mp4");
    expect(evidence.crossCheckNotes).toEqual([]);
    expect(evidence.frameRates[0]?.from).toBe("mediainfo");
    expect(bytes()).toBeLessThan(500_000);
    expect(bytes()).toBeGreaterThan(64 * 1024);
  });

  test("a library receives no buffer that it could write into", async () => {
    const bytes = new Uint8Array(
      await (await import("node:fs/promises")).readFile("fixtures/image/png-640x480.png"),
    );
    const before = bytes.slice();
    await alone(
      fromBytes(bytes),
      "png",
      nodeCrossCheck({
        load: async () => ({
          reader: async (question) => {
            (await question.read(0, 1 << 20)).fill(0);
            return {};
          },
        }),
      }),
    );
    expect(bytes).toEqual(before);
  });

  test("20 MB of zeros after the first bytes of a JPEG: a note, without delay", timed, async () => {
    const zeros = new Uint8Array(20 << 20);
    zeros.set([0xff, 0xd8, 0xff, 0xe0]);
    const { source, bytes } = counted(fromBytes(zeros));
    const before = cpuMilliseconds();
    const { crossCheckNotes } = await alone(source, "jpeg");
    expect(cpuMilliseconds() - before).toBeLessThan(500);
    expect(bytes()).toBeLessThanOrEqual(256 * 1024);
    expect(crossCheckNotes).toMatchObject([{ crossCheck: "image-size" }]);
  });
});

describe("a cross-check library that fails is a note", () => {
  test("hostile MP3: stopped by its read budget or by its timeout", async () => {
    const before = performance.now();
    const { crossCheckNotes, durations } = await alone(endlessSync(20 << 20), "mp3");
    // Left alone it takes a minute.
    expect(performance.now() - before).toBeLessThan(30_000);
    expect(crossCheckNotes).toMatchObject([{ crossCheck: "music-metadata" }]);
    expect(durations).toEqual([]);
    const short = await withOptions({ timeout: 5 }, (own) => alone(endlessSync(20 << 20), "mp3", own));
    expect(short.crossCheckNotes).toMatchObject([{ why: expect.stringContaining("was terminated") }]);
  });

  test("an endless loop is terminated, and the next file is handled", async () => {
    const worker = new URL("./loops.mjs", import.meta.url);
    await withOptions({ worker, timeout: 100 }, async (own) => {
      const [endless, next] = await Promise.all([
        alone(fromBytes(new Uint8Array(13)), "wav", own),
        alone(fromBytes(new Uint8Array(14)), "wav", own),
      ]);
      expect(endless.crossCheckNotes).toEqual([
        { crossCheck: "music-metadata", why: "it took longer than 0.1 s and was terminated" },
      ]);
      expect(next.durations).toEqual([{ value: 2, from: "music-metadata" }]);
    });
  });

  test("a library that is not installed, a missing worker, another WebAssembly file", async () => {
    const source = fixture("video/rate-24.mp4");
    const notes = async (options: NodeCrossCheckOptions): Promise<unknown> =>
      (await withOptions(options, (own) => alone(source, "mp4", own))).crossCheckNotes;
    expect(await notes({ load: () => Promise.reject(new Error("Cannot find package")) })).toEqual([
      { crossCheck: "mediainfo", why: "mediainfo is not installed or cannot be loaded" },
    ]);
    expect(await notes({ worker: new URL("./none.mjs", import.meta.url) })).toMatchObject([
      { crossCheck: "mediainfo" },
    ]);
    const other = new URL("./sources.ts", import.meta.url);
    expect(await notes({ wasm: other })).toMatchObject([
      { why: expect.stringContaining("is not the pinned MediaInfo module") },
    ]);
  });

  test("a library that throws: its message in one line, without control characters", async () => {
    const crossCheck = (): Promise<never> => Promise.reject(new Error(`bad\u001b[31m\n${"x".repeat(500)}`));
    const { crossCheckNotes } = await withOptions({ load: async () => ({ reader: crossCheck }) }, (own) =>
      alone(fixture("image/png-640x480.png"), "png", own),
    );
    expect(crossCheckNotes[0]?.why).toMatch(/^bad \[31m x+$/);
    expect(crossCheckNotes[0]?.why.length).toBeLessThanOrEqual(200);
  });

  test("no absolute path of this machine appears in a note", async () => {
    const wasm = "/home/somebody/secret place/no such/MediaInfoModule.wasm".replaceAll(" ", "-");
    const evidence = await readEvidence(fixture("video/mp4-h264-aac.mp4"));
    const { run, end } = nodeCrossCheck({ wasm });
    await run(fixture("video/mp4-h264-aac.mp4"), evidence, { crossCheck: "always" });
    end();
    expect(evidence.crossCheckNotes).toHaveLength(1);
    expect(JSON.stringify(evidence.crossCheckNotes)).not.toMatch(/somebody|secret|\/home/);
    expect(JSON.stringify(evidence.crossCheckNotes)).toContain("MediaInfoModule.wasm");
  });
  test("in a page without the address of its WebAssembly file", async () => {
    const own = browserCrossCheck();
    const { crossCheckNotes } = await alone(fixture("video/rate-24.mp4"), "mp4", own);
    expect(crossCheckNotes).toEqual([
      { crossCheck: "mediainfo", why: "no address of its WebAssembly was given" },
    ]);
  });

  test("a source that cannot be read is no failure of the library", async () => {
    const source = fixture("video/rate-24.mp4");
    let reads = 0;
    const breaking: ByteSource = {
      ...source,
      read: (offset, length) => {
        if (++reads > 1) throw new Error("the disk is gone");
        return source.read(offset, length);
      },
    };
    await expect(alone(breaking, "mp4")).rejects.toThrow("the disk is gone");
  });

  test("the caller's signal stops it", async () => {
    const source = fixture("video/rate-24.mp4");
    const evidence = newEvidence(source.size);
    evidence.format = "mp4";
    await expect(crossCheck.run(source, evidence, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

describe("the cross-check policy", () => {
  test("auto: unusual or unknown files unless certainly damaged; always; never", () => {
    const evidence = newEvidence(10);
    expect(needsCrossCheck(evidence)).toBe(true);
    evidence.format = "mp4";
    expect(needsCrossCheck(evidence)).toBe(false);
    expect(needsCrossCheck(evidence, "always")).toBe(true);
    evidence.unusual.add("contradiction");
    expect(needsCrossCheck(evidence)).toBe(true);
    expect(needsCrossCheck(evidence, "never")).toBe(false);
    evidence.damage.push({ code: "cut-short", part: "mdat", at: 0, missing: 1, certain: true });
    expect(needsCrossCheck(evidence)).toBe(false);
    expect(needsCrossCheck(evidence, "always")).toBe(true);
  });

  test("auto: no files that exceeded our parser's budget, since they would take a library seconds", () => {
    const evidence = { ...newEvidence(10), format: "mp3" as const };
    unread(evidence, "duration");
    expect(needsCrossCheck(evidence)).toBe(true);
    unread(evidence, "all", { code: "budget", which: "entries" });
    expect(needsCrossCheck(evidence)).toBe(false);
    expect(needsCrossCheck(evidence, "always")).toBe(true);
  });

  test("calls with the same options share one worker", () => {
    expect(nodeCrossCheckOnDemand({ timeout: 100 })).toBe(nodeCrossCheckOnDemand({ timeout: 100 }));
    expect(nodeCrossCheckOnDemand({ timeout: 100 })).not.toBe(nodeCrossCheckOnDemand({ timeout: 200 }));
  });

  test("a process that ran a cross-check exits by itself", async () => {
    const script = `
      const { nodeCrossCheck } = await import("./src/facts/cross-check/libraries.node.ts");
      const { fromPath } = await import("./src/bytes/path.node.ts");
      const { newEvidence } = await import("./src/facts/evidence.ts");
      const source = fromPath("fixtures/video/rate-24.mp4");
      const evidence = { ...newEvidence(source.size), format: "mp4" };
      await nodeCrossCheck().run(source, evidence, {});
      console.log(evidence.frameRates[0].value);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      timeout: 20_000,
    });
    expect(Number(stdout)).toBeCloseTo(24, 6);
  });
});
