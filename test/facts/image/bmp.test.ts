import { describe, expect, test } from "vitest";
import { join, read, summaryOf, u16, u32, zeros } from "./pictures.ts";

/* Generated BMP: Windows headers of 40 bytes and more, OS/2 ones of 12 to 64. */

interface Bmp {
  width?: number;
  height?: number;
  depth?: number;
  compression?: number;
  /** Of the pixel data, as stated. */
  size?: number;
  header?: number;
  offset?: number;
}
function bmp(pixels: Uint8Array, made: Bmp = {}): Uint8Array {
  const { width = 10, height = 4, depth = 24, compression = 0, size = 0, header = 40 } = made;
  const fields = join(u32(header), u32(width), u32(height), u16(1), u16(depth), u32(compression), u32(size));
  const body = join(fields, zeros(Math.max(0, header - fields.length))).subarray(0, header);
  const offset = made.offset ?? 14 + header;
  return join("BM", u32(0), u32(0), u32(offset), body, pixels);
}
const core = (width: number, height: number, depth: number, pixels: Uint8Array): Uint8Array =>
  join("BM", u32(0), u32(0), u32(26), u32(12), u16(width), u16(height), u16(1), u16(depth), pixels);

describe("a BMP", () => {
  // Ten pixels of 24 bits are 30 bytes, rows 32; four rows 126 without the last row's padding.
  test.each([
    ["whole", bmp(zeros(128)), "bmp 10×4"],
    ["the last row's padding may lack", bmp(zeros(126)), "bmp 10×4"],
    ["a byte of the last row may not", bmp(zeros(125)), "bmp 10×4; cut-short pixel array at 54 by 1"],
    ["from its top row down", bmp(zeros(126), { height: -4 }), "bmp 10×4"],
    ["of one bit a pixel", bmp(zeros(14), { depth: 1 }), "bmp 10×4"],
    ["of one bit, cut", bmp(zeros(13), { depth: 1 }), "bmp 10×4; cut-short pixel array at 54 by 1"],
    ["of 4 bits", bmp(zeros(29), { depth: 4 }), "bmp 10×4"],
    ["of 8 bits", bmp(zeros(46), { depth: 8 }), "bmp 10×4"],
    ["of 16 bits", bmp(zeros(80), { depth: 16 }), "bmp 10×4"],
    ["of 32 bits", bmp(zeros(159), { depth: 32 }), "bmp 10×4; cut-short pixel array at 54 by 1"],
    ["of bit fields", bmp(zeros(125), { compression: 3 }), "bmp 10×4; cut-short pixel array at 54 by 1"],
    [
      "of bit fields with alpha",
      bmp(zeros(125), { compression: 6 }),
      "bmp 10×4; cut-short pixel array at 54 by 1",
    ],
    ["whose pixels lie further on", bmp(zeros(146), { offset: 74 }), "bmp 10×4"],
    [
      "whose pixels lie further on, cut",
      bmp(zeros(145), { offset: 74 }),
      "bmp 10×4; cut-short pixel array at 74 by 1",
    ],
    ["with an offset inside its header", bmp(zeros(126), { offset: 20 }), "bmp 10×4"],
    ["with a longer header", bmp(zeros(125), { header: 124 }), "bmp 10×4; cut-short pixel array at 138 by 1"],
    [
      "of a depth that there is not",
      bmp(zeros(999), { depth: 25 }),
      "bmp 10×4; malformed bitmap header at 14",
    ],
    ["packed, as much as it states", bmp(zeros(50), { compression: 1, size: 50 }), "bmp 10×4"],
    [
      "packed, less than it states",
      bmp(zeros(49), { compression: 1, size: 50 }),
      "bmp 10×4; cut-short pixel array at 54 by 1",
    ],
    [
      "packed, of no stated size, with its end mark",
      bmp(join(zeros(9), [0, 1]), { compression: 1 }),
      "bmp 10×4",
    ],
    ["the mark, and two bytes of padding", bmp(join(zeros(9), [0, 1, 9, 9]), { compression: 1 }), "bmp 10×4"],
    [
      "packed, without either",
      bmp(join(zeros(9), [9]), { compression: 1 }),
      "bmp 10×4; perhaps no-end-marker end of bitmap at 54",
    ],
    [
      "with an offset inside its header, cut",
      bmp(zeros(125), { offset: 20 }),
      "bmp 10×4; cut-short pixel array at 54 by 1",
    ],
    [
      "packed, of a header that ends before the size",
      bmp(zeros(126), { header: 20, compression: 1 }),
      "bmp 10×4; perhaps no-end-marker end of bitmap at 34",
    ],
    [
      "packed, of a header that ends after it",
      bmp(zeros(49), { header: 24, compression: 1, size: 50 }),
      "bmp 10×4; cut-short pixel array at 38 by 1",
    ],
    ["OS/2, the oldest", core(10, 4, 24, zeros(126)), "bmp 10×4"],
    ["OS/2, cut", core(10, 4, 24, zeros(125)), "bmp 10×4; cut-short pixel array at 26 by 1"],
    ["OS/2, wider than half of what fits", core(40_000, 1, 8, zeros(40_000)), "bmp 40000×1"],
    ["OS/2's second header, shortened", bmp(zeros(126), { header: 16 }), "bmp 10×4"],
    ["no width", bmp(zeros(99), { width: 0 }), "bmp  frames null; malformed bitmap header at 14"],
    ["no height", bmp(zeros(99), { height: 0 }), "bmp  frames null; malformed bitmap header at 14"],
    ["a width below zero", bmp(zeros(99), { width: -10 }), "bmp  frames null; malformed bitmap header at 14"],
    [
      "OS/2's own packing 3 is no bit fields",
      bmp(zeros(10), { header: 64, compression: 3, size: 10 }),
      "bmp 10×4",
    ],
    [
      "nor is it in a header that is shortened",
      bmp(zeros(10), { header: 24, compression: 3, size: 10 }),
      "bmp 10×4",
    ],
    ...[13, 15].map((header): [string, Uint8Array, string] => [
      `a header of ${header} bytes`,
      bmp(zeros(99), { header }),
      "bmp  frames null; malformed bitmap header at 14",
    ]),
  ])("%s", async (_, bytes, expected) => expect(await summaryOf(bytes)).toBe(expected));
  test("of a source of unknown size is not reported as truncated", async () => {
    expect(await summaryOf(bmp(zeros(125)), false)).toBe("bmp 10×4");
    expect(await summaryOf(bmp(join(zeros(9), [9]), { compression: 1 }), false)).toBe(
      "bmp 10×4; perhaps no-end-marker end of bitmap at 54",
    );
  });
  test("an OS/2 bitmap array is recognised, but its size is unknown", async () => {
    const array = join("BA", zeros(12), "BM", zeros(40));
    expect(await summaryOf(array)).toMatch(/^bmp .*width unread/);
    const { unread } = await read(array);
    expect(unread).toMatchObject([{ why: { code: "unsupported", what: expect.stringContaining("OS/2") } }]);
  });
});
