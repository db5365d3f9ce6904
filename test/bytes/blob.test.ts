import { assert, asyncProperty, integer, tuple } from "fast-check";
import { expect, test } from "vitest";
import { fromBlob } from "../../src/bytes/blob.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) >>> 24);

test("any stretch is the stretch that was asked for, in any order of asking", async () => {
  const source = fromBlob(new Blob([bytes]));
  const stretch = tuple(integer({ min: 0, max: 210_000 }), integer({ min: 0, max: 90_000 }));
  await assert(
    asyncProperty(stretch, async ([offset, length]) => {
      const got = await source.read(offset, length);
      expect(Buffer.compare(got, bytes.subarray(offset, offset + length))).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test("the start is fetched once, and what lies in it is at hand", async () => {
  const slices: number[][] = [];
  const blob = new Blob([bytes]);
  const slice = blob.slice.bind(blob);
  blob.slice = (start = 0, end = blob.size, type) => {
    slices.push([start, end]);
    return slice(start, end, type);
  };
  const source = fromBlob(blob);
  expect(await source.read(0, 16_384)).toHaveLength(16_384);
  expect(source.read(40_000, 16_384)).toBeInstanceOf(Uint8Array);
  expect(await source.read(60_000, 16_384)).toHaveLength(16_384);
  expect(slices).toEqual([
    [0, 65_536],
    [60_000, 76_384],
  ]);
});
