import { afterEach, describe, expect, it, vi } from "vitest";
import { type ByteSource, OutOfReach } from "../../src/bytes/source.ts";
import { Budget, OverBudget } from "../../src/facts/budget.ts";
import { Cursor, EndOfData, text, uint64, type View } from "../../src/facts/cursor.ts";

/* Which bytes are asked of a source for which looks, and what happens where the data end. */

const data = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7 + (i >> 8)) & 255);

interface Recorded {
  cursor: Cursor;
  reads: [offset: number, length: number][];
}
function over(more: Partial<ByteSource> = {}, signal: AbortSignal | null = null): Recorded {
  const reads: [number, number][] = [];
  const source: ByteSource = {
    size: data.length,
    name: null,
    minReadSize: 1000,
    ...more,
    read: (offset, length) => {
      reads.push([offset, length]);
      return more.read?.(offset, length) ?? data.subarray(offset, offset + length);
    },
  };
  return { cursor: new Cursor(source, new Budget(), signal), reads };
}
const bytesOf = (view: View): number[] => Array.from({ length: view.byteLength }, (_, i) => view.getUint8(i));
const expected = (offset: number, length: number): number[] => [...data.subarray(offset, offset + length)];
const at = async ({ cursor }: Recorded, offset: number, length = 10): Promise<void> =>
  expect(bytesOf(await cursor.at(offset, length))).toEqual(expected(offset, length));

describe("read windows", () => {
  it("serve reads inside them without another read, to their last byte", async () => {
    const one = over();
    for (const offset of [0, 500, 990]) await at(one, offset);
    await at(one, 0, 1000);
    expect(one.reads).toEqual([[0, 1000]]);
    await at(one, 991);
    expect(one.reads).toHaveLength(2);
  });
  it("double if a read is at most `minReadSize` away from the last one, up to 256 KiB; a jump reads `minReadSize`", async () => {
    const one = over();
    await at(one, 0);
    await at(one, 1000);
    await at(one, 3000);
    await at(one, 6995);
    expect(one.reads).toEqual([
      [0, 1000],
      [1000, 2000],
      [3000, 4000],
      [6995, 8000],
    ]);
    await at(one, 500_000);
    await at(one, 502_001);
    await at(one, 504_001);
    expect(one.reads.slice(4)).toEqual([
      [500_000, 1000],
      [502_001, 1000],
      [504_001, 2000],
    ]);
    const big = over({ minReadSize: 200_000 });
    await at(big, 0);
    await at(big, 200_000);
    expect(big.reads).toEqual([
      [0, 200_000],
      [200_000, 262_144],
    ]);
    const backwards = over();
    await at(backwards, 5000);
    await at(backwards, 4000);
    expect(backwards.reads).toEqual([
      [5000, 1000],
      [4000, 1000],
    ]);
  });
  it("double from the offset of the last read, not only after it, whatever the first window contains", async () => {
    const same = over();
    await at(same, 0);
    await at(same, 0, 1500);
    expect(same.reads).toEqual([
      [0, 1000],
      [0, 2000],
    ]);
    const first = over();
    for (const offset of [0, 5000]) await at(first, offset);
    await at(first, 0, 1500);
    await at(first, 1500);
    expect(first.reads.slice(2)).toEqual([
      [0, 1500],
      [1500, 2000],
    ]);
  });
  it("are as large as the requested length if that is larger", async () => {
    const one = over();
    await at(one, 100, 5000);
    expect(one.reads).toEqual([[100, 5000]]);
  });
  it("the window at the start of the file is retained, whatever is read later", async () => {
    const one = over();
    for (const offset of [0, 400_000, 800_000, 5, 800_100]) await at(one, offset);
    expect(one.reads).toHaveLength(3);
    const elsewhere = over();
    for (const offset of [400_000, 800_000, 400_000]) await at(elsewhere, offset);
    expect(elsewhere.reads).toHaveLength(3);
    const later = over();
    for (const offset of [400_000, 0, 800_000, 5, 400_000]) await at(later, offset);
    expect(later.reads).toEqual([
      [400_000, 1000],
      [0, 1000],
      [800_000, 1000],
      [400_000, 1000],
    ]);
  });
  it("can be queried for bytes they contain without a read", async () => {
    const one = over();
    expect(one.cursor.buffered(0, 1)).toBeNull();
    await at(one, 0);
    expect(bytesOf(one.cursor.buffered(990, 10) as View)).toEqual(expected(990, 10));
    expect(one.cursor.buffered(990, 11)).toBeNull();
    await at(one, 5000);
    expect(one.cursor.buffered(4999, 1)).toBeNull();
    expect(one.cursor.buffered(5999, 1)).not.toBeNull();
    expect(one.cursor.buffered(6000, 1)).toBeNull();
    expect(one.reads).toHaveLength(2);
  });
  it("return without a promise if the source returns without one", () => {
    expect(over().cursor.at(0, 10)).not.toBeInstanceOf(Promise);
  });
  it("return a promise if the source returns one", async () => {
    const read = (offset: number, length: number): Promise<Uint8Array> =>
      Promise.resolve(data.subarray(offset, offset + length));
    const one = over({ read });
    expect(one.cursor.at(0, 10)).toBeInstanceOf(Promise);
    await at(one, 0);
    expect(one.cursor.at(5, 10)).not.toBeInstanceOf(Promise);
  });
  it("count their bytes and reads in the budget", async () => {
    const one = over();
    await at(one, 0);
    await at(one, 500);
    await at(one, 500_000, 4000);
    expect(one.cursor.budget.spent).toMatchObject({ reads: 2, bytes: 5000 });
  });
  it("of infinite length over a source of unknown size exceed any budget", async () => {
    const one = over({ size: null });
    await expect(async () => one.cursor.read(0, Number.POSITIVE_INFINITY)).rejects.toBeInstanceOf(OverBudget);
    expect(one.reads).toEqual([]);
  });
  describe("over a slow source", () => {
    afterEach(() => void vi.useRealTimers());
    it("do not count waiting as parse time", async () => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const one = over({
        read: async (offset, length) => {
          vi.advanceTimersByTime(60_000);
          return data.subarray(offset, offset + length);
        },
      });
      for (const offset of [0, 5000, 10_000]) await at(one, offset);
      one.cursor.budget.read(0);
      expect(one.cursor.budget.spent.milliseconds).toBe(0);
    });
  });
});

