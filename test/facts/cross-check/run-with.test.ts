import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { MediaPreflightError } from "../../../src/errors.ts";
import type {
  LibraryInput,
  LibraryReading,
  RunLibrary,
} from "../../../src/facts/cross-check/library-reading.ts";
import { crossCheckWith } from "../../../src/facts/cross-check/run.ts";
import { type Evidence, newEvidence, unread } from "../../../src/facts/evidence.ts";
import { type Format, formats } from "../../../src/facts/formats.ts";
import { fixture, join, u32, zeros } from "../image/pictures.ts";

/* Which library reads which file, how much it may read, and how its result is used; the tests are the library. */

const evidenceOf = (format: Format | null): Evidence => ({ ...newEvidence(100), format });

interface Run {
  evidence: Evidence;
  /** The libraries that were run, and on what. */
  calls: [name: string, format: Format | null, size: number][];
}
async function crossChecked(
  format: Format | null,
  {
    source = fromBytes(zeros(100)),
    answer = async () => ({}),
    evidence = evidenceOf(format),
  }: {
    source?: ByteSource;
    answer?: (input: LibraryInput) => Promise<LibraryReading>;
    evidence?: Evidence;
  } = {},
): Promise<Run> {
  const calls: Run["calls"] = [];
  const runLibrary: RunLibrary = (name, input) => {
    calls.push([name, input.format, input.size]);
    return answer(input);
  };
  await crossCheckWith(runLibrary)(source, evidence, {});
  return { evidence, calls };
}

describe("the libraries that are run", () => {
  test.each<[Format | null, string]>([
    ["jpeg", "image-size"],
    ["png", "image-size"],
    ["gif", "image-size"],
    ["webp", "image-size"],
    ["tiff", "mediainfo"],
    ["mp4", "mediainfo"],
    ["mov", "mediainfo"],
    ["m4a", "mediainfo"],
    ["wav", "music-metadata"],
    ["mp3", "music-metadata"],
    [null, "file-type"],
  ])("about %s: %s", async (format, name) => {
    const { calls, evidence } = await crossChecked(format);
    expect([calls, evidence.crossCheckNotes]).toEqual([[[name, format, 100]], []]);
  });

  test("about a format that is only recognised: none", async () => {
    for (const format of ["avif", "webm", "flac", "3gp", "pdf"] as const) {
      const { calls, evidence } = await crossChecked(format);
      expect([format, calls, evidence.crossCheckNotes]).toEqual([format, [], []]);
    }
  });

  test("about an empty source or one of unknown size: none", async () => {
    expect((await crossChecked("png", { source: fromBytes(zeros(0)) })).calls).toEqual([]);
    expect((await crossChecked("png", { source: { ...fromBytes(zeros(9)), size: null } })).calls).toEqual([]);
  });

  const bmp = (header: number): Uint8Array => join("BM", zeros(12), u32(header), zeros(40));
  test.each<[string, Format, Uint8Array, string, why: string | null]>([
    ["HEIC", "heic", zeros(9), "mediainfo", "no library is right about grids and primary items of HEIF"],
    ["HEIF", "heif", zeros(9), "mediainfo", "no library is right about grids and primary items of HEIF"],
    ["BigTIFF", "tiff", join("II", [43, 0]), "mediainfo", "MediaInfo does not read BigTIFF"],
    [
      "BigTIFF the other way round",
      "tiff",
      join("MM", [0, 43]),
      "mediainfo",
      "MediaInfo does not read BigTIFF",
    ],
    ["TIFF", "tiff", join("II", [42, 0]), "mediainfo", null],
    ["OS/2's bitmap", "bmp", bmp(12), "image-size", "image-size misreads OS/2 headers"],
    ["a bitmap of a header too small", "bmp", bmp(39), "image-size", "image-size misreads OS/2 headers"],
    ["a bitmap that is cut", "bmp", join("BM"), "image-size", "image-size misreads OS/2 headers"],
    ["Windows' bitmap", "bmp", bmp(40), "image-size", null],
  ])("about %s: only the one that is right", async (_, format, bytes, crossCheck, why) => {
    const { calls, evidence } = await crossChecked(format, { source: fromBytes(bytes) });
    expect(evidence.crossCheckNotes).toEqual(why === null ? [] : [{ crossCheck, why }]);
    expect(calls).toHaveLength(why === null ? 1 : 0);
  });
});

