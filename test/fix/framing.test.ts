import { expect, test } from "vitest";
import { chooseFraming } from "../../src/fix/plan/framing.ts";
import { limitsOf } from "../../src/fix/plan/limits.ts";
import { defaultTable } from "../../src/rules/tables.ts";

const limits = limitsOf(defaultTable, "image", false);

test.each([
  [310, 1500],
  [1500, 310],
  [307, 2011],
  [5999, 401],
  [333, 5003],
])("%d × %d is padded without being resampled", (width, height) => {
  const framing =
    limits && chooseFraming({ width, height }, limits, { fit: "pad", step: 1, maxPixels: 2 ** 40 });
  expect(framing?.scaled).toEqual({ width, height });
  const ratio = (framing?.canvas.width ?? 0) / (framing?.canvas.height ?? 1);
  expect(Math.min(ratio, 1 / ratio)).toBeGreaterThan(0.4);
  expect(Math.min(ratio, 1 / ratio)).toBeLessThan(0.402);
});
