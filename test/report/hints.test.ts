import { describe, expect, test } from "vitest";
import type { Origin } from "../../src/facts/evidence.ts";
import type { Format } from "../../src/facts/formats.ts";
import { preflight } from "../../src/index.ts";
import { buildReport } from "../../src/report/build.ts";
import type { Finding } from "../../src/report/report.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf } from "../rules/evidence.ts";

/* If readings disagree, the hint names the cause and how to fix it. */

type Readings = [value: number, from: Origin][];

async function finding(
  format: Format,
  rule: string,
  readings: { durations?: Readings; frameRates?: Readings },
): Promise<Finding> {
  const evidence = evidenceOf(format);
  for (const name of ["durations", "frameRates"] as const)
    if (readings[name]) evidence[name] = readings[name].map(([value, from]) => ({ value, from }));
  const report = await buildReport(evaluate(evidence, defaultTable, { strict: true }), defaultTable, {
    file: null,
    limits: "documented",
    findings: "blocking",
    acceptUnsure: false,
  });
  const found = report.findings.find((one) => one.rule === rule);
  expect(found?.reason).toBe("reading");
  return found as Finding;
}

describe("duration", () => {
  test.each<[string, Format, Readings, RegExp]>([
    [
      "an MP3 whose header counts the first of several joined files",
      "mp3",
      [
        [5.74, "all-frames"],
        [1.56, "header"],
      ],
      /^rewrite the header, which counts only the first part: ffmpeg -i INPUT -c copy OUTPUT\.mp3$/,
    ],
    [
      "an MP3 whose header counts more than there is",
      "mp3",
      [
        [14, "all-frames"],
        [40, "header"],
      ],
      /^rewrite the header, which counts more than there is: /,
    ],
    [
      "a movie header that differs from tracks that fit",
      "mp4",
      [
        [10, "video-track"],
        [10, "audio-track"],
        [0.2, "media-header"],
      ],
      /^rewrite the header, which differs from the tracks: ffmpeg -i INPUT -c copy OUTPUT$/,
    ],
    [
      "tracks that do not fit under a header that does",
      "mp4",
      [
        [18, "video-track"],
        [12, "container"],
      ],
      /^trim to 14\.9 s; the header differs from the tracks$/,
    ],
    [
      "a longer audio track",
      "mp4",
      [
        [14.9, "video-track"],
        [15.3, "audio-track"],
      ],
      /^trim to 14\.9 s, video and audio alike$/,
    ],
    [
      "an encoder's padding",
      "mp3",
      [
        [15.3, "all-frames"],
        [14.99, "less-padding"],
      ],
      /^trim to 14\.9 s$/,
    ],
  ])("%s", async (_, format, durations, hint) => {
    const type = format === "mp3" ? "audio" : "video";
    expect((await finding(format, `${type}/duration`, { durations })).hint).toMatch(hint);
  });
});

describe("frame rate", () => {
  test("does not advise to re-encode a 60 fps video with rounded timestamps at 60 fps", async () => {
    const { message, hint } = await finding("mp4", "video/frame-rate", {
      frameRates: [
        [60.024, "average"],
        [60, "nominal"],
      ],
    });
    expect(message).toBe("the frame rate reads as 60.024 (average) or 60 (nominal); limit 24 – 60");
    expect(hint).toMatch(/its timestamps were rounded/);
    expect(hint).not.toMatch(/re-encode/);
  });
  test("advises to re-encode 24000/1001 fps, whose timestamps are exact", async () => {
    const { hint } = await finding("mp4", "video/frame-rate", {
      frameRates: [
        [24000 / 1001, "average"],
        [24, "nominal"],
      ],
    });
    expect(hint).toBe("re-encode at 24 fps");
  });
  test("advises a constant rate for a variable one", async () => {
    const { hint } = await finding("mp4", "video/frame-rate", {
      frameRates: [
        [18, "average"],
        [30, "nominal"],
      ],
    });
    expect(hint).toBe("re-encode at a constant 30 fps");
  });
});

test("never lists readings of the file and of the limit together", async () => {
  const evidence = evidenceOf("png", {
    sizes: [
      [300, 640],
      [100, 100],
    ],
  });
  const report = await buildReport(evaluate(evidence, defaultTable, { strict: true }), defaultTable, {
    file: null,
    limits: "documented",
    findings: "blocking",
    acceptUnsure: false,
  });
  const width = report.findings.find(({ rule }) => rule === "image/width");
  expect(width?.message).toBe("the width reads as 300 (display size) or 100 (coded size); limit 300 – 6,000");
});

test("bytes that are no image, video or audio: choose another file", async () => {
  for (const type of [undefined, "video"] as const) {
    const { findings } = await preflight(new TextEncoder().encode("notes of the shoot\n"), { type });
    expect(findings.map(({ hint }) => hint)).toEqual(["choose another file, or copy it again"]);
  }
});