describe("the read budget of a library", () => {
  /** How many bytes the library gets of each of these ranges. */
  const reading = async (
    format: Format,
    bytes: Uint8Array,
    ...wanted: [number, number][]
  ): Promise<number[]> => {
    const got: number[] = [];
    const answer = async ({ read }: LibraryInput): Promise<LibraryReading> => {
      for (const [offset, length] of wanted) got.push((await read(offset, length)).length);
      return {};
    };
    const { evidence } = await crossChecked(format, { source: fromBytes(bytes), answer });
    expect(evidence.crossCheckNotes).toEqual([]);
    return got;
  };
  test("is 512 KiB for an image or audio file", async () => {
    const max = 512 * 1024;
    expect(await reading("png", zeros(1 << 20), [0, 1 << 20], [0, 1])).toEqual([max, 0]);
    expect(await reading("mp3", zeros(1 << 20), [9, 500_000], [0, 50_000])).toEqual([500_000, max - 500_000]);
  });
  test.each<Format>(["mp4", "mov", "m4a"])("includes the header of a video: %s", async (format) => {
    const box = (type: string, body: number): Uint8Array => join(u32(body + 8, true), type, zeros(body));
    const video = join(box("ftyp", 8), box("mdat", 400_000), box("moov", 600_000));
    const moov = 400_024;
    expect(await reading(format, video, [moov, 600_008], [100_000, 300_000])).toEqual([600_008, 262_144]);
  });
  test("allows nothing after the caller aborted", async () => {
    const signal = AbortSignal.abort();
    const runLibrary: RunLibrary = async (_, { read }) => ({ duration: (await read(0, 1)).length });
    const running = crossCheckWith(runLibrary)(fromBytes(zeros(9)), evidenceOf("png"), { signal });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a library's result", () => {
  test("is added to the readings and updates the facts", async () => {
    const evidence = evidenceOf("png");
    unread(evidence, "width");
    unread(evidence, "height");
    await crossChecked("png", { evidence, answer: async () => ({ size: { width: 30, height: 40 } }) });
    expect(evidence.facts).toMatchObject({ format: "png", width: 30, height: 40, truncated: false });
    expect(evidence.sizes).toEqual([{ width: 30, height: 40, from: "image-size" }]);
  });

  test.each<[string, boolean]>([
    ["video/fragmented.mp4", true],
    ["video/mp4-h264-aac.mp4", false],
  ])("about %s is an estimate: %s", async (name, isEstimate) => {
    const source = fromBytes(fixture(name));
    const { evidence } = await crossChecked("mp4", { source, answer: async () => ({ duration: 77 }) });
    expect([evidence.durations.length, evidence.crossCheckNotes.length]).toEqual(
      isEstimate ? [0, 1] : [1, 0],
    );
  });

  const naming = async (mime: string, extension: string, kind: "image" | "audio" | null = null) =>
    (await crossChecked(null, { answer: async () => ({ named: { mime, extension, kind } }) })).evidence;
  test("names formats that have no signature of ours, by our tables or by its extension", async () => {
    expect(await naming("image/avif", "avif", "image")).toMatchObject({
      label: "AVIF image",
      mime: "image/avif",
      kind: "image",
      crossCheckNotes: [],
    });
    expect(await naming("application/wasm", "wasm")).toMatchObject({
      label: "WASM file",
      mime: "application/wasm",
      kind: null,
    });
  });
  test("naming a format that our parsers read is a note, because its structure was not found", async () => {
    expect(await naming("image/png", "png", "image")).toMatchObject({
      label: null,
      mime: null,
      kind: null,
      crossCheckNotes: [{ crossCheck: "file-type", why: "calls it png, whose structure was not found" }],
    });
  });
  test("naming a format that our parsers read, but that has no cross-check library, is used", async () => {
    expect((await naming("image/heic", "heic", "image")).label).toBe(formats.heic.label);
  });
  test("without a format leaves the format unknown", async () => {
    const { evidence } = await crossChecked(null);
    expect([evidence.label, evidence.mime, evidence.kind, evidence.crossCheckNotes]).toEqual([
      null,
      null,
      null,
      [],
    ]);
  });
  test("does not replace a kind that is known", async () => {
    const evidence = { ...evidenceOf(null), kind: "video" as const };
    const named = { mime: "image/avif", extension: "avif", kind: "image" as const };
    await crossChecked(null, { evidence, answer: async () => ({ named }) });
    expect(evidence.kind).toBe("video");
  });
});

describe("an error", () => {
  const noteOf = async (error: unknown): Promise<string | undefined> => {
    const { evidence } = await crossChecked("png", { answer: () => Promise.reject(error) });
    expect(evidence.crossCheckNotes).toMatchObject([{ crossCheck: "image-size" }]);
    expect(evidence.facts.format).toBe("png");
    return evidence.crossCheckNotes[0]?.why;
  };
  test.each<[string, unknown, string]>([
    ["an error", new Error("no size"), "no size"],
    ["text", "refused", "refused"],
    ["nothing", new Error(""), "it failed without a message"],
    ["lines and colours", new Error("bad\u001b[31m\n\n\u009bfile"), "bad [31m file"],
    ["much", new Error("x".repeat(500)), "x".repeat(200)],
    [
      "an error of ours, whole",
      new MediaPreflightError("not-found", `no ${"x".repeat(250)}`),
      `no ${"x".repeat(250)}`,
    ],
  ])("of a cross-check library is a note: %s", async (_, error, note) =>
    expect(await noteOf(error)).toBe(note),
  );

  test("of the source is thrown to the caller, whatever the library does with it", async () => {
    const source = {
      ...fromBytes(zeros(100)),
      read: (): never => {
        throw new Error("the disk is gone");
      },
    };
    const reads = async ({ read }: LibraryInput): Promise<LibraryReading> => ({
      duration: (await read(0, 1)).length,
    });
    await expect(crossChecked("png", { source, answer: reads })).rejects.toThrow("the disk is gone");
    const swallows = async ({ read }: LibraryInput): Promise<LibraryReading> => {
      await read(0, 1).catch(() => {});
      throw new Error("it was no picture");
    };
    await expect(crossChecked("png", { source, answer: swallows })).rejects.toThrow("the disk is gone");
  });
});
