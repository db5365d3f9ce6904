import { describe, expect, test } from "vitest";
import type { Format, Kind } from "../../src/facts/formats.ts";
import { type EvaluateOptions, evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/*
 * Every limit of the default table: just below, at, just above, and unread. Each case with documented limits, with
 * strict, and with observed limits. `~` before a rule id: unsure; `i`: a note; else a fail.
 */

function outcome(format: Format, made: Made, options: EvaluateOptions): string {
  const { verdict, results } = evaluate(evidenceOf(format, made), defaultTable, options);
  const marks = { unsure: "~", note: "i", fail: "", pass: "" };
  const ids = results.filter((j) => j.verdict !== "pass").map((j) => marks[j.verdict] + j.rule);
  return [verdict, ...ids.sort()].join(" ");
}

type Case = [what: string, format: Format, made: Made, documented: string, strict: string, observed: string];

const cases: Case[] = [];
/** A case with the same result in all three modes. */
const all = (what: string, format: Format, made: Made, expected: string): void =>
  void cases.push([what, format, made, expected, expected, expected]);
const each = (
  what: string,
  format: Format,
  made: Made,
  documented: string,
  strict: string,
  observed: string,
): void => void cases.push([what, format, made, documented, strict, observed]);

// Images: observations show that the bounds are inclusive. Size is in MB, which has two readings.
for (const format of ["jpeg", "png", "webp", "bmp", "tiff", "gif", "heic", "heif"] as const)
  all(`${format} is accepted`, format, {}, "pass");
for (const format of ["avif", "psd", "svg", "cr2", "ico", "jxl"] as const)
  all(`${format} is refused`, format, {}, "fail image/format");
const edges = "pass iimage/height iimage/width";
const openEdges = "unsure ~image/height ~image/width";
all("299 wide", "jpeg", { sizes: [[299, 400]] }, "fail image/width");
each("300 square", "jpeg", { sizes: [[300, 300]] }, edges, openEdges, "pass");
all("301 square", "jpeg", { sizes: [[301, 301]] }, "pass");
all("299 high", "jpeg", { sizes: [[400, 299]] }, "fail image/height");
all("5999 square", "jpeg", { sizes: [[5999, 5999]] }, "pass");
each("6000 square", "jpeg", { sizes: [[6000, 6000]] }, edges, openEdges, "pass");
each(
  "6001 wide",
  "jpeg",
  { sizes: [[6001, 5000]] },
  "fail image/width",
  "fail image/width",
  "fail image/width",
);
all("6001 high", "jpeg", { sizes: [[5000, 6001]] }, "fail image/height");
each(
  "6001 square",
  "jpeg",
  { sizes: [[6001, 6001]] },
  "fail image/height image/width",
  "fail image/height image/width",
  "fail image/height image/pixels image/width",
);
const edge = "pass iimage/aspect-ratio";
const openEdge = "unsure ~image/aspect-ratio";
each("0.4 exactly", "jpeg", { sizes: [[400, 1000]] }, edge, openEdge, "pass");
each("2.5 exactly", "jpeg", { sizes: [[1000, 400]] }, edge, openEdge, "pass");
each("0.399", "jpeg", { sizes: [[399, 1000]] }, "fail image/aspect-ratio", "fail image/aspect-ratio", "pass");
each("0.39", "jpeg", { sizes: [[390, 1000]] }, "fail image/aspect-ratio", "fail image/aspect-ratio", "pass");
all("0.389", "jpeg", { sizes: [[389, 1000]] }, "fail image/aspect-ratio");
all("0.401", "jpeg", { sizes: [[401, 1000]] }, "pass");
all("2.501", "jpeg", { sizes: [[2501, 1000]] }, "fail image/aspect-ratio");
all("2.499", "jpeg", { sizes: [[2499, 1000]] }, "pass");
all("29,999,999 bytes", "png", { bytes: 29_999_999 }, "pass");
each("30,000,000 bytes", "png", { bytes: 30_000_000 }, "pass iimage/size", "unsure ~image/size", "pass");
each("30.6 MB", "png", { bytes: 30_600_000 }, "pass iimage/size", "unsure ~image/size", "pass");
each("31,457,279 bytes", "png", { bytes: 31_457_279 }, "pass iimage/size", "unsure ~image/size", "pass");
each("31,457,280 bytes", "png", { bytes: 31_457_280 }, "fail image/size", "fail image/size", "pass");
all("31,457,281 bytes", "png", { bytes: 31_457_281 }, "fail image/size");
all("size unread", "png", { bytes: null }, "unsure ~image/size");
const unreadSize = "unsure ~image/aspect-ratio ~image/height ~image/width";
each(
  "picture unread",
  "png",
  { sizes: [] },
  unreadSize,
  unreadSize,
  "unsure ~image/aspect-ratio ~image/height ~image/pixels ~image/width",
);

// Videos: bounds are inclusive.
for (const format of ["mp4", "mov"] as const) all(`${format} is accepted`, format, {}, "pass");
for (const format of ["webm", "mkv", "avi", "3gp", "3g2", "mpeg-ts", "flv"] as const)
  all(
    `${format} is refused, and has no other finding`,
    format,
    { sizes: [], durations: [], rates: [] },
    "fail video/format",
  );
const size = (w: number, h: number): Made => ({ sizes: [[w, h]] });
all("640×640, the least", "mp4", size(640, 640), "pass");
all("834×1112, the most", "mp4", size(834, 1112), "pass");
all("854×480", "mp4", size(854, 480), "pass");
each("848×480", "mp4", size(848, 480), "fail video/pixels", "fail video/pixels", "fail video/pixels");
each("406×720", "mp4", size(406, 720), "fail video/pixels", "fail video/pixels", "fail video/pixels");
each("639×641, one pixel under", "mp4", size(639, 641), "fail video/pixels", "fail video/pixels", "pass");
each("624×654, the observed least", "mp4", size(624, 654), "fail video/pixels", "fail video/pixels", "pass");
each("1920×1080", "mp4", size(1920, 1080), "fail video/pixels", "fail video/pixels", "pass");
each("3840×2160", "mp4", size(3840, 2160), "fail video/pixels", "fail video/pixels", "pass");
all("3842×2160", "mp4", size(3842, 2160), "fail video/pixels");
all("299 wide", "mp4", size(299, 747), "fail video/pixels video/width");
all("300 wide", "mp4", size(300, 750), "fail video/pixels");
all("6001 wide", "mp4", size(6001, 150), "fail video/aspect-ratio video/height video/width");
all("2.5 exactly", "mp4", size(1500, 600), "pass");
all("0.4 exactly", "mp4", size(600, 1500), "pass");
all("over 2.5", "mp4", size(1502, 600), "fail video/aspect-ratio");
all("under 0.4", "mp4", size(600, 1502), "fail video/aspect-ratio");
const seconds = (...durations: number[]): Made => ({ durations });
for (const [format, kind] of [
  ["mp4", "video"],
  ["mp3", "audio"],
  ["wav", "audio"],
] as const) {
  const id = `${kind}/duration`;
  all("2 s", format, seconds(2), "pass");
  all("15 s", format, seconds(15), "pass");
  each("1.999 s", format, seconds(1.999), `fail ${id}`, `fail ${id}`, "pass");
  each("1.8 s", format, seconds(1.8), `fail ${id}`, `fail ${id}`, "pass");
  all("1.799 s", format, seconds(1.799), `fail ${id}`);
  each("15.001 s", format, seconds(15.001), `fail ${id}`, `fail ${id}`, "pass");
  each("15.1 s", format, seconds(15.1), `fail ${id}`, `fail ${id}`, "pass");
  each("15.2 s", format, seconds(15.2), `fail ${id}`, `fail ${id}`, "pass");
  all("15.201 s", format, seconds(15.201), `fail ${id}`);
  each("15 and 15.02 s", format, seconds(15, 15.02), `pass i${id}`, `unsure ~${id}`, "pass");
  each("2 and 1.97 s", format, seconds(2, 1.97), `pass i${id}`, `unsure ~${id}`, "pass");
  each("15 and 15.3 s", format, seconds(15, 15.3), `unsure ~${id}`, `unsure ~${id}`, `unsure ~${id}`);
  all("unread", format, seconds(), `unsure ~${id}`);
  all("not a number", format, seconds(Number.NaN), `unsure ~${id}`);
  all("infinite", format, seconds(Number.POSITIVE_INFINITY), `unsure ~${id}`);
  all("negative", format, seconds(-3), `unsure ~${id}`);
  all("zero", format, seconds(0), `fail ${id}`);
}
const fps = (...rates: number[]): Made => ({ rates });
all("24 fps", "mp4", fps(24), "pass");
all("60 fps", "mp4", fps(60), "pass");
all("59.94 fps", "mp4", fps(60_000 / 1001, 60), "pass");
each(
  "23.976 fps, called 24",
  "mp4",
  fps(24_000 / 1001, 24),
  "pass ivideo/frame-rate",
  "unsure ~video/frame-rate",
  "pass",
);
each("23.9 fps", "mp4", fps(23.9), "fail video/frame-rate", "fail video/frame-rate", "pass");
all("23.799 fps", "mp4", fps(23.799), "fail video/frame-rate");
all("23 fps", "mp4", fps(23), "fail video/frame-rate");
all("60.001 fps", "mp4", fps(60.001), "fail video/frame-rate");
all("61 fps", "mp4", fps(61), "fail video/frame-rate");
all("variable, 58 or 62", "mp4", fps(58, 62), "unsure ~video/frame-rate");
all("rate unread", "mp4", fps(), "unsure ~video/frame-rate");
const video = (bytes: number): Made => ({ bytes });
all("50,000,000 bytes", "mp4", video(50_000_000), "pass");
each("50,000,001 bytes", "mp4", video(50_000_001), "unsure ~video/size", "unsure ~video/size", "pass");
each("52,428,800 bytes", "mp4", video(52_428_800), "unsure ~video/size", "unsure ~video/size", "pass");
each("52,428,801 bytes", "mp4", video(52_428_801), "fail video/size", "fail video/size", "pass");
each("209,715,200 bytes", "mp4", video(209_715_200), "fail video/size", "fail video/size", "pass");
all("209,715,201 bytes", "mp4", video(209_715_201), "fail video/size");
for (const codec of ["h264", "hevc"]) all(codec, "mp4", { videoCodec: codec }, "pass");
for (const codec of ["av1", "vp9", "prores"]) all(codec, "mp4", { videoCodec: codec }, "pass ivideo/codec");
for (const codec of ["aac", "mp3", "pcm"]) all(codec, "mp4", { audioCodec: codec }, "pass");
for (const codec of ["opus", "ac3"]) all(codec, "mp4", { audioCodec: codec }, "pass ivideo/codec");
all("codec unread is no finding", "mp4", { videoCodec: null }, "pass");

// Audios.
for (const format of ["ogg", "flac", "m4a", "aac", "aiff", "mp2"] as const)
  all(`${format} is refused`, format, {}, "fail audio/format");
all("15,000,000 bytes", "wav", { bytes: 15_000_000 }, "pass");
each("15,000,001 bytes", "wav", { bytes: 15_000_001 }, "pass iaudio/size", "unsure ~audio/size", "pass");
each("15,728,640 bytes", "wav", { bytes: 15_728_640 }, "pass iaudio/size", "unsure ~audio/size", "pass");
all("15,728,641 bytes", "wav", { bytes: 15_728_641 }, "fail audio/size");

test("has a case for every limit", () => expect(cases.length).toBeGreaterThan(148));

describe.each(cases)("%s (%s)", (_what, format, made, documented, strict, observed) => {
  test("documented", () => expect(outcome(format, made, {})).toBe(documented));
  test("strict", () => expect(outcome(format, made, { strict: true })).toBe(strict));
  test("observed", () => expect(outcome(format, made, { limits: "observed" })).toBe(observed));
  test("declaring the right type changes nothing", () => {
    const type = evidenceOf(format, made).kind as Kind;
    expect(outcome(format, made, { type })).toBe(documented);
  });
  test("a quarter turn never changes the documented verdict", () => {
    const turned = { ...evidenceOf(format, made) };
    turned.sizes = turned.sizes.map((s) => ({ ...s, width: s.height, height: s.width }));
    expect(evaluate(turned, defaultTable).verdict).toBe(
      evaluate(evidenceOf(format, made), defaultTable).verdict,
    );
  });
});
