import fc from "fast-check";
import { expect, test } from "vitest";
import { broken } from "../../src/rules/limit.ts";
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

test("what is proposed satisfies every limit, with even sides, and keeps the shape where it may", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 9000 }), fc.integer({ min: 16, max: 9000 }), (w, h) => {
      const target = targetSize(w, h, video);
      expect(target).not.toBeNull();
      if (!target) return;
      expect([target.width % 2, target.height % 2]).toEqual([0, 0]);
      expect(broken(video.width, target.width) ?? broken(video.height, target.height)).toBeNull();
      expect(broken(video.pixels, target.width * target.height)).toBeNull();
      expect(broken(video.aspectRatio, target.width / target.height)).toBeNull();
      if (!target.reshape) expect(Math.abs(target.width / target.height / (w / h) - 1)).toBeLessThan(0.02);
    }),
  );
});

test("there is none where limits exclude each other, or nothing is known", () => {
  expect(targetSize(100, 100, { width: { min: 500 }, pixels: { max: 1000 } })).toBeNull();
  expect(targetSize(0, 100, video)).toBeNull();
});
