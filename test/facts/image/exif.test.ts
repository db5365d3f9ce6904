import { describe, expect, test } from "vitest";
import {
  exifBlock as block,
  fixture,
  jpegFrame as frame,
  join,
  read,
  segment,
  summaryOf,
  u16,
  u32,
  zeros,
} from "./pictures.ts";

/* Generated EXIF blocks in a JPEG: EXIF 2.32, TIFF 6.0. */

const plain = fixture("image/jpeg-640x480.jpg");
const withSegments = (...segments: Uint8Array[]): Uint8Array =>
  join(plain.subarray(0, 2), ...segments, plain.subarray(2));
const app1 = (tiff: Uint8Array): Uint8Array => segment(0xe1, join("Exif\0\0", tiff));

const entry = (tag: number, type: number, count: number, value: number[], big = true): number[] => [
  ...u16(tag, big),
  ...u16(type, big),
  ...u32(count, big),
  ...value,
];
const short = (value: number, big = true): number[] => [...u16(value, big), 0, 0];
const orientation = (value: number, big = true): number[] => entry(0x112, 3, 1, short(value, big), big);
const turn = async (...segments: Uint8Array[]): Promise<string> => {
  const { facts } = await read(withSegments(...segments));
  return `${facts.width}×${facts.height} ${facts.rotation}`;
};

describe("the orientation of an EXIF block", () => {
  test.each([
    [0, "640×480 0"],
    [1, "640×480 0"],
    [2, "640×480 0"],
    [3, "640×480 180"],
    [4, "640×480 180"],
    [5, "480×640 270"],
    [6, "480×640 90"],
    [7, "480×640 90"],
    [8, "480×640 270"],
    [9, "640×480 0"],
    [65_535, "640×480 0"],
  ])("%i, in either byte order", async (value, expected) => {
    for (const big of [true, false])
      expect(await turn(app1(block({ big, entries: [orientation(value, big)] })))).toBe(expected);
  });
  test("is found after other entries, and further into the block", async () => {
    const others = [entry(0x10f, 2, 4, [65, 66, 67, 0]), entry(0x110, 2, 4, [65, 66, 67, 0])];
    expect(await turn(app1(block({ entries: [...others, orientation(6)] })))).toBe("480×640 90");
    expect(await turn(app1(block({ ifd: 40, entries: [orientation(6)] })))).toBe("480×640 90");
    expect(await turn(app1(block({ entries: [orientation(6), orientation(3)] })))).toBe("480×640 90");
  });
  test("may be a number of four bytes", async () => {
    expect(await turn(app1(block({ entries: [entry(0x112, 4, 1, u32(6, true))] })))).toBe("480×640 90");
    const little = block({ big: false, entries: [entry(0x112, 4, 1, u32(8), false)] });
    expect(await turn(app1(little))).toBe("480×640 270");
  });
  test("is ignored in an invalid block, or past the end of the block", async () => {
    const good = block({ entries: [orientation(6)] });
    for (const bad of [
      join("XX", good.subarray(2)),
      join("MX", good.subarray(2)),
      block({ ifd: 8, entries: [], stated: 1 }),
      join("MM\0*", u32(8000, true), zeros(30)),
      join("MM\0*", u32(4000, true), zeros(30)),
      // Its directory's count would lie across its end.
      join("MM\0*", u32(36, true), zeros(29)),
      join("MM\0*", u32(37, true), zeros(29)),
    ])
      expect(await turn(app1(bad))).toBe("640×480 0");
    // The entry is past the segment: these are another segment's bytes.
    expect(await turn(app1(good.subarray(0, -1)), segment(0xfe, zeros(10)))).toBe("640×480 0");
    expect(await turn(app1(good.subarray(0, -12)), Uint8Array.from(orientation(6)))).toBe("640×480 0");
  });
  test("comes from the first EXIF block", async () => {
    const [six, eight] = [6, 8].map((value) => app1(block({ entries: [orientation(value)] })));
    const xmp = segment(0xe1, join("http://ns.adobe.com/xap/1.0/\0", zeros(20)));
    expect(await turn(xmp, six as Uint8Array, eight as Uint8Array)).toBe("480×640 90");
    const none = app1(block({ entries: [entry(0x110, 2, 1, [0, 0, 0, 0])] }));
    expect(await turn(none, six as Uint8Array)).toBe("640×480 0");
    // The smallest block with an entry.
    expect(await turn(segment(0xe1, join("Exif\0\0", zeros(9))), six as Uint8Array)).toBe("640×480 0");
    expect(await turn(segment(0xe1, join("Exif\0\0", zeros(8))), six as Uint8Array)).toBe("480×640 90");
  });
  test("truncated at the end of a source of unknown size is ignored, and the missing bytes are reported", async () => {
    const bytes = join([0xff, 0xd8], app1(block({ entries: [orientation(6)] })));
    for (let length = 20; length < bytes.length; length++)
      expect(await summaryOf(bytes.subarray(0, length), false)).toMatch(/^jpeg {2}frames null; cut-short/);
  });
  test("is not read from another application's segment", async () => {
    const other = segment(0xe2, join("Exif\0\0", block({ entries: [orientation(6)] })));
    expect(await turn(other)).toBe("640×480 0");
  });
});

