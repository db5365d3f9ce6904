import { appendFileSync, mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, asyncProperty, integer, tuple } from "fast-check";
import { expect, test } from "vitest";
import { fromBlob } from "../../src/bytes/blob.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) >>> 24);

test("reads return the requested ranges, in any order", async () => {
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

test("the start is fetched once, and later reads in it are synchronous", async () => {
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

test("the name is the given one, or the file's own", () => {
  const file = new File([bytes], "clip.mp4");
  expect([fromBlob(file).name, fromBlob(file, "mine.mp4").name, fromBlob(file, null).name]).toEqual([
    "clip.mp4",
    "mine.mp4",
    "clip.mp4",
  ]);
  expect([fromBlob(new Blob([bytes])).name, fromBlob(new Blob([bytes])).size]).toEqual([null, 200_000]);
});

test("fetched bytes are available to the last one", async () => {
  const source = fromBlob(new Blob([bytes]));
  await source.read(0, 10);
  expect(source.read(65_526, 10)).toBeInstanceOf(Uint8Array);
  expect(source.read(65_527, 10)).toBeInstanceOf(Promise);
});

test("a file that was changed since it was picked can no longer be read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "blob-"));
  const path = join(folder, "clip.mp4");
  writeFileSync(path, bytes);
  const source = fromBlob(await openAsBlob(path));
  appendFileSync(path, "more");
  await expect(source.read(0, 10)).rejects.toMatchObject({
    code: "unreadable",
    message: "the file can no longer be read",
    hint: "it was moved, changed or deleted: choose it again",
    cause: { name: "NotReadableError" },
  });
  rmSync(folder, { recursive: true });
});
