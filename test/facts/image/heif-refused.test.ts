import { describe, expect, test } from "vitest";
import { extraSliceBits, isStillSlice } from "../../../src/facts/image/hevc-slice.ts";
import { fixture, read } from "./heif-files.ts";

/* Valid HEIC files with a few bytes changed. Each one that does not pass here is refused by libheif 1.15, and the others
   are decoded by it. */

const valid = fixture("image/heic-640x480.heic");
const positionOf = (type: string): number => Buffer.from(valid).indexOf(type, 0, "latin1") - 4;
const ftypEnd = new DataView(valid.buffer, valid.byteOffset).getUint32(0);
const data = positionOf("mdat") + 8;

async function damageOf(change: (bytes: Uint8Array) => void): Promise<string[]> {
  const bytes = valid.slice();
  change(bytes);
  const { damage } = await read(bytes);
  return damage.map(({ code, part, certain }) => `${code} ${part}${certain ? "" : "?"}`);
}

describe("a HEIC that decoders refuse does not pass", () => {
  test("the unchanged fixture passes", async () => expect(await damageOf(() => {})).toEqual([]));

  test.each<[string, (bytes: Uint8Array) => void, string[]]>([
    ["no known compatible brand", (bytes) => bytes.fill(0x51, 16, ftypEnd), ["malformed ftyp?"]],
    ["compatible brands of zeros", (bytes) => bytes.fill(0, 16, ftypEnd), ["malformed ftyp?"]],
    ["one compatible brand left", (bytes) => bytes.fill(0x51, 20, ftypEnd), []],
    [
      "a meta box without an end",
      (bytes) => bytes.fill(0, positionOf("meta"), positionOf("meta") + 4),
      ["malformed meta?"],
    ],
    ["an inverted slice header", (bytes) => invert(bytes, data + 6), ["malformed item 1"]],
    ["a slice header of zeros", (bytes) => bytes.fill(0, data + 6, data + 40), ["malformed item 1"]],
    ["a slice header of ones", (bytes) => bytes.fill(255, data + 6, data + 40), ["malformed item 1"]],
    ["coded data that only a decoder can judge", (bytes) => invert(bytes, data + 16), []],
  ])("%s", async (_, change, expected) => expect(await damageOf(change)).toEqual(expected));
});

function invert(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
}

describe("an HEVC slice header", () => {
  const view = (...bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);
  /** An hvcC box with a picture parameter set whose payload begins with these bytes. */
  const config = (...payload: number[]): DataView =>
    view(...new Array<number>(22).fill(0), 1, 34, 0, 1, 0, payload.length + 2, 0x44, 1, ...payload);
  // Id 0, sequence 0, two flags, three extra bits: 1 1 00 000.
  const plain = extraSliceBits(config(0b11000000, 0));
  const [idr, trailing] = [20 << 1, 1 << 1];

  test("must be the first of an intra picture with a known parameter set", () => {
    expect([...plain]).toEqual([[0, 0]]);
    // First slice, no output of prior pictures, id 0, slice type 2.
    expect(isStillSlice(view(idr, 1, 0b10101100), plain)).toBe(true);
    expect(isStillSlice(view(idr, 1, 0b00101100), plain)).toBe(false);
    expect(isStillSlice(view(idr, 1, 0b10010011), plain)).toBe(false);
    expect(isStillSlice(view(idr, 1, 0b10110000), plain)).toBe(false);
    // Another picture's type has no flag before the id, and may be predicted.
    expect(isStillSlice(view(trailing, 1, 0b11100000), plain)).toBe(true);
  });

  test("may have extra bits before its slice type", () => {
    const extra = extraSliceBits(config(0b11000010, 0));
    expect([...extra]).toEqual([[0, 1]]);
    expect(isStillSlice(view(idr, 1, 0b10100110), extra)).toBe(true);
    expect(isStillSlice(view(idr, 1, 0b10111000), extra)).toBe(false);
  });

  test("is not examined without parameter sets, in other NAL units, or if truncated", () => {
    expect(isStillSlice(view(idr, 1, 0), extraSliceBits(view()))).toBe(true);
    expect(isStillSlice(view(39 << 1, 1, 0), plain)).toBe(true);
    expect(isStillSlice(view(idr, 1), plain)).toBe(true);
  });
});
