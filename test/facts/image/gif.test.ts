import { describe, expect, test } from "vitest";
import { join, summaryOf, u16, zeros } from "./pictures.ts";

/* Generated GIF: GIF89a. */

const screen = (width: number, height: number, packed = 0, table = zeros(0)): Uint8Array =>
  join("GIF89a", u16(width), u16(height), [packed, 0, 0], table);
const blocks = (...lengths: number[]): Uint8Array =>
  join(...lengths.map((length) => join([length], zeros(length))), [0]);
const image = (
  width: number,
  height: number,
  packed = 0,
  table = zeros(0),
  data = blocks(5),
  [left, top]: [number, number] = [0, 0],
): Uint8Array => join([0x2c], u16(left), u16(top), u16(width), u16(height), [packed], table, [2], data);
const control = join([0x21, 0xf9], blocks(4));
const comment = (...lengths: number[]): Uint8Array => join([0x21, 0xfe], blocks(...lengths));
const trailer = [0x3b];

describe("a GIF", () => {
  test.each([
    ["one picture", [screen(30, 40), image(30, 40)], "gif 30×40"],
    ["a global colour table", [screen(30, 40, 0x80, zeros(6)), image(30, 40)], "gif 30×40"],
    ["the largest one", [screen(30, 40, 0xf7, zeros(768)), image(30, 40)], "gif 30×40"],
    ["a table's size without a table", [screen(30, 40, 0x77), image(30, 40)], "gif 30×40"],
    ["a local colour table", [screen(30, 40), image(30, 40, 0x82, zeros(24))], "gif 30×40"],
    [
      "three frames, extensions between",
      [screen(3, 4), control, image(3, 4), comment(255, 1), image(1, 1), image(2, 2)],
      "gif 3×4 frames 3",
    ],
    [
      "data of many blocks",
      [screen(3, 4), image(3, 4, 0, zeros(0), blocks(...new Array(600).fill(255)))],
      "gif 3×4",
    ],
    ["an empty screen takes the first frame's size", [screen(0, 0), image(30, 40)], "gif 30×40"],
    ["a screen that is half empty, too", [screen(30, 0), image(50, 60)], "gif 50×60"],
    ["a screen is enlarged for a wider first frame", [screen(30, 40), image(31, 20)], "gif 31×40"],
    ["for a higher one", [screen(30, 40), image(20, 41)], "gif 30×41"],
    [
      "for one that is beside it",
      [screen(30, 40), image(30, 40, 0, zeros(0), blocks(5), [5, 7])],
      "gif 35×47",
    ],
    [
      "not for one that is inside it",
      [screen(30, 40), image(20, 20, 0, zeros(0), blocks(5), [10, 20])],
      "gif 30×40",
    ],
    [
      "an empty screen and a frame off its corner",
      [screen(0, 0), image(3, 4, 0, zeros(0), blocks(5), [1, 2])],
      "gif 4×6",
    ],
    ["only the first frame counts", [screen(30, 40), image(30, 40), image(99, 99)], "gif 30×40 frames 2"],
    ["a first frame of nothing", [screen(30, 40), image(0, 99)], "gif 30×40"],
  ])("%s", async (_, parts, expected) => expect(await summaryOf(join(...parts, trailer))).toBe(expected));

  const whole = join(screen(30, 40), control, image(30, 40, 0, zeros(0), blocks(200, 100)));
  test("without its trailer is suspected to be cut", async () => {
    const at = `at ${whole.length}`;
    expect(await summaryOf(whole)).toBe(`gif 30×40; perhaps no-end-marker trailer ${at}`);
    // Stray bytes before it are not.
    expect(await summaryOf(join(whole, [9, 9, 9], trailer))).toBe("gif 30×40");
    expect(await summaryOf(join(whole, [9, 9, 9]))).toBe(`gif 30×40; perhaps no-end-marker trailer ${at}`);
    expect(await summaryOf(join(whole, trailer, [9, 9, 9]))).toBe("gif 30×40");
    expect(await summaryOf(join(whole, [9], zeros(1100), trailer))).toBe("gif 30×40");
    // Nor is padding after it.
    expect(await summaryOf(join(whole, [9], trailer, zeros(3)))).toBe("gif 30×40");
    expect(await summaryOf(join(whole, [9], trailer, zeros(1023)))).toBe("gif 30×40");
  });
  test("without any frame has no picture", async () => {
    expect(await summaryOf(join(screen(30, 40), control, trailer))).toBe(
      "gif 30×40; no-media-data image block at 21",
    );
    expect(await summaryOf(screen(30, 40))).toBe("gif 30×40; no-media-data image block at 13");
    expect(await summaryOf(join(screen(0, 0), trailer))).toMatch(/^gif {2}frames null; no-media-data/);
  });
  test("cut inside a block has missing bytes", async () => {
    for (let cut = whole.length - 1; cut > 60; cut -= 7) {
      const line = await summaryOf(whole.subarray(0, cut));
      expect([cut, /; cut-short an image block at \d+ by \d+/.test(line)]).toEqual([cut, true]);
    }
    expect(await summaryOf(whole.subarray(0, -1))).toMatch(/by 1$/);
    // Between two blocks, too, even if the last bytes are those that a complete file ends with.
    const even = join(screen(30, 40), image(30, 40, 0, zeros(0), blocks(2)).subarray(0, -3), [0, 0x3b]);
    expect(await summaryOf(even)).toBe(`gif 30×40; cut-short an image block at ${even.length} by 1`);
  });
  test("of a source of unknown size is read to its end", async () => {
    expect(await summaryOf(join(whole, trailer), false)).toBe("gif 30×40");
    // Of one that has no end that could be looked at, stray bytes are not known to be harmless.
    expect(await summaryOf(join(whole, [9, 9], trailer), false)).toBe(
      `gif 30×40; perhaps no-end-marker trailer at ${whole.length}`,
    );
  });
  describe("of more than 4 MB", () => {
    const long = comment(...new Array<number>(16_800).fill(255));
    const two = [screen(3, 4), image(3, 4), long, image(3, 4)];
    test.each([
      [
        "has its frames left uncounted where it ends as a whole one does",
        [...two, trailer],
        "gif 3×4 frames null",
      ],
      ["is read on where it does not", [...two, [9], trailer], "gif 3×4 frames 2"],
      ["is read to an end in its place", [screen(3, 4), image(3, 4), long, trailer], "gif 3×4"],
      [
        "does not pass without a frame",
        [screen(3, 4), long, control, trailer],
        `gif 3×4; no-media-data image block at ${13 + long.length + control.length}`,
      ],
    ] as [string, (Uint8Array | number[])[], string][])("%s", async (_, parts, expected) =>
      expect(await summaryOf(join(...parts))).toBe(expected),
    );
  });
});
