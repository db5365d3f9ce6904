import { expect, test } from "vitest";
import { preflight } from "../../../../src/index.ts";
import { areHints } from "../../../../src/web/element/fix/hinted-steps.ts";

const reportOn = (path: string) => preflight(new URL(`../../../../fixtures/${path}`, import.meta.url));

test("a step is a hint of the report only with the same values", async () => {
  const pixels = await reportOn("video/pixels-1920x1080.mp4");
  const scale = { kind: "scale", width: 1280, height: 720, factor: 0.667 } as const;
  expect(areHints([scale], pixels)).toBe(true);
  expect(areHints([{ ...scale, width: 1278 }], pixels)).toBe(false);
  // That no detail is gained is said by the step alone.
  expect(areHints([{ ...scale, factor: 1.5 }], pixels)).toBe(false);
  expect(areHints([scale, { kind: "square-pixels", pixelAspectRatio: 2 }], pixels)).toBe(false);

  const long = await reportOn("video/duration-15.3s.mp4");
  expect(areHints([{ kind: "trim", start: 0, duration: 14.9 }], long)).toBe(true);
  expect(areHints([{ kind: "trim", start: 1, duration: 14.9 }], long)).toBe(false);

  const fast = await reportOn("video/rate-61.mp4");
  expect(areHints([{ kind: "frame-rate", frameRate: 60 }], fast)).toBe(true);
});

test("a finding without a hint says no step", async () => {
  const short = await reportOn("refused/page-named.mp4");
  expect(areHints([{ kind: "rotate", degrees: 90 }], short)).toBe(false);
});