describe("at the end of the data", () => {
  const size = data.length;
  it("no more is requested than exists", async () => {
    const one = over();
    expect(bytesOf(await one.cursor.read(size - 5, 10))).toEqual(expected(size - 5, 5));
    expect((await one.cursor.read(size, 10)).byteLength).toBe(0);
    expect((await one.cursor.read(size + 99, 10)).byteLength).toBe(0);
    expect((await one.cursor.read(5, 0)).byteLength).toBe(0);
    expect(one.reads[0]).toEqual([size - 5, 5]);
    const again = over();
    for (let i = 0; i < 3; i++) expect((await again.cursor.read(size - 5, 10)).byteLength).toBe(5);
    expect(again.reads).toHaveLength(1);
  });
  it("an exact read past the end throws with its offset", async () => {
    const one = over();
    await at(one, size - 10);
    const fails = async (offset: number, length: number): Promise<unknown> => {
      try {
        await one.cursor.at(offset, length);
      } catch (stop) {
        return stop;
      }
      return null;
    };
    for (const [offset, length] of [
      [size - 9, 10],
      [size + 5, 1],
      [-1, 1],
      [0, -1],
      [Number.NaN, 1],
      [1, Number.NaN],
      [2 ** 53, 1],
    ] as const) {
      const stop = await fails(offset, length);
      expect(stop).toBeInstanceOf(EndOfData);
      expect(stop).toMatchObject({ offset, length });
    }
  });
  it("of a source of unknown size, the end is detected by reading", async () => {
    const one = over({ size: null });
    expect(one.cursor.size).toBe(Number.POSITIVE_INFINITY);
    expect(bytesOf(await one.cursor.read(size - 5, 10))).toEqual(expected(size - 5, 5));
    expect((await one.cursor.read(size + 5, 10)).byteLength).toBe(0);
    await expect(async () => one.cursor.at(size - 5, 10)).rejects.toBeInstanceOf(EndOfData);
    expect((await one.cursor.read(2 ** 53 - 1, 10)).byteLength).toBe(0);
    const asked = one.reads.length;
    await expect(async () => one.cursor.read(2 ** 53, 10)).rejects.toBeInstanceOf(EndOfData);
    expect(one.reads).toHaveLength(asked);
  });
  it("bytes out of reach are not the end", async () => {
    const one = over({ reach: 2000 });
    await at(one, 1990);
    await expect(async () => one.cursor.at(1991, 10)).rejects.toBeInstanceOf(OutOfReach);
    expect(one.reads).toEqual([[1990, 10]]);
  });
  it("nothing is read after the caller aborted", async () => {
    const one = over({}, AbortSignal.abort());
    await expect(async () => one.cursor.at(0, 10)).rejects.toMatchObject({ code: "aborted" });
    expect(one.reads).toEqual([]);
  });
});

describe("a view of bytes", () => {
  it("reads numbers of either byte order, relative to its start", async () => {
    const { cursor } = over();
    await cursor.at(0, 10);
    const view = await cursor.at(10, 16);
    const direct = new DataView(data.buffer, 10, 16);
    expect([view.byteLength, view.byteOffset, view.buffer]).toEqual([16, 10, data.buffer]);
    for (const little of [true, false]) {
      expect(view.getUint16(14, little)).toBe(direct.getUint16(14, little));
      expect(view.getUint32(12, little)).toBe(direct.getUint32(12, little));
      expect(view.getInt32(4, little)).toBe(direct.getInt32(4, little));
      expect(BigInt(uint64(view, 8, little)) >> 12n).toBe(direct.getBigUint64(8, little) >> 12n);
    }
    expect(view.getUint8(15)).toBe(direct.getUint8(15));
    expect(text(view, 3, 2)).toBe(String.fromCharCode(direct.getUint8(3), direct.getUint8(4)));
  });
  it("never reads outside its range, although the window is larger", async () => {
    const view = await over().cursor.at(10, 16);
    for (const look of [
      () => view.getUint8(16),
      () => view.getUint8(-1),
      () => view.getUint16(15),
      () => view.getUint32(13),
      () => view.getInt32(13),
      () => view.getUint32(-4),
    ])
      expect(look).toThrow(RangeError);
  });
});
