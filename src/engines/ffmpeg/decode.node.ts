import { MediaPreflightError } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { DecodeError, DecodeOptions } from "../engine.ts";
import type { MediaDetails } from "../media-details.ts";
import { type ProgramResult, runProgram } from "../run-program.node.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { lastLine, probeWith } from "./probe.node.ts";

const defaultDeadline = 30 * 60_000;

/** Odd timestamps of a file are no damage: what they belong to was decoded. */
const aboutTimestamps = /non monotonically increasing dts|non-monotonic DTS/i;

/**
 * Decodes every video and audio track. Returns the first error with its time, or nothing. FFmpeg does not print the time
 * of an error; a second run that stops at the first one shows how far it got.
 * @throws MediaPreflightError `engine-failed` if the container cannot be opened, `timeout`, `aborted`
 */
export async function decodeWith(
  ffmpeg: string,
  ffprobe: string,
  input: string,
  format: Format,
  options: DecodeOptions = {},
): Promise<DecodeError[]> {
  const details = await probeWith(ffprobe, input, format, options);
  const { code, stderr } = await decode(ffmpeg, details, input, format, options, false);
  const first = stderr.split("\n").find((line) => line.trim() !== "" && !aboutTimestamps.test(line));
  if (code === 0 && first === undefined) return [];
  const message = lastLine(first ?? stderr, input);
  const stopped = await decode(ffmpeg, details, input, format, options, true);
  return [{ at: stopped.code === 0 ? null : stopped.reached, message }];
}

async function decode(
  ffmpeg: string,
  { videos, audios, others, duration }: MediaDetails,
  input: string,
  format: Format,
  options: DecodeOptions,
  stopAtError: boolean,
): Promise<ProgramResult & { reached: number }> {
  const tracks = [...videos, ...audios];
  if (tracks.length === 0) throw new MediaPreflightError("engine-failed", "there is nothing in it to decode");
  const maps = [...videos.map((v) => `0:v:${v.track}`), ...audios.map((a) => `0:a:${a.track}`)];
  // With several threads decoding is ahead of the output.
  const stop = ["-xerror", "-threads", "1"];
  const args = [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
    ...(stopAtError ? ["-nostats", ...stop] : ["-progress", "pipe:1", "-nostats"]),
    ...["-err_detect", stopAtError ? "explode+crccheck" : "crccheck"],
    ...inputArguments(
      format,
      [...tracks.map((track) => track.codec), ...(options.animated ? ["apng"] : [])],
      others.some(({ kind }) => kind === "subtitle"),
      options.animated,
    ),
    ...["-i", `file:${input}`],
    ...maps.flatMap((map) => ["-map", map]),
    ...["-t", String((duration ?? 3600) * 1.1 + 60), "-f", stopAtError ? "framecrc" : "null", "-"],
  ];
  let reached = 0;
  const frames = frameTimes();
  const result = await runProgram(ffmpeg, args, {
    signal: options.signal,
    deadline: options.deadline ?? defaultDeadline,
    onOutput: (text) => {
      if (stopAtError) reached = frames(text);
      else for (const [, time] of text.matchAll(/^out_time_us=(\d+)/gm)) reached = Number(time) / 1e6;
      if (!stopAtError && duration) options.onProgress?.(Math.min(reached / duration, 1));
    },
  });
  return { ...result, reached };
}

/** Parses the output of `-f framecrc`. Returns the end time of the last decoded frame so far. */
function frameTimes(): (text: string) => number {
  const timeBases = new Map<string, number>();
  let rest = "";
  let end = 0;
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const base = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
      if (base) timeBases.set(base[1] ?? "", Number(base[2]) / Number(base[3]));
      const frame = /^(\d+),\s*-?\d+,\s*(-?\d+),\s*(\d+),/.exec(line);
      if (frame) end = (Number(frame[2]) + Number(frame[3])) * (timeBases.get(frame[1] ?? "") ?? 0);
    }
    return end;
  };
}
