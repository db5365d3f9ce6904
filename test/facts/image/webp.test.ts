import { describe, expect, test } from "vitest";
import { join, toldOf, u16, u32, zeros } from "./pictures.ts";

/* WebP laid out by hand: RFC 9649. */

const chunk = (type: string, body: Uint8Array, size = body.length): Uint8Array =>
  join(type, u32(size), body, zeros(body.length & 1));
const riff = (...chunks: Uint8Array[]): Uint8Array => {
  const body = join("WEBP", ...chunks);
  return join("RIFF", u32(body.length), body);
};
const u24 = (value: number): number[] => u32(value).slice(0, 3);
const lossy = (width: number, height: number, first = 0x10, sync = [0x9d, 1, 0x2a]): Uint8Array =>
  chunk("VP8 ", join([first, 0, 0], sync, u16(width), u16(height), zeros(10)));
const lossless = (width: number, height: number, mark = 0x2f): Uint8Array =>
  chunk("VP8L", join([mark], u32((width - 1) | ((height - 1) << 14)), zeros(10)));
const canvas = (width: number, height: number, flags = 0): Uint8Array =>
  chunk("VP8X", join([flags, 0, 0, 0], u24(width - 1), u24(height - 1)));
/** A frame of an animation, its place in pairs of pixels. */
const frameAt = (x: number, y: number, width: number, height: number): Uint8Array =>
  chunk("ANMF", join(u24(x), u24(y), u24(width - 1), u24(height - 1), zeros(4)));
const frame = frameAt(0, 0, 1, 1);
const moving = chunk("ANIM", zeros(6));

describe("the size of a WebP", () => {
  test.each([
    ["lossy", riff(lossy(640, 480)), "webp 640×480"],
    [
      "lossy, to be scaled: the upper two bits are not size",
      riff(lossy(0xc000 | 640, 0x4000 | 480)),
      "webp 640×480",
    ],
    ["lossless", riff(lossless(641, 479)), "webp 641×479"],
    ["lossless, the largest", riff(lossless(16_384, 16_384)), "webp 16384×16384"],
    ["the canvas", riff(canvas(640, 480), lossy(640, 480)), "webp 640×480"],
    ["the first canvas", riff(canvas(30, 40), canvas(50, 60), lossy(30, 40)), "webp 30×40"],
    ["behind other chunks, odd ones padded", riff(chunk("ICCP", zeros(3)), lossy(640, 480)), "webp 640×480"],
  ])("%s", async (_, bytes, expected) => expect(await toldOf(bytes)).toBe(expected));
  test.each([
    ["no key frame", riff(lossy(640, 480, 0x11))],
    ["another sync", riff(lossy(640, 480, 0x10, [0x9d, 1, 0x2b]))],
    ["no width", riff(lossy(0, 480))],
    ["no height", riff(lossy(640, 0))],
  ])("is unknown of a bitstream that is none: %s", async (_, bytes) =>
    expect(await toldOf(bytes)).toBe("webp  frames null; malformed VP8  at 12"),
  );
  test("is unknown of a lossless one without its mark", async () =>
    expect(await toldOf(riff(lossless(3, 4, 0x2e)))).toBe("webp  frames null; malformed VP8L at 12"));
});

describe("frames", () => {
  test("are counted where the canvas says that it moves", async () => {
    expect(await toldOf(riff(canvas(30, 40, 2), moving, frame, frame, frame))).toBe("webp 30×40 frames 3");
    expect(await toldOf(riff(canvas(30, 40, 0x10), lossy(30, 40)))).toBe("webp 30×40");
  });
  test("that the canvas does not announce, or announces in vain, are suspect: libwebp refuses them", async () => {
    const suspect = "; perhaps malformed VP8X at 12";
    expect(await toldOf(riff(canvas(30, 40, 0), moving, frame, frame))).toBe(`webp 30×40${suspect}`);
    expect(await toldOf(riff(canvas(30, 40, 2), frame))).toBe(`webp 30×40${suspect}`);
    expect(await toldOf(riff(canvas(30, 40, 2), lossy(30, 40)))).toBe(`webp 30×40${suspect}`);
  });
  test("of an animation lie inside the canvas", async () => {
    const of = (...box: [number, number, number, number]): Promise<string> =>
      toldOf(riff(canvas(30, 40, 2), moving, frame, frameAt(...box)));
    expect(await of(0, 0, 30, 40)).toBe("webp 30×40 frames 2");
    expect(await of(5, 10, 20, 20)).toBe("webp 30×40 frames 2");
    expect(await of(5, 0, 21, 40)).toBe("webp 30×40 frames 2; malformed ANMF at 68");
    expect(await of(0, 1, 30, 39)).toBe("webp 30×40 frames 2; malformed ANMF at 68");
  });
  test("that lack leave no picture", async () => {
    expect(await toldOf(riff(canvas(30, 40, 2)))).toBe("webp 30×40 frames null; no-media-data VP8 at 12");
    expect(await toldOf(riff(canvas(30, 40)))).toBe("webp 30×40; no-media-data VP8 at 12");
    expect(await toldOf(riff(chunk("EXIF", zeros(4))))).toBe("webp  frames null; no-picture VP8 at 12");
  });
});

