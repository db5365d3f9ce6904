import type { MediaDetails } from "../engines/media-details.ts";
import type { Facts } from "../facts/evidence.ts";
import type { Report } from "../report/report.ts";
import type { FixPlan } from "./plan/types.ts";

/** Seconds that an output may differ from its plan, beside whole frames. */
const tolerance = 0.1;

/** Seconds of the frame that a track ends with; an MP3's encoder adds up to three (its delay and padding). */
function frameOf({ format, frameRate, sampleRate }: Facts): number {
  if (format === "mp3")
    return (3 * (sampleRate && sampleRate < 32_000 ? 576 : 1152)) / (sampleRate ?? 44_100);
  return frameRate ? 1 / frameRate : 0;
}

/**
 * What of an output is not as planned, in words for a report; empty where all is. That it passes is checked apart.
 * @param details the output's tracks, null where no engine tells
 */
export function differences(plan: FixPlan, report: Report, details: MediaDetails | null): string[] {
  const { job, target } = plan;
  if (!job || !target) return [];
  const { facts } = report;
  const out: string[] = [];
  const differs = (what: string, planned: unknown, found: unknown): void => {
    out.push(`${what}: planned ${planned}, found ${found}`);
  };
  if (job.kind !== "audio" && target.width && target.height) {
    if (facts.width !== target.width || facts.height !== target.height)
      differs("size", `${target.width}×${target.height}`, `${facts.width}×${facts.height}`);
    if ((facts.rotation ?? 0) !== (target.rotation ?? 0))
      differs("rotation", target.rotation ?? 0, facts.rotation ?? 0);
  }
  if (job.kind === "image") {
    if ((facts.frames ?? 1) !== target.frames) differs("frames", target.frames, facts.frames);
    return out;
  }
  if (facts.duration === null || Math.abs(facts.duration - job.expected) > tolerance + frameOf(facts))
    differs("duration", job.expected, facts.duration);
  if (details) {
    const films = details.videos.filter((track) => !track.cover).length;
    const wanted = job.kind === "video" ? job.audio.length : 1;
    if (details.audios.length !== wanted) differs("audio tracks", wanted, details.audios.length);
    if (job.kind === "video" && films !== 1) differs("video tracks", 1, films);
    if (
      job.kind === "video" &&
      details.others.filter((t) => t.kind === "subtitle").length !== job.subtitles.length
    )
      differs("subtitles", job.subtitles.length, details.others.length);
  }
  return out;
}
