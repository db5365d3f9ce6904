import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fromPath } from "../../src/bytes/path.node.ts";

const folder = mkdtempSync(join(tmpdir(), "path-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of `length` bytes, all of them `byte`. */
function file(byte: number, length = 1000): string {
  const path = join(folder, `${byte}.bin`);
  writeFileSync(path, new Uint8Array(length).fill(byte));
  return path;
}

describe("a local file", () => {
  it("returns separate bytes for each read", async () => {
    const one = fromPath(file(1));
    const first = await one.read(0, 600);
    const two = fromPath(file(2));
    const second = await two.read(0, 600);
    two.close?.();
    const third = await one.read(600, 400);
    expect([first, third].every((bytes) => bytes.every((byte) => byte === 1))).toBe(true);
    expect(second.every((byte) => byte === 2)).toBe(true);
    one.close?.();
  });

  it("can be closed more than once", async () => {
    for (let i = 0; i < 100; i++) {
      const source = fromPath(file(4, 9000));
      const bytes = await source.read(0, 20_000);
      expect(bytes).toHaveLength(9000);
      expect(bytes.every((byte) => byte === 4)).toBe(true);
      source.close?.();
      source.close?.();
    }
    const [a, b] = [fromPath(file(5)), fromPath(file(6))];
    const [ofA, ofB] = [await a.read(0, 1000), await b.read(0, 1000)];
    expect([ofA[999], ofB[0]]).toEqual([5, 6]);
    a.close?.();
    b.close?.();
  });

  it("refuses to read after it was closed", () => {
    const one = fromPath(file(4));
    one.close?.();
    const two = fromPath(file(5));
    expect(() => one.read(0, 4)).toThrow(expect.objectContaining({ code: "unreadable" }));
    two.close?.();
  });

  it("clamps a read to the end of the file", () => {
    const path = join(folder, "large.bin");
    const all = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
    writeFileSync(path, all);
    const source = fromPath(path);
    expect([source.size, source.name]).toEqual([700_000, "large.bin"]);
    for (const [offset, length] of [
      [0, 700_000],
      [1000, 300_000],
      [699_990, 20],
      [5, 16_384],
      [5, 16_385],
    ] as const) {
      const bytes = source.read(offset, length) as Uint8Array;
      expect(Buffer.compare(bytes, all.subarray(offset, offset + length))).toBe(0);
    }
    expect(source.read(700_000, 5)).toHaveLength(0);
    expect(source.read(800_000, 5)).toHaveLength(0);
    source.close?.();
  });

  it("reports a file that became shorter as changed", () => {
    const path = file(7);
    const source = fromPath(path, "mine.mp4");
    expect(source.name).toBe("mine.mp4");
    truncateSync(path, 10);
    expect(() => source.read(0, 20)).toThrow(
      expect.objectContaining({
        code: "changed",
        message: expect.stringContaining("the file became shorter while it was being read"),
      }),
    );
    source.close?.();
    expect(() => source.read(0, 4)).toThrow("the file was closed while it was being read");
  });
});
