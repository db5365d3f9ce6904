import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
  it("keeps its bytes apart from those of all that is open beside it", async () => {
    const one = fromPath(file(1));
    const first = await one.read(0, 600);
    const two = fromPath(file(2));
    const second = await two.read(0, 600);
    two.close?.();
    // One is still open: the room that two gave back must not be where its bytes lie.
    const third = await one.read(600, 400);
    const three = fromPath(file(3));
    await three.read(0, 1000);
    expect([first, third].every((bytes) => bytes.every((byte) => byte === 1))).toBe(true);
    expect(second.every((byte) => byte === 2)).toBe(true);
    one.close?.();
    three.close?.();
  });

  it("reads what there is however often it was closed", async () => {
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

  it("reads nothing once it is closed: its descriptor may be another file's", () => {
    const one = fromPath(file(4));
    one.close?.();
    const two = fromPath(file(5));
    expect(() => one.read(0, 4)).toThrow(expect.objectContaining({ code: "unreadable" }));
    two.close?.();
  });
});
