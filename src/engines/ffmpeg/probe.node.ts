import { MediaPreflightError } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { RunOptions } from "../engine.ts";
import type { MediaDetails } from "../media-details.ts";
import { runProgram } from "../run-program.node.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { detailsOf, frameStatesMastering } from "./probe-answer.ts";

const probeDeadline = 30_000;

/** Every track of a file, by ffprobe. @throws MediaPreflightError `engine-failed`, `timeout`, `aborted` */
export async function probeWith(
  program: string,
  input: string,
  format: Format,
  options: RunOptions = {},
): Promise<MediaDetails> {
  const details = await query(["-show_streams", "-show_format", "-show_chapters"], detailsOf);
  for (const video of details.videos) {
    // HEVC states it in the frames; only some containers repeat it.
    if (video.transfer === "sdr" || video.hdrMetadata) continue;
    const frame = ["-select_streams", `v:${video.track}`, "-read_intervals", "%+#1"];
    video.hdrMetadata = await query(
      [...frame, "-show_frames", "-show_entries", "frame=side_data_list"],
      frameStatesMastering,
    );
  }
  return details;

  async function query<T>(showOptions: readonly string[], read: (answer: unknown) => T): Promise<T> {
    const { code, stdout, stderr } = await runProgram(program, probeArguments(showOptions, input, format), {
      signal: options.signal,
      deadline: Math.min(options.deadline ?? probeDeadline, probeDeadline),
    });
    if (code !== 0)
      throw new MediaPreflightError("engine-failed", `ffprobe cannot read it: ${lastLine(stderr, input)}`);
    try {
      return read(JSON.parse(stdout));
    } catch (cause) {
      throw new MediaPreflightError("engine-failed", "ffprobe gave no usable answer", { cause });
    }
  }
}

function probeArguments(showOptions: readonly string[], input: string, format: Format): string[] {
  return [
    ...["-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
    ...inputArguments(format, null),
    ...[...showOptions, "-of", "json", "-i", `file:${input}`],
  ];
}

/** The last line of a program's output, without our names and paths. */
export function lastLine(stderr: string, input: string): string {
  const lines = stderr.replaceAll(`file:${input}`, "the file").trim().split("\n");
  const line = (lines.at(-1) ?? "")
    .replace(/\[[^\]]* @ 0x[0-9a-f]+\]\s*/g, "")
    // The list is ours: src/engines/ffmpeg/demuxers.ts.
    .replace(/ not on whitelist '.*/, " is not among those that are decoded here");
  return line.slice(0, 300) || "it gave no reason";
}
