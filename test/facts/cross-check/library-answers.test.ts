import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { readWithLibrary } from "../../../src/facts/cross-check/read-with-library.ts";
import type { Format } from "../../../src/facts/formats.ts";
// Answered by below, and loaded before the first test.
import "../../../src/facts/cross-check/file-type.ts";
import "../../../src/facts/cross-check/image-size.ts";
import { libraryReadingOf } from "../../../src/facts/cross-check/mediainfo.ts";
import "../../../src/facts/cross-check/music-metadata.ts";
import { browserEnvironment } from "../../../src/facts/cross-check/browser-environment.ts";
import type {
  LibraryEnvironment,
  LibraryInput,
  LibraryName,
  LibraryReading,
} from "../../../src/facts/cross-check/library-reading.ts";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import { integrity } from "../../../wasm/pin.ts";
import { frames } from "../audio/audio-bytes.ts";
import { fixture, join, zeros } from "../image/pictures.ts";
import { forgetMediaInfo } from "./sources.ts";

/* Each library on real files, in this thread: how its result is interpreted. */

const here: LibraryEnvironment = { wasm: () => verifiedWasmPath(null) };

const question = (bytes: Uint8Array, format: Format | null = null): LibraryInput => ({
  format,
  size: bytes.length,
  read: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
});
const asked = (name: LibraryName, path: string, format: Format | null = null): Promise<LibraryReading> =>
  readWithLibrary(name, question(fixture(path), format), here);

describe("image-size", () => {
  test.each<[string, Format, number, number]>([
    ["image/jpeg-640x480.jpg", "jpeg", 640, 480],
    ["image/jpeg-orientation-6.jpg", "jpeg", 480, 640],
    ["image/png-640x480.png", "png", 640, 480],
    ["image/bmp-400x400.bmp", "bmp", 400, 400],
  ])("reports the display size of %s", async (path, format, width, height) =>
    expect(await asked("image-size", path, format)).toStrictEqual({ size: { width, height } }),
  );
  test("reads only the header, and throws on an unknown format", async () => {
    const far = join(fixture("image/png-640x480.png"), zeros(1 << 20));
    let most = 0;
    const read: LibraryInput["read"] = async (offset, length) => {
      most = Math.max(most, offset + length);
      return new Uint8Array(far.subarray(offset, offset + length));
    };
    await readWithLibrary("image-size", { format: "png", size: far.length, read }, here);
    expect(most).toBe(256 * 1024);
    await expect(readWithLibrary("image-size", question(zeros(100)), here)).rejects.toThrow();
    for (const side of [16, 20]) {
      const nothing = fixture("image/png-640x480.png");
      nothing.fill(0, side, side + 4);
      await expect(readWithLibrary("image-size", question(nothing, "png"), here)).rejects.toThrow(
        "it found no size",
      );
    }
  });
  test.each([
    [1, 640, 480],
    [4, 640, 480],
    [5, 480, 640],
    [8, 480, 640],
  ])("applies orientation %i of a JPEG", async (orientation, width, height) => {
    const jpeg = fixture("image/jpeg-orientation-6.jpg");
    jpeg[Buffer.from(jpeg).indexOf("\x01\x12\0\x03", 0, "latin1") + 9] = orientation;
    expect(await readWithLibrary("image-size", question(jpeg, "jpeg"), here)).toEqual({
      size: { width, height },
    });
  });
});

describe("file-type", () => {
  test.each<[string, LibraryReading]>([
    ["image/png-640x480.png", { named: { mime: "image/png", extension: "png", kind: "image" } }],
    ["video/mp4-h264-aac.mp4", { named: { mime: "video/mp4", extension: "mp4", kind: "video" } }],
    ["audio/mp3-vbr-lame.mp3", { named: { mime: "audio/mpeg", extension: "mp3", kind: "audio" } }],
  ])("names %s", async (path, libraryReading) =>
    expect(await asked("file-type", path)).toStrictEqual(libraryReading),
  );
  test("names formats that are not media, and nothing for noise", async () => {
    const pdf = new TextEncoder().encode(`%PDF-1.7\n${" ".repeat(100)}`);
    expect(await readWithLibrary("file-type", question(pdf), here)).toEqual({
      named: { mime: "application/pdf", extension: "pdf", kind: null },
    });
    expect(await readWithLibrary("file-type", question(zeros(100)), here)).toEqual({});
  });
});

