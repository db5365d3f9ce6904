import { describe, expect, it } from "vitest";
import { ascii, box, concat, words } from "../../../fixtures/make/mp4-edit.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { Budget, OverBudget } from "../../../src/facts/budget.ts";
import { Cursor } from "../../../src/facts/cursor.ts";
import { type Box, eachBox, fileRange, versionOf } from "../../../src/facts/isobmff/boxes.ts";
import { eachEntry, tableOf } from "../../../src/facts/isobmff/tables.ts";

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

  it("stops when told to", async () => {
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

  it("reads version and flags, zeros where they are absent", () => {
    expect(versionOf(new DataView(Uint8Array.of(1, 2, 3, 4).buffer))).toEqual({
      version: 1,
      flags: 0x020304,
    });
    expect(versionOf(new DataView(new ArrayBuffer(2)))).toEqual({ version: 0, flags: 0 });
  });
});
