import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256OfBlob, sha256OfText } from "../../src/bytes/sha256.ts";

const reference = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("SHA-256", () => {
  it("of an empty Blob and an empty text is that of no bytes", async () => {
    expect(await sha256OfBlob(new Blob([]))).toBe(reference(new Uint8Array()));
    expect(sha256OfText("")).toBe(reference(new Uint8Array()));
  });

  it("of a Blob agrees with Node.js around the size of a chunk", async () => {
    for (const length of [2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2 ** 21 + 5]) {
      const bytes = new Uint8Array(length).fill(3);
      bytes[length - 1] = 9;
      expect(await sha256OfBlob(new Blob([bytes]))).toBe(reference(bytes));
    }
  });

  it("of a Blob is computed with progress", async () => {
    const hashed: number[] = [];
    await sha256OfBlob(new Blob([new Uint8Array(2 ** 20 + 5)]), null, (bytes) => hashed.push(bytes));
    expect(hashed).toEqual([2 ** 20, 2 ** 20 + 5]);
  });

  it("of any text agrees with Node.js", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(sha256OfText(text)).toBe(reference(Buffer.from(text)));
      }),
    );
  });
});
