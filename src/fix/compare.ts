import type { MediaDetails } from "../engines/media-details.ts";
import type { Facts } from "../facts/facts.ts";
import type { Report } from "../report/report.ts";
import type { FixPlan } from "./plan/types.ts";

/** Seconds that an output may differ from its plan, in addition to whole frames. */
const tolerance = 0.1;

/** Seconds of a track's last frame; an MP3 encoder adds up to three frames (its delay and padding). */
function lastFrameSeconds({ format, frameRate, sampleRate }: Facts): number {
  if (format === "mp3")
    return (3 * (sampleRate && sampleRate < 32_000 ? 576 : 1152)) / (sampleRate ?? 44_100);
  return frameRate ? 1 / frameRate : 0;
}

/**
 * How an output differs from its plan, as text for a report; empty if it does not. Whether it passes is checked elsewhere.
 * @param details the output's tracks; null if no engine can read them
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
  if (
    facts.duration === null ||
    Math.abs(facts.duration - job.expected) > tolerance + lastFrameSeconds(facts)
  )
    differs("duration", job.expected, facts.duration);
  if (details) {
    const videos = details.videos.filter((track) => !track.cover).length;
    const expectedAudios = job.kind === "video" ? job.audio.length : 1;
    if (details.audios.length !== expectedAudios)
      differs("audio tracks", expectedAudios, details.audios.length);
    if (job.kind === "video" && videos !== 1) differs("video tracks", 1, videos);
    if (
      job.kind === "video" &&
      details.others.filter((t) => t.kind === "subtitle").length !== job.subtitles.length
    )
      differs("subtitles", job.subtitles.length, details.others.length);
  }
  return out;
}
