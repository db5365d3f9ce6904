import { describe, expect, it } from "vitest";
import { ascii, box, concat, words } from "../../../fixtures/make/mp4-edit.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { Budget, OverBudget } from "../../../src/facts/budget.ts";
import { Cursor, type View } from "../../../src/facts/cursor.ts";
import {
  type Box,
  bodyOf,
  eachBox,
  fileRange,
  skipFields,
  uint,
  versionOf,
} from "../../../src/facts/isobmff/boxes.ts";
import { eachBatch, eachEntry, tableOf } from "../../../src/facts/isobmff/tables.ts";

const cursorOf = (bytes: Uint8Array, limits = {}): Cursor => new Cursor(fromBytes(bytes), new Budget(limits));

async function boxesOf(bytes: Uint8Array): Promise<Box[]> {
  const cursor = cursorOf(bytes);
  const found: Box[] = [];
  await eachBox(cursor, fileRange(cursor), (b) => {
    found.push(b);
  });
  return found;
}

describe("eachBox", () => {
  it("reads 32-bit, 64-bit and open-ended sizes", async () => {
    const wide = concat(words(1), ascii("mdat"), words(0, 20), ascii("abcd"));
    const open = concat(words(0), ascii("mdat"), ascii("xyz"));
    const found = await boxesOf(concat(box("free", ascii("12")), wide, open));
    expect(found.map(({ type, at, body, end, missing }) => [type, at, body, end, missing])).toEqual([
      ["free", 0, 8, 10, 0],
      ["mdat", 10, 26, 30, 0],
      ["mdat", 30, 38, 41, 0],
    ]);
    expect(found[2]?.openEnded).toBe(true);
  });

  it("reports a box that ends past the file, and stops there", async () => {
    const found = await boxesOf(concat(words(100), ascii("mdat"), ascii("abcd")));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ type: "mdat", end: 12, missing: 88, malformed: false });
  });

  it("reports a size smaller than its header, and stops there", async () => {
    const found = await boxesOf(concat(words(7), ascii("moov"), box("free")));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ type: "moov", malformed: true });
  });

  it("reads the extended type of a uuid box", async () => {
    const id = Uint8Array.from({ length: 16 }, (_, i) => i);
    const [found] = await boxesOf(box("uuid", id, ascii("body")));
    expect(found?.uuid).toBe("000102030405060708090a0b0c0d0e0f");
    expect(found?.body).toBe(24);
  });

  it("takes fewer than eight bytes at the end for no box", async () => {
    expect(await boxesOf(concat(box("free"), words(0)))).toHaveLength(1);
  });

  it("takes exactly eight bytes at the end for an empty one, seven for none", async () => {
    const two = concat(box("free"), box("moov"));
    expect((await boxesOf(two)).map((b) => [b.type, b.body, b.end, b.depth])).toEqual([
      ["free", 8, 8, 0],
      ["moov", 16, 16, 0],
    ]);
    expect(await boxesOf(two.subarray(0, 15))).toHaveLength(1);
    expect(await boxesOf(new Uint8Array(7))).toEqual([]);
  });

  it("reads sizes beyond 4 GB, and headers that are cut", async () => {
    const [huge] = await boxesOf(concat(words(1), ascii("mdat"), words(3, 5)));
    expect(huge).toMatchObject({ end: 16, missing: 3 * 2 ** 32 + 5 - 16, malformed: false });
    const [cut] = await boxesOf(concat(words(1), ascii("mdat"), words(0)));
    expect(cut).toMatchObject({ type: "mdat", body: 12, end: 12, missing: 4 });
    const [exact] = await boxesOf(concat(words(1), ascii("mdat"), words(0, 16)));
    expect(exact).toMatchObject({ body: 16, end: 16, missing: 0, malformed: false });
    const [less] = await boxesOf(concat(words(1), ascii("mdat"), words(0, 15)));
    expect(less).toMatchObject({ body: 16, end: 16, malformed: true });
    const [uuid] = await boxesOf(concat(words(24), ascii("uuid"), Uint8Array.of(1, 2, 3)));
    expect(uuid).toMatchObject({ type: "uuid", uuid: "010203", body: 11, missing: 13 });
    const [wide] = await boxesOf(
      concat(
        words(1),
        ascii("uuid"),
        words(0, 32),
        Uint8Array.from({ length: 16 }, (_, i) => i + 240),
      ),
    );
    expect(wide).toMatchObject({ uuid: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", body: 32, end: 32 });
  });

  it("knows types of any bytes, and many of them", async () => {
    const types = Array.from({ length: 600 }, (_, i) =>
      String.fromCharCode(i & 255, 255 - (i & 255), i >> 8, 0xa9),
    );
    const file = concat(...types.map((type) => box(type)), ...types.map((type) => box(type)));
    expect((await boxesOf(file)).map((b) => b.type)).toEqual([...types, ...types]);
  });

  it("finds the same where reads are short and late", async () => {
    const bytes = concat(box("free", new Uint8Array(100)), box("moov", box("trak")), words(9, 0));
    const late = {
      ...fromBytes(bytes),
      minReadSize: 8,
      read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
    };
    const cursor = new Cursor(late, new Budget());
    const found: Box[] = [];
    await eachBox(cursor, fileRange(cursor), (b) => void found.push(b));
    expect(found).toEqual(await boxesOf(bytes));
    expect(found).toHaveLength(3);
  });

  it("stops when visit returns true", async () => {
    const cursor = cursorOf(concat(box("free"), box("moov"), box("mdat")));
    const seen: string[] = [];
    await eachBox(cursor, fileRange(cursor), async (b) => seen.push(b.type) === 2);
    expect(seen).toEqual(["free", "moov"]);
  });

  it("never leaves its parent: a child longer than it is cut at its end", async () => {
    const cursor = cursorOf(
      concat(words(24), ascii("moov"), words(99), ascii("trak"), words(0, 0), box("free")),
    );
    const seen: Box[] = [];
    await eachBox(cursor, { body: 8, end: 24, depth: 0 }, (b) => {
      seen.push(b);
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ type: "trak", end: 24, missing: 83, depth: 1 });
  });

  it("is bounded in boxes and in depth", async () => {
    const many = new Uint8Array(8 * 2000);
    for (let i = 0; i < 2000; i++) many.set(box("free"), i * 8);
    const few = cursorOf(many, { entries: 10_000 });
    const walk = async (...args: Parameters<typeof eachBox>) => eachBox(...args);
    await expect(walk(few, fileRange(few), () => {})).rejects.toBeInstanceOf(OverBudget);
    const cursor = cursorOf(many);
    await expect(walk(cursor, { body: 0, end: 8, depth: 16 }, () => {})).rejects.toBeInstanceOf(OverBudget);
  });
});

