import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import { Budget } from "../../src/facts/budget.ts";
import { Cursor } from "../../src/facts/cursor.ts";
import { formats } from "../../src/facts/formats.ts";
import { sniff } from "../../src/facts/sniff.ts";
import { cpuMilliseconds, timed } from "../timing.ts";

const latin1 = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const formatOf = (bytes: Uint8Array) => sniff(new Cursor(fromBytes(bytes), new Budget()));
const box = (type: string, body = "", size = body.length + 8): string =>
  `${String.fromCharCode((size >> 24) & 255, (size >> 16) & 255, (size >> 8) & 255, size & 255)}${type}${body}`;
const ftyp = (major: string, ...compatible: string[]): Uint8Array =>
  latin1(box("ftyp", `${major}\0\0\0\0${compatible.join("")}`), box("moov"));

describe("brands of ISO base media", () => {
  const expected: [string[], string][] = [
    [["isom"], "mp4"],
    [["iso6", "dash"], "mp4"],
    [["mp42", "3gp4"], "mp4"],
    [["M4V "], "mp4"],
    [["f4v "], "mp4"],
    [["XAVC"], "mp4"],
    [["qt  ", "mp42"], "mov"],
    [["3gp5", "isom"], "mp4"],
    [["3gp4", "3gp4", "mp42"], "mp4"],
    [["3gp4", "3gp4", "3gp6"], "3gp"],
    [["3gp6", "3gp6", "isom"], "3gp"],
    [["3g2a"], "3g2"],
    [["M4A ", "isom"], "m4a"],
    [["heic", "mif1"], "heic"],
    [["heis"], "heic"],
    [["hevc"], "heic"],
    [["mif1", "heic"], "heif"],
    [["msf1"], "heif"],
    [["avif", "mif1"], "avif"],
    [["mif1", "avif"], "avif"],
    [["crx "], "cr3"],
    [["jp2 "], "jp2"],
    [["zzzz", "isom"], "mp4"],
    [["zzzz", "heic"], "heic"],
    [["zzzz", "yyyy"], "isobmff"],
  ];
  test.each(expected)("%j is %s", async ([major = "", ...compatible], format) => {
    expect(await formatOf(ftyp(major, ...compatible))).toBe(format);
  });

  test("a file without ftyp box is QuickTime, whichever box is first", async () => {
    for (const type of ["moov", "mdat", "wide", "skip", "free", "pnot"])
      expect(await formatOf(latin1(box(type, "\0".repeat(8)), box("moov"))), type).toBe("mov");
  });

  test("a first box whose size looks like a start code is a box", async () => {
    for (const size of [0x1ba, 0x1b3, 0x109, 0x167])
      expect(await formatOf(latin1(box("free", "\0".repeat(size - 8)), ftyp("isom")))).toBe("mp4");
  });

  test("a free box may precede the ftyp box", async () => {
    expect(await formatOf(latin1(box("free", "\0".repeat(5000)), ftyp("isom")))).toBe("mp4");
  });

  test("text whose fifth to eighth letters are a box name is text", async () => {
    expect(await formatOf(latin1("The free encyclopaedia"))).toBe("text");
    expect(await formatOf(latin1("I am moovling."))).toBe("text");
  });
});