describe("the segments of a JPEG", () => {
  const soi = [0xff, 0xd8];
  /** With a table to divide by ahead of it, if an empty one. */
  const scan = join(segment(0xdb, join([])), segment(0xda, join([1, 1, 0, 0, 63, 0])));
  const coded = [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4];
  const eoi = [0xff, 0xd9];
  test.each([0xc0, 0xc1, 0xc2, 0xc5, 0xc9, 0xca])("FF%i requires quantization tables", async (code) => {
    const bare = join(soi, frame(code, 30, 40), segment(0xda, join([1, 1, 0, 0, 63, 0])), coded, eoi);
    expect(await summaryOf(bare)).toMatch(/^jpeg 40×30; perhaps malformed DQT/);
  });
  test.each([0xc3, 0xc7, 0xcb, 0xcf])("FF%i, which is lossless, requires none", async (code) => {
    const bare = join(soi, frame(code, 30, 40), segment(0xda, join([1, 1, 0, 0, 63, 0])), coded, eoi);
    expect(await summaryOf(bare)).toBe("jpeg 40×30");
  });
  test.each([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xde])(
    "FF%i is a frame header",
    async (code) =>
      expect(await summaryOf(join(soi, frame(code, 30, 40), scan, coded, eoi))).toBe("jpeg 40×30"),
  );
  test.each([0xc4, 0xc8, 0xcc, 0xdb, 0xdd, 0xfe, 0xe0])("FF%i is not a frame header", async (code) => {
    const bytes = join(soi, frame(code, 30, 40), frame(0xc0, 50, 60), scan, coded, eoi);
    expect(await summaryOf(bytes)).toBe("jpeg 60×50");
  });
  test.each([
    ["the first frame counts", [frame(0xc0, 30, 40), frame(0xc0, 50, 60), scan, coded, eoi], "jpeg 40×30"],
    [
      "markers that stand alone are passed over",
      [[0xff, 1], [0xff, 0xd0], [0xff, 0xd7], soi, frame(0xc0, 30, 40), scan, coded, eoi],
      "jpeg 40×30",
    ],
    [
      "fill bytes before a marker",
      [[0xff, 0xff, 0xff], frame(0xc0, 30, 40), [0xff], scan, coded, eoi],
      "jpeg 40×30",
    ],
    [
      "a frame header that is too short is none",
      [segment(0xc0, zeros(5)), frame(0xc0, 30, 40), scan, coded, eoi],
      "jpeg 40×30",
    ],
    ["no frame before the scan", [scan, coded, eoi], "jpeg  frames null; no-picture frame header at 8"],
    ["the end before any frame", [eoi], "jpeg  frames null; no-picture frame header at 4"],
    ["the end before any scan", [frame(0xc0, 30, 40), eoi], "jpeg 40×30; no-media-data scan at 17"],
    ["nothing after the frame", [frame(0xc0, 30, 40)], "jpeg 40×30; cut-short scan at 15"],
    ["nothing after the scan's head", [frame(0xc0, 30, 40), scan], "jpeg 40×30; no-media-data scan at 29"],
    ["no end marker", [frame(0xc0, 30, 40), scan, coded], "jpeg 40×30; perhaps no-end-marker EOI at 37"],
    [
      "a segment that is longer than the file",
      [frame(0xc0, 30, 40), [0xff, 0xe0, 0, 99, 1, 2]],
      "jpeg 40×30; cut-short segment FFE0 at 17 by 95",
    ],
    [
      "one that is shorter than its length",
      [frame(0xc0, 30, 40), [0xff, 0xe0, 0, 1, 1, 2]],
      "jpeg 40×30; malformed segment FFE0 at 17",
    ],
    ["no width", [frame(0xc0, 30, 0), scan, coded, eoi], "jpeg  frames null; malformed frame header at null"],
    [
      "a height that nothing states",
      [frame(0xc0, 0, 40), scan, coded, eoi],
      "jpeg  frames null; height unread",
    ],
    [
      "a height that is stated after the scan",
      [frame(0xc0, 0, 40), scan, coded, segment(0xdc, Uint8Array.from([0, 30])), eoi],
      "jpeg 40×30",
    ],
    [
      "a height that is stated after a byte of filling",
      [frame(0xc0, 0, 40), scan, coded, [0xff, 0xff, 0xdc, 0, 4, 0, 30], eoi],
      "jpeg 40×30",
    ],
    [
      "a height after a scan of nothing",
      [frame(0xc0, 0, 40), scan, segment(0xdc, Uint8Array.from([0, 30])), eoi],
      "jpeg 40×30",
    ],
    ...[65_534, 65_535, 65_536, 200_000].map((size): [string, (Uint8Array | number[])[], string] => [
      `a height after ${size} bytes`,
      [frame(0xc0, 0, 40), scan, zeros(size), segment(0xdc, Uint8Array.from([0, 30])), eoi],
      "jpeg 40×30",
    ]),
    [
      "another marker there",
      [frame(0xc0, 0, 40), scan, coded, segment(0xdd, Uint8Array.from([0, 30])), eoi],
      "jpeg  frames null; height unread",
    ],
    [
      "a height that is cut off",
      [frame(0xc0, 0, 40), scan, coded, [0xff, 0xdc, 0, 4, 0]],
      "jpeg  frames null; perhaps no-end-marker EOI at 42; height unread",
    ],
    ["stray bytes between segments", [frame(0xc0, 30, 40), zeros(60_000), scan, coded, eoi], "jpeg 40×30"],
    // Sixteen are looked at, then thousands at a time: the table that follows is not lost between them.
    ...[14, 15, 16, 4109, 4110, 4111].map((strays): [string, (Uint8Array | number[])[], string] => [
      `${strays} stray bytes`,
      [frame(0xc0, 30, 40), zeros(strays), scan, coded, eoi],
      "jpeg 40×30",
    ]),
    [
      "the shortest frame header",
      [segment(0xc0, Uint8Array.from([8, 0, 30, 0, 40, 0])), scan, coded, eoi],
      "jpeg 40×30",
    ],
    [
      "a segment of no bytes at the very end",
      [frame(0xc0, 30, 40), segment(0xe2, zeros(0))],
      "jpeg 40×30; cut-short scan at 19",
    ],
  ])("%s", async (_, parts, expected) => expect(await summaryOf(join(soi, ...parts))).toBe(expected));
  test("too many stray bytes are treated as the end", async () =>
    expect(await summaryOf(join(soi, frame(0xc0, 30, 40), zeros(80_000), scan, coded, eoi))).toMatch(
      /; cut-short scan/,
    ));
  test("the end marker is found across two reads, and after much other data", async () => {
    for (const after of [0, 1020, 1021, 1022, 1023, 1024, 1025, 17_400, 300_000]) {
      const bytes = join(soi, frame(0xc0, 30, 40), scan, coded, eoi, zeros(after));
      expect([after, await summaryOf(bytes)]).toEqual([after, "jpeg 40×30"]);
      expect([after, await summaryOf(bytes, false)]).toEqual([after, "jpeg 40×30"]);
    }
    for (const before of [262_142, 262_143, 262_144, 600_000]) {
      const bytes = join(soi, frame(0xc0, 30, 40), scan, zeros(before), eoi);
      expect([before, await summaryOf(bytes, false)]).toEqual([before, "jpeg 40×30"]);
    }
    const cut = join(soi, frame(0xc0, 30, 40), scan, coded, zeros(5000), [0xd9]);
    expect(await summaryOf(cut)).toMatch(/no-end-marker/);
    expect(await summaryOf(cut, false)).toMatch(/no-end-marker/);
  });
});
