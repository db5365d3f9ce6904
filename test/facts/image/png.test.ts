import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { join, read, summaryOf, u32, zeros } from "./pictures.ts";

/* Generated PNG: PNG, third edition. */

const be = (value: number): number[] => u32(value, true);
const chunk = (type: string, body: Uint8Array = zeros(0), size = body.length): Uint8Array =>
  join(be(size), type, body, be(crc32(join(type, body))));
const signature = "\x89PNG\r\n\x1a\n";
const header = (width: number, height: number, depth = 8, colour = 2, interlace = 0): Uint8Array =>
  chunk("IHDR", join(be(width), be(height), [depth, colour, 0, 0, interlace]));
const palette = chunk("PLTE", zeros(6));
const data = chunk("IDAT", zeros(50));
const end = chunk("IEND");
const png = (...chunks: Uint8Array[]): Uint8Array => join(signature, ...chunks);
const exif = (orientation: number): Uint8Array =>
  chunk("eXIf", join("MM\0*", be(8), [0, 1], [1, 0x12, 0, 3], be(1), [0, orientation, 0, 0], be(0)));
const frames = (count: number): Uint8Array => chunk("acTL", join(be(count), be(0)));

describe("a PNG", () => {
  test.each([
    ["the plainest", png(header(30, 40), data, end), "png 30×40"],
    ["after other chunks", png(header(30, 40), chunk("tEXt", zeros(70_000)), data, end), "png 30×40"],
    ["of many data chunks", png(header(30, 40), ...new Array(20).fill(data), end), "png 30×40"],
    ["turned", png(header(30, 40), exif(6), data, end), "png 40×30 turned 90"],
    [
      "turned after its data, where its end is not in its place",
      png(header(30, 40), data, exif(8), end, zeros(2000)),
      "png 40×30 turned 270",
    ],
    ["moving", png(header(30, 40), frames(7), data, end), "png 30×40 frames 7"],
    ["moving, of no frames", png(header(30, 40), frames(0), data, end), "png 30×40"],
    [
      "frames that are stated after the data",
      png(header(30, 40), data, frames(7), end, zeros(2000)),
      "png 30×40",
    ],
    [
      "moving, by a chunk too short to say how",
      png(header(30, 40), chunk("acTL", join(be(7))), data, end),
      "png 30×40",
    ],
    [
      "turned by a block that is none",
      png(header(30, 40), chunk("eXIf", join("MM\0*")), data, end),
      "png 30×40",
    ],
    [
      "turned by a number that is cut off: the checksum is none of it",
      png(
        header(30, 40),
        join(exif(6).subarray(0, 3), [18], exif(6).subarray(4, 8 + 18), [0, 6, 0, 0]),
        data,
        end,
      ),
      "png 30×40",
    ],
    ["with bytes after", png(header(30, 40), data, end, zeros(100)), "png 30×40"],
    ["with many bytes after", png(header(30, 40), data, end, zeros(5000)), "png 30×40"],
    ["the first header counts", png(header(30, 40), header(50, 60), data, end), "png 30×40"],
    ["interlaced", png(header(30, 40, 8, 2, 1), data, end), "png 30×40"],
    ["the largest", png(header(2 ** 31 - 1, 1), data, end), `png ${2 ** 31 - 1}×1`],
  ])("%s", async (_, bytes, expected) => expect(await summaryOf(bytes)).toBe(expected));

  const allowed: Record<number, number[]> = {
    0: [1, 2, 4, 8, 16],
    2: [8, 16],
    3: [1, 2, 4, 8],
    4: [8, 16],
    6: [8, 16],
  };
  test("allows the bit depths of its colour type, and no others", async () => {
    for (let colour = 0; colour < 8; colour++)
      for (const depth of [0, 1, 2, 3, 4, 8, 16, 32]) {
        const line = await summaryOf(png(header(3, 4, depth, colour), palette, data, end));
        expect([colour, depth, line === "png 3×4"]).toEqual([
          colour,
          depth,
          (allowed[colour] ?? []).includes(depth),
        ]);
      }
  });
  test.each([
    ["no width", header(0, 40)],
    ["no height", header(30, 0)],
    ["a width below zero", header(2 ** 31, 40)],
    ["a height below zero", header(30, 2 ** 31)],
    ["an interlace that there is not", header(30, 40, 8, 2, 2)],
  ])("is malformed: %s", async (_, ihdr) =>
    expect(await summaryOf(png(ihdr, data, end))).toBe("png  frames null; malformed IHDR at 8"),
  );
  test("is damaged if the checksum of its header does not match", async () =>
    expect(await summaryOf(png(join(header(30, 40).subarray(0, -1), [0]), data, end))).toBe(
      "png  frames null; checksum IHDR at 8",
    ));
});

