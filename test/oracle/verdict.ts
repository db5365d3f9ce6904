import { preflight } from "../../src/index.ts";
import type { Report } from "../../src/report/report.ts";
import type { Opinions } from "./cache.ts";
import type { Opinion } from "./opinion.ts";

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
export function wrongPass(report: Report, opinions: Opinions): string | null {
  const limit = report.type && limits[report.type];
  if (report.verdict !== "pass") return null;
  if (!limit) return "no kind";
  const voices = Object.entries(opinions).filter((entry): entry is [string, Opinion] => entry[1] !== null);
  const outside = (what: string, of: (opinion: Opinion) => number | null, span?: Span): string | null => {
    const said = voices.flatMap(([name, opinion]) => {
      const value = of(opinion);
      return value ? [{ name, value }] : [];
    });
    if (!span || said.length === 0) return null;
    const against = said.filter(({ value }) => value < span[0] || value > span[1]);
    if (against.length === 0 || against.length * 2 < said.length) return null;
    return `${what} ${said.map(({ name, value }) => `${name} ${value}`).join(", ")}`;
  };
  const formats = voices.flatMap(([, opinion]) => (opinion.format ? [opinion.format] : []));
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
    broken(opinions)
  );
}

/** A decoder's error on a file that passes: no proof, but worth checking. */
function broken(opinions: Opinions): string | null {
  const complaint = opinions.decode?.complaint;
  return complaint ? `decoder: ${complaint}` : null;
}
