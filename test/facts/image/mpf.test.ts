import { describe, expect, test } from "vitest";
import { join, multiPicture, scanned, segment, summaryOf, u32, zeros } from "./pictures.ts";

/* A generated JPEG with an index of further pictures: CIPA DC-007. */

const second = scanned();
const other = segment(0xe2, join("ICC_PROFILE\0", zeros(40)));
/** The first picture with this index and the bytes after it; the index begins at byte 10. */
const pictures = (
  list: [at: number, size: number][],
  after: Uint8Array,
  more = zeros(0),
  tag?: number,
): Uint8Array => join(scanned(join(multiPicture(list, tag), more)), after);
const lengthOf = (count: number, more = zeros(0)): number =>
  pictures(new Array(count).fill([0, 0]), zeros(0), more).length;
/** Two pictures, of which so many bytes of the second are there. */
const two = (there: number, more = zeros(0), tag?: number): Uint8Array => {
  const at = lengthOf(2, more) - 10;
  return pictures(
    [
      [0, at],
      [at, second.length],
    ],
    second.subarray(0, there),
    more,
    tag,
  );
};
const cutBy = (missing: number, picture = 2): RegExp =>
  new RegExp(`^jpeg 40×30; cut-short picture ${picture} at \\d+ by ${missing}$`);

describe("a second picture listed by a JPEG's MPF index", () => {
  test("may be present or absent without being reported", async () => {
    expect(await summaryOf(two(second.length))).toBe("jpeg 40×30");
    expect(await summaryOf(two(0))).toBe("jpeg 40×30");
    expect(await summaryOf(two(1))).toBe("jpeg 40×30");
  });
  test("is cut if it begins at its offset and has no end in the file", async () => {
    expect(await summaryOf(two(second.length - 1))).toMatch(cutBy(1));
    expect(await summaryOf(two(2))).toMatch(cutBy(second.length - 2));
    // Other segments of the same kind are ignored.
    expect(await summaryOf(two(second.length - 1, other))).toMatch(cutBy(1));
  });
  test("is ignored if other bytes are at its offset", async () => {
    const at = lengthOf(2) - 10;
    expect(
      await summaryOf(
        pictures(
          [
            [0, at],
            [at, 9999],
          ],
          zeros(100),
        ),
      ),
    ).toBe("jpeg 40×30");
  });
  test("is not read from an index without a list, or past the end of one", async () => {
    expect(await summaryOf(two(second.length - 1, zeros(0), 0xb001))).toBe("jpeg 40×30");
    // The list states that its bytes are those of one picture; what follows looks like another.
    const bytes = two(second.length - 1);
    bytes.set(u32(16, true), 10 + 8 + 2 + 4);
    expect(await summaryOf(bytes)).toBe("jpeg 40×30");
  });
  test.each([
    [64, cutBy(1, 64)],
    [65, /^jpeg 40×30$/],
  ])("is checked: of %i the last, up to the 64th", async (count, expected) => {
    const at = lengthOf(count) - 10;
    const list = new Array<[number, number]>(count - 1).fill([0, 0]);
    expect(await summaryOf(pictures([...list, [at, second.length]], second.subarray(0, -1)))).toMatch(
      expected,
    );
  });
});
