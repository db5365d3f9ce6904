import { describe, expect, test } from "vitest";
import { TransferRate } from "../../../../src/web/element/session/transfer-rate.ts";

/** A rate that has seen files of a size, each loaded at a speed and answered after a time. */
function seen(files: number, bytes: number, bytesPerSecond: number, answerAfter: number): TransferRate {
  const rate = new TransferRate(2);
  for (let i = 0; i < files; i++) {
    rate.loaded(bytes, (bytes / bytesPerSecond) * 1000);
    rate.arrived(answerAfter);
  }
  return rate;
}

describe("the time left", () => {
  test("of many small files is what the server takes for each", () => {
    const rate = seen(4, 8000, 1_000_000, 2000);
    expect(rate.secondsFor(78 * 8000, 78)).toBeCloseTo(78.3, 1);
    expect(rate.secondsFor(8000, 1)).toBeCloseTo(2, 1);
  });

  test("of a large file is what its bytes take, also after small files", () => {
    const rate = seen(10, 8000, 1_000_000, 2000);
    expect(rate.secondsFor(500_000_000, 1)).toBeCloseTo(502, 0);
    // Without the answer, as a card shows it.
    expect(rate.secondsFor(1_000_000)).toBeCloseTo(1, 1);
  });

  test("follows a speed that changes", () => {
    const rate = seen(3, 1_000_000, 1_000_000, 0);
    for (let i = 0; i < 1200; i++) rate.loaded(10_000, 100);
    expect(rate.secondsFor(1_000_000)).toBeGreaterThan(8.5);
    expect(rate.secondsFor(1_000_000)).toBeLessThanOrEqual(10);
  });

  test("is unknown until 100 kB have gone out for a second or in a file that arrived, or four files arrived", () => {
    const rate = new TransferRate(2);
    expect(rate.secondsFor(1000, 1)).toBeNull();
    rate.loaded(8000, 1500);
    expect(rate.secondsFor(1000, 1)).toBeNull();
    rate.loaded(200_000, 100);
    expect(rate.secondsFor(1000, 1)).not.toBeNull();
    expect(seen(1, 200_000, 1_000_000, 300).secondsFor(1000, 1)).not.toBeNull();
    expect(seen(3, 8000, 1_000_000, 300).secondsFor(1000, 1)).toBeNull();
    expect(seen(4, 8000, 1_000_000, 300).secondsFor(1000, 1)).not.toBeNull();
  });
});
