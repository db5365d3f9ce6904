import { describe, expect, test } from "vitest";
import { join, summaryOf, u16, u32, zeros } from "./pictures.ts";

/* Generated WebP: RFC 9649. */

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
    ["after other chunks, odd ones padded", riff(chunk("ICCP", zeros(3)), lossy(640, 480)), "webp 640×480"],
  ])("%s", async (_, bytes, expected) => expect(await summaryOf(bytes)).toBe(expected));
  test.each([
    ["no key frame", riff(lossy(640, 480, 0x11))],
    ["another sync", riff(lossy(640, 480, 0x10, [0x9d, 1, 0x2b]))],
    ["no width", riff(lossy(0, 480))],
    ["no height", riff(lossy(640, 0))],
  ])("is unknown for an invalid bitstream: %s", async (_, bytes) =>
    expect(await summaryOf(bytes)).toBe("webp  frames null; malformed VP8  at 12"),
  );
  test("is unknown for a lossless bitstream without its signature", async () =>
    expect(await summaryOf(riff(lossless(3, 4, 0x2e)))).toBe("webp  frames null; malformed VP8L at 12"));
});

describe("the frames of a WebP", () => {
  test("are counted if the VP8X header has the animation flag", async () => {
    expect(await summaryOf(riff(canvas(30, 40, 2), moving, frame, frame, frame))).toBe("webp 30×40 frames 3");
    expect(await summaryOf(riff(canvas(30, 40, 0x10), lossy(30, 40)))).toBe("webp 30×40");
  });
  test("that disagree with the animation flag are suspected: libwebp refuses them", async () => {
    const suspect = "; perhaps malformed VP8X at 12";
    expect(await summaryOf(riff(canvas(30, 40, 0), moving, frame, frame))).toBe(`webp 30×40${suspect}`);
    expect(await summaryOf(riff(canvas(30, 40, 2), frame))).toBe(`webp 30×40${suspect}`);
    expect(await summaryOf(riff(canvas(30, 40, 2), lossy(30, 40)))).toBe(`webp 30×40${suspect}`);
  });
  test("of an animation are inside the canvas", async () => {
    const of = (...box: [number, number, number, number]): Promise<string> =>
      summaryOf(riff(canvas(30, 40, 2), moving, frame, frameAt(...box)));
    expect(await of(0, 0, 30, 40)).toBe("webp 30×40 frames 2");
    expect(await of(5, 10, 20, 20)).toBe("webp 30×40 frames 2");
    expect(await of(5, 0, 21, 40)).toBe("webp 30×40 frames 2; malformed ANMF at 68");
    expect(await of(0, 1, 30, 39)).toBe("webp 30×40 frames 2; malformed ANMF at 68");
  });
  test("that are missing leave no picture", async () => {
    expect(await summaryOf(riff(canvas(30, 40, 2)))).toBe("webp 30×40 frames null; no-media-data VP8 at 12");
    expect(await summaryOf(riff(canvas(30, 40)))).toBe("webp 30×40; no-media-data VP8 at 12");
    expect(await summaryOf(riff(chunk("EXIF", zeros(4))))).toBe("webp  frames null; no-picture VP8 at 12");
  });
});

describe("an extended WebP that libwebp refuses", () => {
  const picture = lossy(640, 480);
  const unpadded = join("EXIF", u32(3), "odd");
  test("is damaged if canvas and picture differ by a pixel", async () => {
    for (const [width, height] of [
      [639, 480],
      [640, 479],
      [641, 481],
    ] as const)
      expect(await summaryOf(riff(canvas(width, height), picture))).toBe(
        `webp ${width}×${height}; malformed VP8X at 12`,
      );
    expect(await summaryOf(riff(canvas(641, 480), lossless(640, 480)))).toContain("malformed VP8X");
  });
  test("is damaged if an odd chunk has no pad byte", async () => {
    const at = 30 + picture.length;
    const summary = `webp 640×480; malformed EXIF at ${at}`;
    expect(await summaryOf(riff(canvas(640, 480), picture, unpadded, chunk("XMP ", zeros(20))))).toBe(
      summary,
    );
    expect(await summaryOf(riff(canvas(640, 480), picture, unpadded))).toBe(summary);
    expect(await summaryOf(riff(canvas(640, 480), unpadded, picture))).toContain("malformed");
    expect(await summaryOf(riff(canvas(640, 480), picture, chunk("EXIF", zeros(3))))).toBe("webp 640×480");
    // The pad byte that RIFF counts may lack at the very end.
    const whole = riff(canvas(640, 480), picture, chunk("EXIF", zeros(3)));
    expect(await summaryOf(whole.subarray(0, -1))).toBe("webp 640×480");
  });
  test("is damaged if bytes inside the RIFF are no chunk", async () => {
    expect(await summaryOf(riff(canvas(640, 480), picture, zeros(5)))).toContain("malformed RIFF");
    expect(await summaryOf(join(riff(canvas(640, 480), picture), zeros(5)))).toBe("webp 640×480");
  });
  test("is only suspected if it has no canvas, since other decoders read it", async () =>
    expect(await summaryOf(riff(join("VP8 ", u32(19), picture.subarray(8, 27))))).toBe(
      "webp 640×480; perhaps malformed VP8  at 12",
    ));
});

describe("the bytes of a WebP", () => {
  const whole = riff(lossy(640, 480));
  test("may omit one pad byte at the very end, and no more", async () => {
    const odd = riff(chunk("VP8 ", join([0x10, 0, 0, 0x9d, 1, 0x2a], u16(640), u16(480), zeros(9))));
    expect(await summaryOf(odd.subarray(0, -1))).toBe("webp 640×480");
    expect(await summaryOf(odd.subarray(0, -2))).toBe("webp 640×480; cut-short RIFF at 0 by 2");
    expect(await summaryOf(whole.subarray(0, -5))).toBe("webp 640×480; cut-short RIFF at 0 by 5");
  });
  test("missing from an empty picture are reported", async () =>
    expect(await summaryOf(riff(chunk("VP8 ", zeros(0))))).toBe(
      "webp  frames null; cut-short a chunk at 20 by 10",
    ));
  test("cut before the picture are missing; that there is no picture follows from it", async () => {
    const late = riff(canvas(30, 40), chunk("ICCP", zeros(100)), lossy(30, 40));
    expect(await summaryOf(late.subarray(0, 60))).toBe(
      `webp 30×40; cut-short RIFF at 0 by ${late.length - 60}`,
    );
  });
  test("after the RIFF are ignored", async () =>
    expect(await summaryOf(join(whole, canvas(1, 1), frame))).toBe("webp 640×480"));
  test("of a chunk that exceeds the RIFF are suspected; a chunk that fills it is not", async () => {
    const long = riff(chunk("VP8 ", join([0x10, 0, 0, 0x9d, 1, 0x2a], u16(640), u16(480), zeros(10)), 21));
    expect(await summaryOf(long)).toBe("webp 640×480; perhaps malformed VP8  at 12");
  });
  test("are not reported as missing if the size of the source is unknown", async () =>
    expect(await summaryOf(whole, false)).toBe("webp 640×480"));
});