describe("music-metadata", () => {
  test.each<[string, Format, LibraryReading]>([
    ["audio/wav-duration-15.0s.wav", "wav", { duration: 15, sampleRate: 8000, channels: 1 }],
    ["audio/mp3-vbr-lame.mp3", "mp3", { duration: (97 * 1152) / 44_100, sampleRate: 44_100, channels: 2 }],
    // Where all frames it saw had one bit rate, the rest is a guess.
    [
      "audio/mp3-no-xing.mp3",
      "mp3",
      { duration: (97 * 1152) / 44_100, sampleRate: 44_100, channels: 2, estimate: true },
    ],
    ["audio/mp3-free-format.mp3", "mp3", { sampleRate: 48_000, channels: 2 }],
    // By their declared format: their first bytes are ambiguous.
    [
      "audio/mp3-junk-before.mp3",
      "mp3",
      { duration: (97 * 1152) / 44_100, sampleRate: 44_100, channels: 2, estimate: true },
    ],
    ["audio/wav-rf64.wav", "wav", {}],
  ])("reads the duration of %s", async (path, format, libraryReading) =>
    expect(await asked("music-metadata", path, format)).toStrictEqual(libraryReading),
  );
  test.each([
    ["seems to keep one bit rate", 9, { estimate: true }],
    ["does not", 11, {}],
  ])("reads little of a long file that %s", async (_, other, expected) => {
    const two = join(frames(1), frames(1, [0xff, 0xfb, other << 4, 0xc0], other === 9 ? 417 : 626));
    const long = join(...Array<Uint8Array>(2000).fill(two));
    let read = 0;
    const counted: LibraryInput = {
      ...question(long, "mp3"),
      read: async (offset, length) => {
        read += length;
        return new Uint8Array(long.subarray(offset, offset + length));
      },
    };
    const { duration, ...libraryReading } = await readWithLibrary("music-metadata", counted, here);
    expect([libraryReading, duration === undefined]).toEqual([
      { ...expected, sampleRate: 44_100, channels: 1 },
      !("estimate" in expected),
    ]);
    expect(read).toBeLessThan(long.length / 4);
  });
  test("does not guess a duration if a read is refused", async () => {
    const bytes = fixture("audio/mp3-vbr-lame.mp3");
    const read: LibraryInput["read"] = async (offset, length) =>
      new Uint8Array(bytes.subarray(offset, offset + Math.min(length, 10)));
    const asking = readWithLibrary("music-metadata", { format: "mp3", size: bytes.length, read }, here);
    await expect(asking).rejects.toThrow("it needs more of the file than it may read");
  });
});

