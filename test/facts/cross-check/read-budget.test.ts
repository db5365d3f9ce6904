import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { type Allowance, allowedReads, movieAllowance } from "../../../src/facts/cross-check/read-budget.ts";
import { fixture, join, u32, zeros } from "../image/pictures.ts";

/* What a cross-check library may see of a file: some stretches as often as it likes, so many bytes of the rest, then nothing. */

const file = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
const reads = (allowance: Allowance, signal: AbortSignal | null = null) =>
  allowedReads(fromBytes(file), file.length, allowance, signal);
const free = (from: number, to: number, spare: number): Allowance => ({ free: [{ from, to }], spare });

describe("a cross-check library", () => {
  test.each<[string, Allowance, [offset: number, length: number, bytes: number][]]>([
    [
      "may spend what it has to spare, to the last byte",
      { free: [], spare: 60 },
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
      { free: [], spare: 30 },
      [
        [990, 50, 10],
        [0, 50, 20],
      ],
    ],
    [
      "gets whole bytes",
      { free: [], spare: 30 },
      [
        [0, 9.7, 9],
        [0, 50, 21],
      ],
    ],
    [
      "pays nothing for what is not there",
      { free: [], spare: 30 },
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

  test("that goes round and round in a free stretch pays in the end", async () => {
    const read = reads(free(0, 100, 250));
    let whole = 0;
    while ((await read(0, 100)).length === 100 && whole < 10_000) whole++;
    // 320 for nothing, and two it has to spare; what is left of that comes with the next.
    expect(whole).toBe(322);
    expect(await read(500, 100)).toHaveLength(0);
  });

  test("cannot write into the file", async () => {
    (await reads(free(0, 100, 0))(0, 100)).fill(99);
    expect(file[5]).toBe(5);
  });

  test("is told where the caller has left", async () => {
    const read = reads(free(0, 100, 0), AbortSignal.abort());
    await expect(read(0, 1)).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("of a film", () => {
  const head = { from: 0, to: 65_536 };
  const box = (type: string, body: number, size = body + 8): Uint8Array =>
    join(u32(size, true), type, zeros(body));
  const allowed = (...parts: Uint8Array[]) => movieAllowance(fromBytes(join(...parts)));

  test("the header is free wherever it lies, the rest a quarter of a megabyte", async () => {
    expect(await allowed(box("ftyp", 8), box("mdat", 90_000), box("moov", 500))).toEqual({
      allowance: { free: [head, { from: 90_024, to: 90_532 }], spare: 262_144 },
      fragmented: false,
    });
    const clip = fixture("video/mp4-h264-aac.mp4");
    const at = Buffer.from(clip).indexOf("moov") - 4;
    const { allowance } = await movieAllowance(fromBytes(clip));
    expect(allowance.free[1]?.from).toBe(at);
    expect(allowance.free[1]?.to).toBe(at + Buffer.from(clip).readUInt32BE(at));
  });
  test("of a header, its first 8 MiB", async () => {
    const { allowance } = await allowed(box("ftyp", 8), box("moov", 9 << 20));
    expect(allowance.free[1]).toEqual({ from: 16, to: 16 + 8 * 1024 * 1024 });
  });
  test("of two headers, both", async () => {
    const { allowance } = await allowed(box("moov", 0), box("moov", 8));
    expect(allowance.free.slice(1)).toEqual([
      { from: 0, to: 8 },
      { from: 8, to: 24 },
    ]);
  });
  test("in fragments, no more is looked at than that it is", async () => {
    const parts = [box("ftyp", 8), box("moov", 8), box("moof", 8), box("moov", 8)];
    const { allowance, fragmented } = await allowed(...parts);
    expect([fragmented, allowance.free]).toEqual([true, [head, { from: 16, to: 32 }]]);
    expect((await movieAllowance(fromBytes(fixture("video/fragmented.mp4")))).fragmented).toBe(true);
    expect((await movieAllowance(fromBytes(fixture("video/mp4-h264-aac.mp4")))).fragmented).toBe(false);
  });
  test.each([
    [23, 1],
    [24, 0],
  ])("behind %i other boxes, the header is found: %i", async (before, found) => {
    const { allowance } = await allowed(...Array(before).fill(box("free", 0)), box("moov", 8));
    expect(allowance.free.length - 1).toBe(found);
  });
  test("whose boxes are too far apart, only the head is free", async () => {
    const parts = [box("ftyp", 8), ...Array(6).fill(box("free", 400_000)), box("moov", 8)];
    const source = { ...fromBytes(join(...parts)), grain: 262_144 };
    const read = (offset: number, length: number) => join(...parts).subarray(offset, offset + length);
    const { allowance, fragmented } = await movieAllowance({ ...source, read });
    expect([allowance.free, fragmented]).toEqual([[head], false]);
  });
  test("that is none, only the head is free", async () => {
    const { allowance } = await movieAllowance(fromBytes(new TextEncoder().encode("not a film in any way")));
    expect(allowance).toEqual({ free: [head], spare: 262_144 });
  });
  test("that cannot be read, the reader's caller hears of it", async () => {
    const broken = {
      ...fromBytes(file),
      read: (): never => {
        throw new Error("the disk is gone");
      },
    };
    await expect(movieAllowance(broken)).rejects.toThrow("the disk is gone");
  });
});