describe("missing parts of a PNG", () => {
  test("a missing palette is suspected for indexed colour only", async () => {
    const whole = await summaryOf(png(header(30, 40, 8, 3), palette, data, end));
    expect(whole).toBe("png 30×40");
    for (const colour of [0, 2, 4, 6])
      expect(await summaryOf(png(header(30, 40, 8, colour), data, end))).toBe("png 30×40");
    expect(await summaryOf(png(header(30, 40, 8, 3), data, end))).toMatch(
      /^png 30×40; perhaps malformed PLTE/,
    );
  });
  const whole = png(header(30, 40), data, end);
  test.each([
    ["its last byte", whole.subarray(0, -1), "png 30×40; cut-short IEND at 95 by 1"],
    ["its end chunk", png(header(30, 40), data), "png 30×40; perhaps no-end-marker IEND at 95"],
    ["a byte of its data", whole.subarray(0, 94), "png 30×40; cut-short IDAT at 33 by 1"],
    ["its data, the end chunk there", png(header(30, 40), end), "png 30×40; no-media-data IDAT at 33"],
    ["all after the header", png(header(30, 40)), "png 30×40; cut-short IEND at 33"],
    [
      "a byte of the header's checksum",
      png(header(30, 40)).subarray(0, -1),
      "png 30×40; cut-short IHDR at 8 by 1",
    ],
    ["the header", png(), "png  frames null; cut-short IHDR at 8"],
    ["a header before its data", png(data, end), "png  frames null; perhaps malformed IDAT at 8"],
    [
      "letters in a chunk's name, before the data",
      png(header(30, 40), chunk("ID4T"), data),
      "png 30×40; malformed chunk at 33",
    ],
    [
      "the same after the data",
      png(header(30, 40), data, chunk("ID4T")),
      "png 30×40; perhaps malformed chunk at 95",
    ],
    [
      "all after a header whose checksum is wrong",
      png(join(header(30, 40).subarray(0, -1), [0])),
      "png  frames null; cut-short IEND at 33; checksum IHDR at 8",
    ],
    [
      "all after a turn of no bytes",
      png(header(30, 40), join(be(0), "eXIfMM\0*")),
      "png 30×40; cut-short IEND at 45",
    ],
    [
      "bytes of a chunk of text",
      png(header(30, 40), chunk("tEXt", zeros(9), 99), data, end),
      "png 30×40; cut-short tEXt at 33 by 16",
    ],
    ["half a chunk's head", whole.subarray(0, 98), "png  frames null; cut-short a chunk at 95 by 5"],
  ])("%s", async (_, bytes, expected) => expect(await summaryOf(bytes)).toBe(expected));
  test("of unknown size are reported only if reading reaches them", async () => {
    expect(await summaryOf(whole, false)).toBe("png 30×40");
    expect(await summaryOf(whole.subarray(0, 94), false)).toMatch(/^png {2}frames null; cut-short a chunk/);
  });
  test("the end chunk is found at its offset without reading the data before it", async () => {
    const big = png(header(30, 40), data, ...new Array(3).fill(chunk("IDAT", zeros(200_000))), end);
    const { damage, facts } = await read(big);
    expect([facts.width, damage]).toEqual([30, []]);
  });
});
