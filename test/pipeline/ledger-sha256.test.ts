import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sha256, sha256OfBlob, sha256OfText } from "../../src/pipeline/ledger/sha256.ts";

const reference = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("SHA-256 in pieces", () => {
  it("agrees with Node's at every length around a block", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      const hash = new Sha256();
      hash.update(bytes);
      expect(hash.digest()).toBe(reference(bytes));
    }
  });

  it("agrees whatever the pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), (pieces) => {
        const hash = new Sha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.digest()).toBe(reference(Buffer.concat(pieces)));
      }),
    );
  });

  it("agrees on a Blob of several pieces and on text", async () => {
    const bytes = new Uint8Array(9 * 1024 * 1024 + 5).fill(3);
    expect(await sha256OfBlob(new Blob([bytes]))).toBe(reference(bytes));
    expect(sha256OfText("https://x.test/ü?a=1")).toBe(reference(Buffer.from("https://x.test/ü?a=1")));
  });
});
