import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { tagBytes, walkMpegFrames } from "../../../src/facts/audio/mpeg-walk.ts";
import { Budget } from "../../../src/facts/budget.ts";
import { Cursor } from "../../../src/facts/cursor.ts";
import { bytesOf, frames, id3 } from "./audio-bytes.ts";

/* Which frames count, and where: between junk, lone headers, tags full of frames, and where the data end. */

type Part = Uint8Array | string | number;
interface Where {
  from?: number;
  end?: number;
  most?: number;
  /** Whether the size is known beforehand. */
  known?: boolean;
}
async function walked(parts: Part[], { from = 0, end, most, known = true }: Where = {}) {
  const source = fromBytes(bytesOf(...parts));
  const budget = new Budget({ milliseconds: Number.POSITIVE_INFINITY });
  const cursor = new Cursor(known ? source : { ...source, size: null }, budget);
  const walk = await walkMpegFrames(cursor, from, end, most);
  return { ...walk, entries: budget.spent.entries };
}
/** Whole frames, where the first begins and the last ends, and what the one after it lacks. */
const found = async (parts: Part[], where?: Where): Promise<number[]> => {
  const { frames: count, at, end, missing } = await walked(parts, where);
  return [count, at, end, missing];
};

const zeros = (count: number): Uint8Array => new Uint8Array(count);
/** 44.1 kHz, 417 bytes each; 48 kHz, 384 bytes; and 500 bytes without a bit rate. */
const a = (count: number): Uint8Array => frames(count);
const b = (count: number): Uint8Array => frames(count, [0xff, 0xfb, 0x94, 0xc0], 384);
const free = (bytes: number, padded = false): Uint8Array =>
  frames(1, [0xff, 0xfb, padded ? 2 : 0, 0xc0], bytes + (padded ? 1 : 0));
const times = (count: number, part: (i: number) => Uint8Array): Uint8Array =>
  bytesOf(...Array.from({ length: count }, (_, i) => part(i)));
const header = bytesOf(a(1).subarray(0, 4));

describe("counting MPEG audio frames", () => {
  test.each<[string, Part[], number[]]>([
    ["that follow one another to the end", [a(20)], [20, 0, 8340, 0]],
    ["three of them, after junk and before it", [zeros(9), a(3), zeros(9)], [3, 9, 1260, 0]],
    ["not two: noise may be two", [zeros(9), a(2), zeros(999), a(5)], [5, 1842, 3927, 0]],
    ["two of a kind that was found before", [a(5), zeros(99), a(2), zeros(600), a(5)], [12, 0, 5703, 0]],
    ["not one", [a(5), zeros(99), a(1), zeros(600), a(5)], [10, 0, 5286, 0]],
    ["not two of another kind", [a(5), zeros(99), b(2), zeros(600), a(5)], [10, 0, 5637, 0]],
    ["three of another kind", [a(5), zeros(99), b(3), zeros(600), a(5)], [13, 0, 6021, 0]],
    ["not one that another kind follows", [a(5), zeros(99), a(1), b(5)], [10, 0, 4521, 0]],
    ["not a header of another kind", [a(5), b(1).subarray(0, 4), zeros(700), a(5)], [10, 0, 4874, 0]],
    ["not a lone header", [a(9), zeros(9), header, zeros(500), a(9)], [18, 0, 8019, 0]],
    ["one before a tag", [zeros(9), a(1), "TAG", zeros(125)], [1, 9, 426, 0]],
    ["one that ends the data", [a(5), zeros(99), a(1)], [6, 0, 2601, 0]],
    ["one before two bytes", [a(5), zeros(99), a(1), zeros(2)], [6, 0, 2601, 0]],
    ["not one before four bytes", [a(5), zeros(99), a(1), zeros(4)], [5, 0, 2085, 0]],
    ["one and no more", [a(1)], [1, 0, 417, 0]],
    ["none in nothing", [zeros(9)], [0, 0, 0, 0]],
  ])("%s", async (_, parts, expected) => expect(await found(parts)).toEqual(expected));

  test("adds each frame by its own rate, and reports the first frame", async () => {
    const { seconds, first } = await walked([a(50), b(25), a(50)]);
    expect(seconds).toBeCloseTo((100 * 1152) / 44_100 + (25 * 1152) / 48_000, 9);
    expect(first).toMatchObject({ sampleRate: 44_100, channels: 1 });
    expect((await walked([zeros(50)])).first).toBeNull();
  });

  test("stops at the given maximum", async () => {
    expect(await found([zeros(9), a(20)], { most: 7 })).toEqual([7, 9, 9 + 7 * 417, 0]);
    expect(await found([a(20)], { most: 1 })).toEqual([1, 0, 417, 0]);
  });

  test("covers a range of offsets", async () => {
    expect(await found([a(20)], { from: 3 * 417, end: 8 * 417 })).toEqual([5, 3 * 417, 8 * 417, 0]);
    expect(await found([a(20)], { from: 3 * 417 + 1, end: 8 * 417 + 17 })).toEqual([
      4,
      4 * 417,
      8 * 417,
      400,
    ]);
  });
});

describe("bytes missing from the last frame", () => {
  test.each<[string, Part[], number[]]>([
    ["what was cut off", [a(2), a(1).subarray(0, 200)], [2, 0, 834, 217]],
    ["all but its header", [a(10), header], [10, 0, 4170, 413]],
    ["nothing, where its header is cut", [a(10), header.subarray(0, 3)], [10, 0, 4170, 0]],
    ["what was cut off, of another kind", [a(5), b(1).subarray(0, 200)], [5, 0, 2085, 184]],
    ["nothing, where it was never one", [a(5), zeros(99), a(1).subarray(0, 300)], [5, 0, 2085, 0]],
    ["nothing, where there was none", [a(1).subarray(0, 300)], [0, 0, 0, 0]],
  ])("%s", async (_, parts, expected) => {
    expect(await found(parts)).toEqual(expected);
    expect(await found(parts, { known: false })).toEqual(expected);
  });
});

