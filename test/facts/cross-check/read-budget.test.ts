import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { type Allowance, allowedReads, movieAllowance } from "../../../src/facts/cross-check/read-budget.ts";
import { fixture, join, u32, zeros } from "../image/pictures.ts";

/* What a cross-check library may see of a file: some stretches as often as it likes, so many bytes of the rest, then nothing. */

const file = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
const reads = (allowance: Allowance, signal: AbortSignal | null = null) =>
  allowedReads(fromBytes(file), file.length, allowance, signal);
const free = (from: number, to: number, freeBytes: number): Allowance => ({
  free: [{ from, to }],
  freeBytes,
});

describe("the read budget of a cross-check library", () => {
  test.each<[string, Allowance, [offset: number, length: number, bytes: number][]]>([
    [
      "may spend what it has to spare, to the last byte",
      { free: [], freeBytes: 60 },
      [
        [0, 50, 50],
        [500, 50, 10],
        [0, 1, 0],
      ],
    ],
    [
      "has free stretches whole, however often",
      free(100, 200, 0),
      [
        [100, 100, 100],
        [100, 100, 100],
        [199, 1, 1],
        [99, 1, 0],
        [200, 1, 0],
      ],
    ],
    [
      "does not pay for them, nor get more than them",
      free(0, 100, 30),
      [
        [90, 50, 10],
        [0, 100, 100],
        [100, 50, 30],
        [100, 50, 0],
        [0, 100, 100],
      ],
    ],
    [
      "gets no more than there is, and pays for no more",
      { free: [], freeBytes: 30 },
      [
        [990, 50, 10],
        [0, 50, 20],
      ],
    ],
    [
      "gets whole bytes",
      { free: [], freeBytes: 30 },
      [
        [0, 9.7, 9],
        [0, 50, 21],
      ],
    ],
    [
      "pays nothing for what is not there",
      { free: [], freeBytes: 30 },
      [
        [1000, 5, 0],
        [5000, 5, 0],
        [0, 0, 0],
        [0, -5, 0],
        [-5, 5, 0],
        [Number.NaN, 5, 0],
        [0, Number.NaN, 0],
        [0, 30, 30],
      ],
    ],
  ])("%s", async (_, allowance, asked) => {
    const read = reads(allowance);
    for (const [offset, length, bytes] of asked) {
      const got = await read(offset, length);
      expect([offset, length, [...got]]).toEqual([
        offset,
        length,
        [...file.subarray(offset, offset + bytes)],
      ]);
    }
  });

  test("charges a library that rereads the free part in a loop", async () => {
    const read = reads(free(0, 100, 250));
    let whole = 0;
    while ((await read(0, 100)).length === 100 && whole < 10_000) whole++;
    // 320 for nothing, and two it has to spare; what is left of that comes with the next.
    expect(whole).toBe(322);
    expect(await read(500, 100)).toHaveLength(0);
  });

  test("prevents the library from writing into the file's bytes", async () => {
    (await reads(free(0, 100, 0))(0, 100)).fill(99);
    expect(file[5]).toBe(5);
  });

  test("stops when the caller aborts", async () => {
    const read = reads(free(0, 100, 0), AbortSignal.abort());
    await expect(read(0, 1)).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("the free part of an MP4's read budget", () => {
  const head = { from: 0, to: 65_536 };
  const box = (type: string, body: number, size = body + 8): Uint8Array =>
    join(u32(size, true), type, zeros(body));
  const allowed = (...parts: Uint8Array[]) => movieAllowance(fromBytes(join(...parts)));

  test("is the header wherever it is, and otherwise 256 KiB", async () => {
    expect(await allowed(box("ftyp", 8), box("mdat", 90_000), box("moov", 500))).toEqual({
      allowance: { free: [head, { from: 90_024, to: 90_532 }], freeBytes: 262_144 },
      fragmented: false,
    });
    const clip = fixture("video/mp4-h264-aac.mp4");
    const at = Buffer.from(clip).indexOf("moov") - 4;
    const { allowance } = await movieAllowance(fromBytes(clip));
    expect(allowance.free[1]?.from).toBe(at);
    expect(allowance.free[1]?.to).toBe(at + Buffer.from(clip).readUInt32BE(at));
  });
  test("is at most the first 8 MiB of a header", async () => {
    const { allowance } = await allowed(box("ftyp", 8), box("moov", 9 << 20));
    expect(allowance.free[1]).toEqual({ from: 16, to: 16 + 8 * 1024 * 1024 });
  });
  test("covers both headers if there are two", async () => {
    const { allowance } = await allowed(box("moov", 0), box("moov", 8));
    expect(allowance.free.slice(1)).toEqual([
      { from: 0, to: 8 },
      { from: 8, to: 24 },
    ]);
  });
  test("of a fragmented file ends once fragments are detected", async () => {
    const parts = [box("ftyp", 8), box("moov", 8), box("moof", 8), box("moov", 8)];
    const { allowance, fragmented } = await allowed(...parts);
    expect([fragmented, allowance.free]).toEqual([true, [head, { from: 16, to: 32 }]]);
    expect((await movieAllowance(fromBytes(fixture("video/fragmented.mp4")))).fragmented).toBe(true);
    expect((await movieAllowance(fromBytes(fixture("video/mp4-h264-aac.mp4")))).fragmented).toBe(false);
  });
  test.each([
    [23, 1],
    [24, 0],
  ])("includes the header after %i other boxes: %i", async (before, found) => {
    const { allowance } = await allowed(...Array(before).fill(box("free", 0)), box("moov", 8));
    expect(allowance.free.length - 1).toBe(found);
  });
  test("is only the first window if the boxes are too far apart", async () => {
    const parts = [box("ftyp", 8), ...Array(6).fill(box("free", 400_000)), box("moov", 8)];
    const source = { ...fromBytes(join(...parts)), minReadSize: 262_144 };
    const read = (offset: number, length: number) => join(...parts).subarray(offset, offset + length);
    const { allowance, fragmented } = await movieAllowance({ ...source, read });
    expect([allowance.free, fragmented]).toEqual([[head], false]);
  });
  test("is only the first window of a file that is no MP4", async () => {
    const { allowance } = await movieAllowance(fromBytes(new TextEncoder().encode("not a film in any way")));
    expect(allowance).toEqual({ free: [head], freeBytes: 262_144 });
  });
  test("a file that cannot be read rejects the reader's call", async () => {
    const broken = {
      ...fromBytes(file),
      read: (): never => {
        throw new Error("the disk is gone");
      },
    };
    await expect(movieAllowance(broken)).rejects.toThrow("the disk is gone");
  });
});
