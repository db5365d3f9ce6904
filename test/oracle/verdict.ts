import { preflight } from "../../src/index.ts";
import type { Report } from "../../src/report/report.ts";
import type { FactsByTool } from "./cache.ts";
import type { ToolFacts } from "./tool-facts.ts";

type Span = readonly [least: number, most: number];

/**
 * The documented limits again, typed by hand from the guide, with the observed bounds that may resolve ambiguity:
 * an error in the rule table or in the algebra of readings shows up as well as one in a reader.
 */
const limits: Record<
  string,
  { formats: readonly string[]; side?: Span; ratio?: Span; pixels?: Span; seconds?: Span; rate?: Span }
> = {
  image: {
    formats: ["jpeg", "png", "webp", "bmp", "tiff", "gif", "heic", "heif"],
    side: [300, 6000],
    ratio: [0.39, 2.5],
  },
  video: {
    formats: ["mp4", "mov"],
    side: [300, 6000],
    ratio: [0.4, 2.5],
    pixels: [409_600, 927_408],
    seconds: [1.8, 15.2],
    rate: [23.8, 60.005],
  },
  audio: { formats: ["wav", "mp3"], seconds: [1.8, 15.2] },
};

/** The file's report under the default rules, own readers only. */
export function evaluate(path: string): Promise<Report> {
  return preflight(path, { crossCheck: "never" });
}

/** A value that should have kept the file from passing, by two tools or by the only one; otherwise null. */
export function wrongPass(report: Report, factsByTool: FactsByTool): string | null {
  const limit = report.type && limits[report.type];
  if (report.verdict !== "pass") return null;
  if (!limit) return "no kind";
  const tools = Object.entries(factsByTool).filter(
    (entry): entry is [string, ToolFacts] => entry[1] !== null,
  );
  const outside = (what: string, of: (facts: ToolFacts) => number | null, span?: Span): string | null => {
    const reported = tools.flatMap(([name, facts]) => {
      const value = of(facts);
      return value ? [{ name, value }] : [];
    });
    if (!span || reported.length === 0) return null;
    const against = reported.filter(({ value }) => value < span[0] || value > span[1]);
    if (against.length === 0 || against.length * 2 < reported.length) return null;
    return `${what} ${reported.map(({ name, value }) => `${name} ${value}`).join(", ")}`;
  };
  const formats = tools.flatMap(([, facts]) => (facts.format ? [facts.format] : []));
  const refused = formats.filter((format) => !limit.formats.includes(format));
  if (refused.length * 2 > formats.length) return `format ${formats.join(", ")}`;
  const { side, ratio, pixels, seconds, rate } = limit;
  return (
    outside("width", (o) => o.width, side) ??
    outside("height", (o) => o.height, side) ??
    outside("ratio", (o) => o.width && o.height && o.width / o.height, ratio) ??
    outside("pixels", (o) => o.width && o.height && o.width * o.height, pixels) ??
    outside("duration", (o) => o.duration, seconds) ??
    outside("frame rate", (o) => o.frameRate, rate) ??
    decodeErrorOf(factsByTool)
  );
}

/** A decoder's error on a file that passes: no proof, but worth checking. */
function decodeErrorOf(factsByTool: FactsByTool): string | null {
  const decodeErrors = factsByTool.decode?.decodeErrors;
  return decodeErrors ? `decoder: ${decodeErrors}` : null;
}