describe("an extended file that libwebp refuses", () => {
  const picture = lossy(640, 480);
  const unpadded = join("EXIF", u32(3), "odd");
  test("is damaged where canvas and picture differ by a pixel", async () => {
    for (const [width, height] of [
      [639, 480],
      [640, 479],
      [641, 481],
    ] as const)
      expect(await toldOf(riff(canvas(width, height), picture))).toBe(
        `webp ${width}×${height}; malformed VP8X at 12`,
      );
    expect(await toldOf(riff(canvas(641, 480), lossless(640, 480)))).toContain("malformed VP8X");
  });
  test("is damaged where an odd chunk has no pad byte, wherever it lies", async () => {
    const at = 30 + picture.length;
    const told = `webp 640×480; malformed EXIF at ${at}`;
    expect(await toldOf(riff(canvas(640, 480), picture, unpadded, chunk("XMP ", zeros(20))))).toBe(told);
    expect(await toldOf(riff(canvas(640, 480), picture, unpadded))).toBe(told);
    expect(await toldOf(riff(canvas(640, 480), unpadded, picture))).toContain("malformed");
    expect(await toldOf(riff(canvas(640, 480), picture, chunk("EXIF", zeros(3))))).toBe("webp 640×480");
    // The pad byte that RIFF counts may lack at the very end.
    const whole = riff(canvas(640, 480), picture, chunk("EXIF", zeros(3)));
    expect(await toldOf(whole.subarray(0, -1))).toBe("webp 640×480");
  });
  test("is damaged where bytes that are no chunk follow inside the RIFF", async () => {
    expect(await toldOf(riff(canvas(640, 480), picture, zeros(5)))).toContain("malformed RIFF");
    expect(await toldOf(join(riff(canvas(640, 480), picture), zeros(5)))).toBe("webp 640×480");
  });
  test("is suspect only where it has no canvas, since others read it", async () =>
    expect(await toldOf(riff(join("VP8 ", u32(19), picture.subarray(8, 27))))).toBe(
      "webp 640×480; perhaps malformed VP8  at 12",
    ));
});

describe("the bytes that are promised", () => {
  const whole = riff(lossy(640, 480));
  test("a pad byte at the very end may lack, no more", async () => {
    const odd = riff(chunk("VP8 ", join([0x10, 0, 0, 0x9d, 1, 0x2a], u16(640), u16(480), zeros(9))));
    expect(await toldOf(odd.subarray(0, -1))).toBe("webp 640×480");
    expect(await toldOf(odd.subarray(0, -2))).toBe("webp 640×480; cut-short RIFF at 0 by 2");
    expect(await toldOf(whole.subarray(0, -5))).toBe("webp 640×480; cut-short RIFF at 0 by 5");
  });
  test("that a picture of no bytes has not is told", async () =>
    expect(await toldOf(riff(chunk("VP8 ", zeros(0))))).toBe(
      "webp  frames null; cut-short a chunk at 20 by 10",
    ));
  test("cut before the picture, it lacks bytes: that it has no picture follows", async () => {
    const late = riff(canvas(30, 40), chunk("ICCP", zeros(100)), lossy(30, 40));
    expect(await toldOf(late.subarray(0, 60))).toBe(`webp 30×40; cut-short RIFF at 0 by ${late.length - 60}`);
  });
  test("bytes behind the RIFF are nobody's", async () =>
    expect(await toldOf(join(whole, canvas(1, 1), frame))).toBe("webp 640×480"));
  test("a chunk that is larger than the RIFF is suspect, one that fills it is not", async () => {
    const long = riff(chunk("VP8 ", join([0x10, 0, 0, 0x9d, 1, 0x2a], u16(640), u16(480), zeros(10)), 21));
    expect(await toldOf(long)).toBe("webp 640×480; perhaps malformed VP8  at 12");
  });
  test("of a source of unknown size nothing is said to lack", async () =>
    expect(await toldOf(whole, false)).toBe("webp 640×480"));
});
