import fc from "fast-check";
import { expect, test } from "vitest";
import { violatedOperator } from "../../src/rules/limit.ts";
import { targetSize } from "../../src/rules/target.ts";

const video = {
  width: { min: 300, max: 6000 },
  height: { min: 300, max: 6000 },
  aspectRatio: { min: 0.4, max: 2.5 },
  pixels: { min: 409_600, max: 927_408 },
};

test.each([
  [1920, 1080, "1280×720"],
  [1080, 1920, "720×1280"],
  [3840, 2160, "1280×720"],
  [1000, 1000, "962×962"],
  [848, 480, "852×482"],
])("%i×%i becomes %s", (w, h, expected) => {
  const target = targetSize(w, h, video);
  expect(`${target?.width}×${target?.height}`).toBe(expected);
});

test("the proposed size satisfies every limit, has even sides, and keeps the aspect ratio if possible", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 9000 }), fc.integer({ min: 16, max: 9000 }), (w, h) => {
      const target = targetSize(w, h, video);
      expect(target).not.toBeNull();
      if (!target) return;
      expect([target.width % 2, target.height % 2]).toEqual([0, 0]);
      expect(
        violatedOperator(video.width, target.width) ?? violatedOperator(video.height, target.height),
      ).toBeNull();
      expect(violatedOperator(video.pixels, target.width * target.height)).toBeNull();
      expect(violatedOperator(video.aspectRatio, target.width / target.height)).toBeNull();
      if (!target.reshape) expect(Math.abs(target.width / target.height / (w / h) - 1)).toBeLessThan(0.02);
    }),
  );
});

test.each([
  // The exact ratio if it changes the size little, otherwise the nearest even size that fits.
  [3000, 1000, video, "1520×608, reshaped"],
  [1000, 3000, video, "608×1520, reshaped"],
  [2500, 1000, video, "1520×608"],
  [2502, 1000, video, "1520×608, reshaped"],
  [400, 1000, video, "408×1020"],
  [398, 1000, video, "406×1014, reshaped"],
  [640, 480, video, "744×558"],
  [854, 480, video, "854×480"],
  [853, 480, video, "854×480"],
  [1279, 719, video, "1280×720"],
  [333, 777, video, "420×980"],
  [1, 1, video, "640×640"],
  [16, 9, video, "864×486"],
  [1366, 768, video, "1284×722"],
  [1920.4, 1080, video, "1280×720"],
  // A single bound, inclusive and exclusive.
  [299, 299, { width: { min: 300 } }, "300×300"],
  [301, 301, { width: { max: 300 } }, "300×300"],
  [300, 200, { width: { above: 300 } }, "306×204"],
  [300, 200, { width: { below: 300 } }, "294×196"],
  [300, 200, { height: { above: 200 } }, "306×204"],
  [300, 200, { height: { below: 200 } }, "294×196"],
  [301, 200, { pixels: { above: 60_200 } }, "304×202"],
  [300, 200, { pixels: { below: 60_000 } }, "294×196"],
  [1000, 500, { aspectRatio: { below: 2 } }, "994×500, reshaped"],
  [500, 1000, { aspectRatio: { above: 0.5 } }, "500×980, reshaped"],
  [1000, 400, { aspectRatio: { below: 2.5 }, width: { max: 1000 } }, "996×400, reshaped"],
  // Only even sides are required.
  [301, 301, {}, "302×302"],
  [5, 3, {}, "6×4"],
  [3, 5, { width: { min: 100 } }, "102×170"],
  [97, 89, { width: { min: 300 }, height: { min: 300 } }, "326×300"],
  [1000, 1000, { width: { multipleOf: 16 } }, "992×992"],
  // The smallest possible sizes.
  [1000, 1000, { pixels: { max: 4 } }, "2×2"],
  [4000, 10, { width: { max: 100 } }, "100×2"],
])("%d×%d under %j becomes %s", (w, h, limits, expected) => {
  const target = targetSize(w, h, limits);
  expect(`${target?.width}×${target?.height}${target?.reshape ? ", reshaped" : ""}`).toBe(expected);
});

test("is null if limits exclude each other, or if the size is unknown", () => {
  expect(targetSize(100, 100, { width: { min: 500 }, pixels: { max: 1000 } })).toBeNull();
  expect(targetSize(1000, 1000, { width: { min: 999, max: 999 } })).toBeNull();
  expect(targetSize(1000, 1000, { pixels: { max: 3 } })).toBeNull();
  for (const unknown of [0, -5, Number.NaN]) {
    expect(targetSize(unknown, 100, video)).toBeNull();
    expect(targetSize(100, unknown, video)).toBeNull();
  }
});
