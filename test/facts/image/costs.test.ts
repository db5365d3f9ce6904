import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { readEvidence } from "../read-evidence.ts";
import { exifBlock, join, multiPicture, scanned, segment, u16, u32, zeros } from "./pictures.ts";

/* What a picture may cost: every part that is looked at counts, and of a large file little is fetched. */

const times = (n: number, part: readonly number[] | Uint8Array): Uint8Array =>
  join(...new Array<readonly number[] | Uint8Array>(n).fill(part));
const be = (value: number): number[] => u32(value, true);

const ihdr = join("IHDR", be(30), be(40), [8, 2, 0, 0, 0]);
const pngStart = join("\x89PNG\r\n\x1a\n", be(13), ihdr, be(crc32(ihdr)));
const pngEnd = join(be(0), "IEND\xae\x42\x60\x82");
const idat = (size: number): Uint8Array => join(be(size), "IDAT", zeros(size + 4));

const gif = (...parts: Uint8Array[]): Uint8Array =>
  join("GIF89a", u16(3), u16(4), [0, 0, 0], ...parts, [0x2c, 0, 0, 0, 0], u16(3), u16(4), [0, 2, 0, 0x3b]);
const webp = (chunks: Uint8Array): Uint8Array => join("RIFF", u32(4 + chunks.length), "WEBP", chunks);

/** TIFF directories of so many entries each, one after the other; the entries' tags mean nothing. */
const tiff = (...sizes: number[]): Uint8Array => {
  let at = 8;
  const directories = sizes.map((size, i) => {
    at += 6 + 12 * size;
    const entries = times(size, [...u16(60_000), ...u16(4), ...u32(1), ...u32(1)]);
    return join(u16(size), entries, u32(i === sizes.length - 1 ? 0 : at));
  });
  return join("II", u16(42), u32(8), ...directories);
};
/** A gray picture of one pixel, with more tags: numbers of four bytes, or where they lie. */
const tiffPage = (next: number, ...more: [tag: number, count: number, value: number][]): Uint8Array => {
  const tags = new Map([256, 257, 273, 279].map((tag): [number, number[]] => [tag, [1, 1]]));
  for (const [tag, ...rest] of more) tags.set(tag, rest);
  const entries = [...tags].map(([tag, numbers]) => join(u16(tag), u16(4), ...numbers.map((n) => u32(n))));
  return join("II", u16(42), u32(8), u16(tags.size), ...entries, u32(next));
};

const box = (type: string, ...parts: (Uint8Array | readonly number[] | string)[]): Uint8Array => {
  const body = join(...parts);
  return join(be(8 + body.length), type, body);
};
const full = (type: string, ...parts: (Uint8Array | readonly number[] | string)[]): Uint8Array =>
  box(type, [0, 0, 0, 0], ...parts);
const be16 = (...values: number[]): number[] => values.flatMap((value) => u16(value, true));
const heic = (...tables: Uint8Array[]): Uint8Array =>
  join(box("ftyp", "heic", be(0), "mif1"), full("meta", full("hdlr", be(0), "pict", zeros(13)), ...tables));
/** An item of this type, 1, as the picture. */
const primary = (type: string): Uint8Array =>
  join(full("pitm", be16(1)), full("iinf", be16(1), join(be(20), "infe", [2, 0, 0, 0], be16(1, 0), type)));