describe("tags that contain frames", () => {
  const body = a(30);
  const ape = (size: number, flags: number): Uint8Array => bytesOf("APETAGEX", 2000, size, 1, flags, 0, 0);
  const tags: [string, Uint8Array][] = [
    ["ID3v1", bytesOf("TAG", body.subarray(0, 125))],
    ["ID3v1, extended", bytesOf("TAG+", body.subarray(0, 223))],
    ["ID3v2", bytesOf(id3(4170).subarray(0, 10), body.subarray(0, 4170))],
    ["APEv2", bytesOf(ape(9032, 0xa0000000), body.subarray(0, 9000), ape(9032, 0x80000000))],
  ];
  test.each(tags)("are skipped, wherever a read ends: %s", async (_, tag) => {
    // The first read ends at 4,096: the tag's header crosses it at every offset, and starts right after it.
    for (let shift = 0; shift < 40; shift++) {
      const start = 4060 + shift - 4 * 417;
      const parts = [zeros(start), a(4), tag, a(20)];
      const end = start + 24 * 417 + tag.length;
      expect([shift, ...(await found(parts))]).toEqual([shift, 24, start, end, 0]);
      // A frame counts by the tag that follows it.
      const lone = await found([zeros(start + 3 * 417), a(1), tag]);
      expect([shift, ...lone]).toEqual([shift, 1, start + 3 * 417, start + 4 * 417, 0]);
    }
  });
  test.each<[string, Part[], number, bytes: number]>([
    ["ID3v1", ["TAG", zeros(125)], 0, 128],
    ["ID3v1, cut", ["TAG"], 0, 128],
    ["ID3v1, extended", ["TAG+", zeros(9)], 0, 227],
    ["two letters", ["TA"], 0, 0],
    ["nothing", [], 0, 0],
    ["after the end", ["TAG"], 1, 0],
    ["APEv2's header", [ape(100, 0xa0000000)], 0, 132],
    ["its footer", [ape(100, 0x80000000)], 0, 32],
    ["its header, a byte short", [ape(100, 0xa0000000).subarray(0, 31)], 0, 0],
    ["its header, further on", ["no", ape(100, 0xa0000000)], 2, 132],
    ["its name and another letter", [`APETAGEY${"\0".repeat(40)}`], 0, 0],
    ["Lyrics3", ["LYRICSBEGIN"], 0, 11],
    ["Lyrics3, cut", ["LYRICSBEGI"], 0, 0],
    ["its end", ["LYRICSEND00"], 0, 0],
    ["ID3v2", [id3(5)], 0, 15],
    ["a frame", [a(1)], 0, 0],
    ["letters", ["abcdefghijklmnopqrstuvwxyzabcdefghijklmn"], 0, 0],
  ])("have the length that they state: %s", async (_, parts, at, bytes) => {
    const all = bytesOf(...parts);
    const view = await new Cursor(fromBytes(all), new Budget()).read(0, all.length);
    expect(tagBytes(view, at)).toBe(bytes);
  });
});

describe("free format", () => {
  test.each<[string, Uint8Array, number[]]>([
    ["frames of one size", times(60, () => free(500)), [60, 0, 30_000, 0]],
    ["with padding now and then", times(60, (i) => free(500, i % 3 > 0)), [60, 0, 30_040, 0]],
    ["the first one without it", times(9, (i) => free(500, i === 1)), [9, 0, 4501, 0]],
    ["the first one with it", times(9, (i) => free(500, i === 0)), [9, 0, 4501, 0]],
    ["the largest there are", times(9, () => free(2880)), [9, 0, 25_920, 0]],
    ["no larger ones", times(9, () => free(2881)), [0, 0, 0, 0]],
    [
      "after junk",
      bytesOf(
        zeros(3000),
        times(30, () => free(700)),
      ),
      [30, 3000, 24_000, 0],
    ],
    ["not two", times(2, () => free(500)), [0, 0, 0, 0]],
    ["cut in the last", times(9, () => free(500)).subarray(0, 4300), [8, 0, 4000, 200]],
  ])("%s", async (_, stream, expected) => expect(await found([stream])).toEqual(expected));

  test("ignores bytes inside a frame that look like a header", async () => {
    const stream = times(40, () => {
      const frame = Buffer.from(free(500));
      frame.set([0xff, 0xfb, 0, 0xc0], 100);
      return frame;
    });
    expect(await found([stream])).toEqual([40, 0, 20_000, 0]);
  });

  test("without a second frame costs one bounded search", async () => {
    const lone = bytesOf(free(500).subarray(0, 4), zeros(8000));
    const { entries, frames: count } = await walked([lone]);
    expect([count, entries > 250, entries < 600]).toEqual([0, true, true]);
  });
});

describe("the cost of counting", () => {
  test("is about one budget entry per frame", async () => {
    const { entries } = await walked([a(1000)]);
    expect(entries).toBeGreaterThanOrEqual(1000);
    expect(entries).toBeLessThan(1100);
  });
  test("is four entries for a header without a following frame", async () => {
    const { entries } = await walked([times(100, () => bytesOf(header, zeros(16))), zeros(500)]);
    expect(entries).toBeGreaterThanOrEqual(400);
    expect(entries).toBeLessThan(500);
  });
});
