import type { Format } from "../../facts/formats.ts";
import type { RunOptions } from "../engine.ts";
import type { MediaDetails } from "../media-details.ts";
import { runProgram } from "../run-program.node.ts";
import { untimed } from "./demuxers.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";

const deadline = 5 * 60_000;

/** Details with the duration that reading the main track to its end gives, where the format states none. */
export async function measured(
  ffmpeg: string,
  details: MediaDetails,
  input: string,
  format: Format,
  options: RunOptions = {},
): Promise<MediaDetails> {
  const video = details.videos.find((track) => !track.cover);
  const track = video ?? details.audios[0];
  if (!track) return details;
  let end = 0;
  const args = [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
    ...["-progress", "pipe:1", "-nostats"],
    ...inputArguments(format, [track.codec]),
    ...["-i", `file:${input}`, "-map", `0:${video ? "v" : "a"}:${track.track}`],
    ...(untimed.has(format) ? [] : ["-c", "copy"]),
    ...["-f", "null", "-"],
  ];
  const { code } = await runProgram(ffmpeg, args, {
    signal: options.signal,
    deadline: Math.min(options.deadline ?? deadline, deadline),
    onOutput: (text) => {
      for (const [, time] of text.matchAll(/^out_time_us=(\d+)/gm)) end = Number(time) / 1e6;
    },
  });
  if (code !== 0 || !(end > 0)) return details;
  const timed = <T extends { duration: number | null }>(one: T): T => ({ ...one, duration: end });
  return {
    ...details,
    duration: null,
    videos: details.videos.map((one) => (one === track ? timed(one) : one)),
    audios: details.audios.map((one) => (one === track ? timed(one) : { ...one, duration: null })),
  };
}