describe("the cost of reading an image", () => {
  const over = async (bytes: Uint8Array, entries: number): Promise<boolean> => {
    const budgets = { entries, milliseconds: Number.POSITIVE_INFINITY };
    const { unread, damage } = await readEvidence(fromBytes(bytes), { budgets });
    // A file that exceeds its budget is neither damaged nor intact.
    const spent = unread.some(({ fact, why }) => fact === "all" && why.code === "budget");
    expect(spent && damage.length > 0).toBe(false);
    return spent;
  };
  test.each<[string, (n: number) => Uint8Array, number?]>([
    ["a JPEG's segments", (n) => scanned(times(n, [0xff, 0xe0, 0, 2]))],
    ["stray bytes between them", (n) => scanned(join([0xff, 0xe0, 0, 2], zeros(10 * n)))],
    ["what looks like the end of its scan", (n) => scanned([], 30, join([1], times(n, [0xd9, 0])), [])],
    ["what looks like a marker in its scan", (n) => scanned([], 0, times(n, [0xff, 0]))],
    ["entries of its EXIF", (n) => scanned(segment(0xe1, join("Exif\0\0", exifBlock({ stated: n }))))],
    [
      "pictures that its index lists",
      (n) => scanned(multiPicture(new Array(Math.min(n, 64)).fill([0, 9]))),
      100,
    ],
    ["a PNG's chunks", (n) => join(pngStart, times(n, join(be(0), "teXt", be(0))), idat(9), pngEnd)],
    ["a GIF's extensions", (n) => gif(times(n, [0x21, 0xfe, 0]))],
    ["a GIF's blocks", (n) => gif(join([0x21, 0xfe], times(n, [1, 9]), [0]))],
    ["a WebP's chunks", (n) => webp(join(times(n, join("ICCP", u32(0))), "VP8L", u32(10), [0x2f], zeros(9)))],
    ["a TIFF's directories", (n) => tiff(...new Array<number>(n).fill(0))],
    ["the entries of one", (n) => tiff(n)],
    ["those of one after a whole page", (n) => join(tiffPage(62), tiff(n).subarray(8))],
    ["those of one below", (n) => join(tiffPage(0, [330, 1, 74]), tiff(n).subarray(8))],
    ["places of a HEIC's items", (n) => heic(full("iloc", [0x44, 0], be16(n), times(n, be16(9, 0, 0))))],
    ["extents of one", (n) => heic(full("iloc", [0x44, 0], be16(1, 9, 0, n), times(n, zeros(8))))],
    [
      "its items' properties",
      (n) => heic(box("iprp", box("ipco"), full("ipma", be(n), times(n, [0, 9, 0])))),
    ],
    ["references between items", (n) => heic(full("iref", box("dimg", be16(9, n), times(n, be16(8)))))],
    [
      "what an item is made of",
      (n) => heic(primary("iden"), full("iref", box("dimg", be16(1, n), times(n, be16(1))))),
      3500,
    ],
    ["a TIFF's strips", (n) => join(tiffPage(0, [273, n, 62]), times(n, u32(8)))],
  ])("%s", async (_, made, entries = 1600) => {
    expect(await over(made(3), entries)).toBe(false);
    expect(await over(made(2000), entries)).toBe(true);
  });
});

describe("bytes read of a large picture", () => {
  const fetched = async (bytes: Uint8Array): Promise<{ reads: number; bytes: number }> => {
    const got = { reads: 0, bytes: 0 };
    const source: ByteSource = {
      ...fromBytes(bytes),
      minReadSize: 4096,
      read(offset, length) {
        got.reads++;
        got.bytes += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    expect((await readEvidence(source)).damage).toEqual([]);
    return got;
  };
  const chunks = times(200, idat(8192));
  test.each([
    ["at its end", zeros(0)],
    ["near it", zeros(100)],
  ])("do not include data between a PNG's header and the end chunk %s", async (_, after) => {
    expect((await fetched(join(pngStart, chunks, pngEnd, after))).bytes).toBeLessThan(20_000);
  });
  test("of an animated GIF include frames only up to 4 MB", async () => {
    const frame = join([0x2c, 0, 0, 0, 0], u16(3), u16(4), [0, 2], times(2000, join([255], zeros(255))), [0]);
    const bytes = join("GIF89a", u16(3), u16(4), [0, 0, 0], times(16, frame), [0x3b]);
    expect(bytes.length).toBeGreaterThan(8_000_000);
    expect((await fetched(bytes)).bytes).toBeLessThan(5_500_000);
  });
  test("without an end at the expected offset are few reads that skip large chunks", async () => {
    expect((await fetched(join(pngStart, chunks, pngEnd, zeros(5000)))).reads).toBeLessThan(60);
    const large = times(10, idat(200_000));
    expect((await fetched(join(pngStart, large, pngEnd, zeros(5000)))).bytes).toBeLessThan(100_000);
  });
});
