import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sha256, sha256OfBlob, sha256OfText } from "../../src/bytes/sha256.ts";

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
      // Without "max" hardly any of them would be as long as a block.
      fc.property(fc.array(fc.uint8Array({ maxLength: 150, size: "max" }), { maxLength: 9 }), (pieces) => {
        const hash = new Sha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.digest()).toBe(reference(Buffer.concat(pieces)));
      }),
    );
  });

  it("agrees on a Blob of several pieces and on text", async () => {
    const bytes = new Uint8Array(2 ** 20 + 5).fill(3);
    bytes[2 ** 20] = 9;
    expect(await sha256OfBlob(new Blob([bytes]))).toBe(reference(bytes));
    expect(sha256OfText("https://x.test/ü?a=1")).toBe(reference(Buffer.from("https://x.test/ü?a=1")));
  });
});
