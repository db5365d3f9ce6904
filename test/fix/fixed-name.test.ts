import { expect, test } from "vitest";
import { fixedName } from "../../src/fix/plan/command.ts";

test.each([
  ["clip.mp4", "mp4", 1, "clip.fixed.mp4"],
  ["clip.webm", "mp4", 2, "clip.fixed-2.mp4"],
  ["photo", "jpeg", 1, "photo.fixed.jpg"],
  [".hidden", "png", 1, ".hidden.fixed.png"],
  [`${"a".repeat(246)}.webm`, "mp4", 1, `${"a".repeat(245)}.fixed.mp4`],
  [`${"folder/".repeat(40)}clip.mp4`, "mp4", 1, `${"folder/".repeat(40)}clip.fixed.mp4`],
  // Three bytes each.
  [`${"片".repeat(83)}.mov`, "mov", 12, `${"片".repeat(80)}.fixed-12.mov`],
  [`${"🎬".repeat(62)}.mp4`, "mp4", 1, `${"🎬".repeat(61)}.fixed.mp4`],
])("the copy of %s is named, within 255 bytes", (name, format, n, expected) => {
  expect(fixedName(name, format, n)).toBe(expected);
  expect(Buffer.byteLength(expected.split("/").at(-1) ?? "")).toBeLessThanOrEqual(255);
});
