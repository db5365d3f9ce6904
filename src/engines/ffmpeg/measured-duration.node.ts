import type { Format } from "../../facts/formats.ts";
import type { RunOptions } from "../engine.ts";
import type { MediaDetails } from "../media-details.ts";
import { runProgram } from "../run-program.node.ts";
import { withoutTimestamps } from "./demuxers.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";

const deadline = 5 * 60_000;

const mainVideo = ({ videos }: MediaDetails): MediaDetails["videos"][number] | undefined =>
  videos.find((track) => !track.cover);

/** Whether neither the main track nor the container states a duration, as in a recording that was streamed. */
export function statesNoDuration(details: MediaDetails): boolean {
  const track = mainVideo(details) ?? details.audios[0];
  return details.duration === null && track !== undefined && track.duration === null;
}

/** Replaces the durations by measured ones: the tracks are read to their ends. For formats that state none. */
export async function withMeasuredDuration(
  ffmpeg: string,
  details: MediaDetails,
  input: string,
  format: Format,
  options: RunOptions = {},
): Promise<MediaDetails> {
  const video = mainVideo(details);
  const { audios } = details;
  const shown = video && (await endOf(`0:v:${video.track}`, video.codec));
  // The end of the last audio track: audio that is longer than the video has to be known.
  const audible = audios[0] && (await endOf("0:a", audios[0].codec));
  if (!(shown ?? audible)) return details;
  return {
    ...details,
    duration: null,
    videos: details.videos.map((one) => (one === video ? { ...one, duration: shown ?? null } : one)),
    audios: audios.map((one) => ({ ...one, duration: audible ?? null })),
  };

  /** Seconds until the end of what `map` selects; null if it cannot be read. */
  async function endOf(map: string, codec: string): Promise<number | null> {
    let end = 0;
    const args = [
      ...["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
      ...["-progress", "pipe:1", "-nostats"],
      ...inputArguments(format, [codec]),
      ...["-i", `file:${input}`, "-map", map],
      ...(withoutTimestamps.has(format) ? [] : ["-c", "copy"]),
      ...["-f", "null", "-"],
    ];
    const { code } = await runProgram(ffmpeg, args, {
      signal: options.signal,
      deadline: Math.min(options.deadline ?? deadline, deadline),
      onOutput: (text) => {
        for (const [, time] of text.matchAll(/^out_time_us=(\d+)/gm)) end = Number(time) / 1e6;
      },
    });
    return code === 0 && end > 0 ? end : null;
  }
}
