import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { words } from "../../../fixtures/make/mp4-edit.ts";
import { full, movie, track } from "./movies.ts";
import { readCounted } from "./read-counted.ts";

/* Frame rates from sample tables as muxers round them. */

/** What is read of a track whose samples last so many ticks each. */
async function read(timescale: number, deltas: readonly number[]) {
  const stts: [number, number][] = [];
  for (const delta of deltas) {
    const last = stts.at(-1);
    if (last?.[1] === delta) last[0]++;
    else stts.push([1, delta]);
  }
  const made = {
    timescale,
    stts,
    sizes: full("stsz", 0, 0, words(1, deltas.length)),
    runs: full("stsc", 0, 0, words(1, 1, deltas.length, 1)),
  };
  const { evidence } = await readCounted(movie([track(made)], { media: deltas.length }));
  const nominal = evidence.frameRates.filter((r) => r.from === "nominal").map((r) => r.value);
  return { mode: evidence.facts.frameRateMode, average: evidence.facts.frameRate, nominal };
}

/** Ticks between frames of a rate whose timestamps are rounded to `clock` of a second, then to the time scale. */
function rounded(rate: number, clock: number, timescale: number, frames: number, phase = 0): number[] {
  const at = (n: number): number => Math.round((Math.round((n / rate) * clock + phase) / clock) * timescale);
  return Array.from({ length: frames }, (_, n) => at(n + 1) - at(n));
}

const close = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-6;
const rates = [24000 / 1001, 24, 25, 30000 / 1001, 30, 50, 60000 / 1001, 60];

describe("the nominal frame rate", () => {
  it("is the one whose rounding to a millisecond gives the timestamps, in any time scale", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rates),
        fc.constantFrom(1000, 16_000, 90_000, 600, 12_288, 15_360, 24_000, 30_000),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer({ min: 2, max: 14 }),
        async (rate, timescale, phase, seconds) => {
          const deltas = rounded(rate, 1000, timescale, Math.ceil(rate * seconds), phase);
          const { nominal, average, mode } = await read(timescale, deltas);
          const claims = [...nominal, average ?? 0];
          expect(mode).toBe("constant");
          expect(claims.some((claim) => close(claim, rate) || close(claim, Math.round(rate)))).toBe(true);
          // No claim is off by more than a millisecond at either end explains.
          for (const claim of claims)
            expect(Math.abs(claim / rate - 1)).toBeLessThan(0.0011 + 0.001 / seconds);
        },
      ),
      { numRuns: 150 },
    );
  });
  it("is found even if frames were dropped, and the mode is variable", async () => {
    const at = Array.from({ length: 200 }, (_, n) => Math.round((n * 1000) / 60)).filter(
      (_, n) => n % 9 !== 4,
    );
    const deltas = at.slice(1).map((time, i) => (time - (at[i] ?? 0)) * 16);
    expect(await read(16_000, [...deltas, 272])).toMatchObject({ mode: "variable", nominal: [60] });
  });
  it("follows the most common interval of a phone's clock, however many intervals deviate", async () => {
    for (const deviating of [1, 4, 40, 80]) {
      const deltas = Array.from({ length: 180 }, (_, n) => ((n * deviating) % 180 < deviating ? 9 : 10));
      const { nominal, average } = await read(600, deltas);
      expect([deviating, nominal, (average ?? 0) > 60]).toEqual([deviating, [60], true]);
      // The same, remuxed: FFmpeg multiplies a time scale under 10,000.
      expect(
        (
          await read(
            19_200,
            deltas.map((delta) => delta * 32),
          )
        ).nominal,
      ).toEqual([60]);
    }
  });
  it("just over a limit is reported exactly", async () => {
    for (const rate of [61, 60.5]) {
      const { nominal, average } = await read(16_000, rounded(rate, 1000, 16_000, 200));
      for (const claim of [...nominal, average ?? 0]) expect(claim).toBeGreaterThan(60.4);
    }
    const slow = await read(16_000, rounded(23.5, 1000, 16_000, 100));
    for (const claim of [...slow.nominal, slow.average ?? 0]) expect(claim).toBeLessThan(23.6);
  });
  it("is not derived from two alternating durations", async () => {
    const deltas = Array.from({ length: 100 }, (_, n) => (n < 60 ? 512 : 1024));
    expect(await read(30_720, deltas)).toMatchObject({ mode: "variable", nominal: [60] });
  });
  it("uses only the first intervals if there are more than the parser stores", async () => {
    const deltas = rounded(60, 1000, 16_000, 30_000);
    expect(await read(16_000, deltas)).toEqual({ mode: "constant", average: 60, nominal: [] });
  });
});