describe("MediaInfo", () => {
  const film = { size: { width: 854, height: 480 }, videoCodec: "h264", frameRate: 24 };
  const mono = { sampleRate: 8000, channels: 1 };
  test.each<[string, LibraryReading]>([
    ["video/mp4-h264-aac.mp4", { ...film, duration: 3, audioCodec: "aac", ...mono }],
    ["video/mov-h264-pcm.mov", { ...film, duration: 3, audioCodec: "pcm", ...mono }],
    ["video/mp4-h264-silent.mp4", { ...film, duration: 3 }],
    ["video/rate-29.97.mov", { ...film, duration: 3.003, frameRate: 30_000 / 1001 }],
    ["video/rate-23.976-in-milliseconds.mp4", { ...film, duration: 2.086, frameRate: 23.976 }],
    ["video/turned-90.mp4", { ...film, duration: 2, size: { width: 720, height: 1280 } }],
    ["video/sar-display-only.mp4", { ...film, duration: 2, size: { width: 1024, height: 576 } }],
    ["video/sar-turned-270.mp4", { ...film, duration: 2, size: { width: 720, height: 1280 } }],
    ["video/codec-hevc.mp4", { ...film, duration: 2, videoCodec: "hevc" }],
    ["video/codec-mpeg4.mp4", { ...film, duration: 2, videoCodec: "mpeg4" }],
    ["video/codec-mjpeg.mov", { ...film, duration: 2, videoCodec: "mjpeg" }],
    ["video/codec-vp9.mp4", { ...film, duration: 2, videoCodec: "vp9" }],
    ["refused/mp4-sound-only.mp4", { duration: 3, audioCodec: "aac", ...mono }],
    ["image/tiff-640x480.tif", { size: { width: 640, height: 480 } }],
  ])("reads %s", async (path, libraryReading) =>
    expect(await asked("mediainfo", path)).toStrictEqual(libraryReading),
  );
  test("values of a track are taken from the track that states them", () => {
    const libraryReadings: [LibraryReading, ...Parameters<typeof libraryReadingOf>[0]][] = [
      [{}],
      [{}, { "@type": "General" }],
      [{ duration: 5 }, { "@type": "Menu" }, { "@type": "General", Duration: 5 }],
      [{ duration: 4 }, { "@type": "General", Duration: 5 }, { "@type": "Video", Duration: 4 }],
      [
        {},
        { "@type": "Video" },
        { "@type": "Audio" },
        { "@type": "Image" },
        { "@type": "Text", Duration: 9 },
      ],
      [{}, { "@type": "Video", Width: 30 }, { "@type": "Video", Height: 30 }],
      [{}, { "@type": "Image", Width: 30 }, { "@type": "Image", Height: 30 }, { "@type": "Other" }],
      [{ size: { width: 30, height: 40 } }, { "@type": "Image", Width: 30, Height: 40 }],
      [
        { size: { width: 1, height: 2 }, videoCodec: "h264" },
        { "@type": "Video", Width: 1, Height: 2, Format: "AVC" },
        { "@type": "Video", Width: 3, Height: 4, Format: "HEVC" },
        { "@type": "Image", Width: 5, Height: 6 },
      ],
      [
        { audioCodec: "ac3", channels: 6 },
        { "@type": "Audio", Format: "AC-3", Channels: 6 },
        { "@type": "Audio", Format: "AAC", Channels: 2, SamplingRate: 8000 },
      ],
      [{ size: { width: 3, height: 4 } }, { "@type": "Video", Width: 3, Height: 4, Rotation: "180.000" }],
      [{ size: { width: 4, height: 3 } }, { "@type": "Video", Width: 3, Height: 4, Rotation: "270.000" }],
      [{ frameRate: 25 }, { "@type": "Video", FrameRate: 25, FrameRate_Num: 5 }],
      [{ frameRate: 25 }, { "@type": "Video", FrameRate: 25, FrameRate_Den: 5 }],
      [{ frameRate: 2.5 }, { "@type": "Video", FrameRate: 25, FrameRate_Num: 5, FrameRate_Den: 2 }],
    ];
    for (const [libraryReading, ...tracks] of libraryReadings)
      expect(libraryReadingOf(tracks)).toStrictEqual(libraryReading);
  });
  test("is loaded from the given address of its module; if loading fails, the reason is looked up", async () => {
    await forgetMediaInfo();
    const nowhere = { wasm: async () => "/nowhere/module.wasm" };
    const asking = (where: LibraryEnvironment) => readWithLibrary("mediainfo", question(zeros(9)), where);
    const explain = vi.fn(() => Promise.reject(new Error("it is not there")));
    await expect(asking({ ...nowhere, explain })).rejects.toThrow("it is not there");
    expect(explain).toHaveBeenCalledWith(expect.any(Error));
    await expect(asking(nowhere)).rejects.toThrow("/nowhere/module.wasm");
  });
  test("reports what it knows of audio files and of noise", async () => {
    expect(await asked("mediainfo", "audio/mp3-stereo-3s.mp3")).toMatchObject({
      audioCodec: "mp3",
      channels: 2,
    });
    expect(await readWithLibrary("mediainfo", question(zeros(100)), here)).toEqual({});
  });
  test("handles one file after the other, and the next one after an error", async () => {
    const broken: LibraryInput = {
      ...question(zeros(100)),
      read: () => Promise.reject(new Error("the disk is gone")),
    };
    const [first, lost, last] = await Promise.allSettled([
      asked("mediainfo", "video/rate-24.mp4"),
      readWithLibrary("mediainfo", broken, here),
      asked("mediainfo", "video/rate-60.mp4"),
    ]);
    expect(first).toMatchObject({ status: "fulfilled", value: { frameRate: 24 } });
    expect(lost).toMatchObject({ status: "rejected", reason: { message: "the disk is gone" } });
    expect(last).toMatchObject({ status: "fulfilled", value: { frameRate: 60 } });
  });
});

describe("a cross-check library", () => {
  test("that is not installed is reported as such", async () => {
    const load = () => Promise.reject(new Error("Cannot find package"));
    await expect(readWithLibrary("mediainfo", question(zeros(9)), here, load)).rejects.toMatchObject({
      message: "mediainfo is not installed or cannot be loaded",
      cause: { message: "Cannot find package" },
    });
  });
  test("can be replaced by another with the same interface", async () => {
    const own = question(zeros(9));
    const load = async (name: LibraryName) => ({
      reader: async (about: LibraryInput, where: LibraryEnvironment): Promise<LibraryReading> => ({
        videoCodec: `${name} ${about === own} ${where === here}`,
      }),
    });
    expect(await readWithLibrary("file-type", own, here, load)).toEqual({
      videoCodec: "file-type true true",
    });
  });
});

describe("MediaInfo in a page", () => {
  test("its module is fetched from the given address and verified by its hash; without an address it is not fetched", async () => {
    const request = await browserEnvironment("https://example.com/module.wasm").wasm();
    expect(request).toMatchObject({ url: "https://example.com/module.wasm", integrity });
    await expect(browserEnvironment(null).wasm()).rejects.toThrow("no address of its WebAssembly was given");
  });
  test("the reason for a failed load is reported", async () => {
    const server = createServer((_, answered) => void answered.writeHead(404).end());
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/module.wasm`;
    const cause = new Error("failed");
    await expect(browserEnvironment(url).explain?.(cause)).rejects.toMatchObject({ code: "network", cause });
    await new Promise((resolve) => server.close(resolve));
  });
});