describe("MPEG audio", () => {
  /** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes. */
  const frame = latin1("\xff\xfb\x90\0", Buffer.alloc(413));
  const frames = (n: number): Uint8Array => latin1(...Array.from({ length: n }, () => frame));
  const id3 = (body: number): Uint8Array =>
    latin1(
      "ID3\x03\0\0",
      Uint8Array.of(body >> 21, (body >> 14) & 127, (body >> 7) & 127, body & 127),
      Buffer.alloc(body),
    );

  test("two consecutive frames at the start", async () => expect(await formatOf(frames(2))).toBe("mp3"));
  test("after an ID3v2 tag of 70,000 bytes", async () =>
    expect(await formatOf(latin1(id3(70_000), frames(3)))).toBe("mp3"));
  test("after two ID3v2 tags", async () =>
    expect(await formatOf(latin1(id3(300), id3(5000), frames(3)))).toBe("mp3"));
  test("an ID3v2 tag without a frame after it is recognised as MP3", async () =>
    expect(await formatOf(id3(100))).toBe("mp3"));
  test.each([10, 500, 20_000, 70_000, 3_000_000])("FLAC after an ID3v2 tag of %i bytes", async (body) =>
    expect(await formatOf(latin1(id3(body), "fLaC", Buffer.alloc(50)))).toBe("flac"),
  );
  test.each([1, 3000, 60_000])("after %i zeros", async (n) =>
    expect(await formatOf(latin1(Buffer.alloc(n), frames(6)))).toBe("mp3"),
  );
  test("after junk, three frames are not enough, six are", async () => {
    const junk = Buffer.from("\x01junk\xff\xfa".repeat(50), "latin1");
    expect(await formatOf(latin1(junk, frames(3)))).toBeNull();
    expect(await formatOf(latin1(junk, frames(6)))).toBe("mp3");
  });
  test("layer II and ADTS AAC are not MP3", async () => {
    const layer2 = latin1("\xff\xfd\x80\0", Buffer.alloc(413));
    expect(await formatOf(latin1(...Array.from({ length: 6 }, () => layer2)))).not.toBe("mp3");
    const adts = latin1("\xff\xf1\x50\x80\x02\x1f\xfc", Buffer.alloc(9));
    expect(await formatOf(latin1(adts, adts, adts, adts))).toBe("aac");
  });
});

test("a dot in a signature matches only a dot", async () => {
  expect(await formatOf(latin1(".RMF\0\0\0\x12\0\x01"))).toBe("rm");
  expect(await formatOf(latin1("xRMF\0\0\0\x12\0\x01"))).toBeNull();
});

test("noise is never recognised as a format that is parsed", async () => {
  const read = new Set([
    "jpeg",
    "png",
    "webp",
    "bmp",
    "tiff",
    "gif",
    "heic",
    "heif",
    "mp4",
    "mov",
    "wav",
    "mp3",
  ]);
  let state = 7;
  for (let round = 0; round < 400; round++) {
    const noise = new Uint8Array(round % 4 === 0 ? 20_000 : 700);
    for (let i = 0; i < noise.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      noise[i] = state >>> 24;
    }
    expect(read.has((await formatOf(noise)) ?? "none")).toBe(false);
  }
});

describe("text formats", () => {
  test.each([
    ["\ufeff  <!DOCTYPE html><html>", "html"],
    ["<!-- saved --><html>", "html"],
    ['<?xml version="1.0"?><rss/>', "xml"],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"],
    ['[{"a": 1}]', "json"],
    ["{}", "json"],
    ["version https://git-lfs.github.com/spec/v1\n", "git-lfs-pointer"],
    ["Grüße, 世界", "text"],
    ["BM is a name, too", "text"],
    ["MAC addresses are text", "text"],
    ["GIF8 is none", "text"],
  ])("%j", async (words, format) => expect(await formatOf(new TextEncoder().encode(words))).toBe(format));

  test("UTF-16 is recognised by its byte order mark only", async () => {
    expect(await formatOf(latin1("\xff\xfe<\0h\0t\0m\0l\0>\0"))).toBe("html");
    expect(await formatOf(latin1("a\0b\0c\0"))).toBeNull();
  });
  test("a character cut by the end of the window is no error", async () =>
    expect(await formatOf(new TextEncoder().encode(`a${"é".repeat(5000)}`))).toBe("text"));
  test("a window of hostile comments takes less than 200 ms", timed, async () => {
    const start = cpuMilliseconds();
    await formatOf(latin1("<!---->".repeat(600), "x"));
    expect(cpuMilliseconds() - start).toBeLessThan(200);
  });
});

test("the first n bytes of every fixture are recognised without an error, for every n", async () => {
  let seen = 0;
  for (const folder of ["image", "refused"]) {
    const root = new URL(`../../fixtures/${folder}/`, import.meta.url);
    for (const name of readdirSync(root)) {
      if (name.endsWith(".json")) continue;
      const bytes = readFileSync(new URL(name, root));
      for (const length of [0, 1, 2, 3, 5, 8, 11, 12, 13, 16, 17, 40, 100]) {
        const format = await formatOf(bytes.subarray(0, length));
        expect(format === null || format in formats).toBe(true);
      }
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(80);
});