describe("tables", () => {
  it("hold no more entries than their box has room for", async () => {
    const bytes = box("stts", words(0, 0x80000000, 7, 8));
    const cursor = cursorOf(bytes);
    const [stts] = await boxesOf(bytes);
    const table = await tableOf(cursor, stts as Box, 8);
    expect(table).toMatchObject({ stated: 0x80000000, count: 1 });
    const seen: number[] = [];
    await eachEntry(cursor, table, (view, at) => {
      seen.push(view.getUint32(at), view.getUint32(at + 4));
    });
    expect(seen).toEqual([7, 8]);
  });

  it("are visited in batches, each entry once, until visit returns true", async () => {
    const count = 20_000;
    const bytes = box("stco", words(0, count, ...Array.from({ length: count }, (_, i) => i * 3)));
    const cursor = cursorOf(bytes);
    const [stco] = await boxesOf(bytes);
    const table = await tableOf(cursor, stco as Box, 4);
    expect(table).toEqual({ at: 16, count, stated: count, width: 4 });
    const stretches: [number, number, number][] = [];
    const look = (view: View, n: number, first: number): boolean => {
      stretches.push([n, first, view.getUint32(0)]);
      return false;
    };
    await eachBatch(cursor, table, look);
    expect(stretches).toEqual([
      [16_384, 0, 0],
      [3616, 16_384, 49_152],
    ]);
    stretches.length = 0;
    await eachBatch(cursor, table, look, 5, 9);
    expect(stretches).toEqual([[4, 5, 15]]);
    const seen: number[] = [];
    await eachEntry(cursor, table, (view, at) => {
      seen.push(view.getUint32(at));
      return seen.length === 16_386;
    });
    expect(seen.slice(-2)).toEqual([49_152, 49_155]);
    expect(cursor.budget.spent.entries).toBeGreaterThanOrEqual(count);
    stretches.length = 0;
    await eachBatch(cursor, table, look, 7, 7);
    expect(stretches).toEqual([]);
  });

  it("cost a budget", async () => {
    const bytes = box("stco", words(0, 3, 1, 2, 3));
    const cursor = cursorOf(bytes, { entries: 34 });
    const [stco] = await boxesOf(bytes);
    const table = await tableOf(cursor, stco as Box, 4);
    await eachEntry(cursor, { ...table, count: 3 }, () => false);
    await expect(async () => {
      for (let i = 0; i < 20; i++) await eachEntry(cursor, table, () => false);
    }).rejects.toBeInstanceOf(OverBudget);
  });

  it("without a count, or with one that is cut off, are empty", async () => {
    for (const body of [new Uint8Array(), words(0), concat(words(0), Uint8Array.of(0, 0, 9))]) {
      const bytes = box("stco", body);
      const [stco] = await boxesOf(bytes);
      expect(await tableOf(cursorOf(bytes), stco as Box, 4)).toMatchObject({ count: 0, stated: 0 });
    }
  });

  it("have bodies of which a part can be had", async () => {
    const bytes = box(
      "mvhd",
      Uint8Array.from({ length: 20 }, (_, i) => i),
    );
    const cursor = cursorOf(concat(bytes, box("free")));
    const part = async (most: number, skip?: number): Promise<number[]> => {
      const view = await bodyOf(cursor, { body: 8, end: 28, depth: 0 }, most, skip);
      return [view.byteLength, view.byteLength ? view.getUint8(0) : -1];
    };
    expect(await part(100)).toEqual([20, 0]);
    expect(await part(5)).toEqual([5, 0]);
    expect(await part(100, 15)).toEqual([5, 15]);
    expect(await part(3, 15)).toEqual([3, 15]);
    expect(await part(3, 20)).toEqual([0, -1]);
    expect(await part(3, 99)).toEqual([0, -1]);
    expect(skipFields({ body: 8, end: 28, depth: 1 }, 8)).toEqual({ body: 16, end: 28, depth: 1 });
    expect(skipFields({ body: 8, end: 28, depth: 1 }, 30)).toEqual({ body: 28, end: 28, depth: 1 });
  });

  it("have numbers of 32 and of 64 bits", () => {
    const view = new DataView(words(7, 3, 5).buffer as ArrayBuffer);
    expect([uint(view, 0, false), uint(view, 4, true)]).toEqual([7, 3 * 2 ** 32 + 5]);
  });

  it("reads version and flags, zeros where they are absent", () => {
    expect(versionOf(new DataView(Uint8Array.of(1, 2, 3, 4).buffer))).toEqual({
      version: 1,
      flags: 0x020304,
    });
    expect(versionOf(new DataView(new ArrayBuffer(2)))).toEqual({ version: 0, flags: 0 });
  });
});
