import { MediaPreflightError } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { DecodeError, RunOptions } from "../engine.ts";
import { runProgram } from "../run-program.node.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { lastLine, probeWith } from "./probe.node.ts";

const kept = 100;

/**
 * Decodes every video and audio track. FFmpeg names no time with an error, so the time is the one that decoding had
 * reached: `-progress` is written to the same pipe, and an error belongs after the last time before it.
 * @throws MediaPreflightError `engine-failed` where not even the container opens, `timeout`, `aborted`
 */
export async function decodeWith(
  ffmpeg: string,
  ffprobe: string,
  input: string,
  format: Format,
  options: RunOptions = {},
): Promise<DecodeError[]> {
  const { videos, audios, duration } = await probeWith(ffprobe, input, format, options);
  const maps = [...videos.map((v) => `0:v:${v.track}`), ...audios.map((a) => `0:a:${a.track}`)];
  if (maps.length === 0) throw new MediaPreflightError("engine-failed", "there is nothing in it to decode");
  const args = [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
    // Time stamps beside errors; what is wrong in the bitstream is an error, not something to hide.
    ...[
      "-progress",
      "pipe:1",
      "-stats_period",
      "0.05",
      "-nostats",
      "-err_detect",
      "crccheck+bitstream+buffer",
    ],
    ...inputArguments(
      format,
      [...videos, ...audios].map((track) => track.codec),
    ),
    ...["-i", `file:${input}`],
    ...maps.flatMap((map) => ["-map", map]),
    ...["-t", String((duration ?? 3600) * 1.1 + 60), "-f", "null", "-"],
  ];
  const errors: DecodeError[] = [];
  let at: number | null = null;
  const { code, stderr } = await runProgram(ffmpeg, args, {
    signal: options.signal,
    deadline: options.deadline ?? 30 * 60_000,
    onOutput: (text) => {
      const time = [...text.matchAll(/^out_time_us=(\d+)/gm)].at(-1)?.[1];
      if (time) at = Number(time) / 1e6;
      if (time && duration) options.onProgress?.(Math.min(Number(time) / 1e6 / duration, 1));
    },
    onError: (text) => {
      for (const line of text.split("\n"))
        if (line.trim() && errors.length < kept && !/Last message repeated/.test(line))
          errors.push({ at, message: lastLine(line, input) });
    },
  });
  if (code !== 0 && errors.length === 0) errors.push({ at, message: lastLine(stderr, input) });
  return errors;
}
