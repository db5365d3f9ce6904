import { MediaPreflightError } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { RunOptions } from "../engine.ts";
import type { MediaDetails } from "../media-details.ts";
import { runProgram } from "../run-program.node.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { detailsOf } from "./probe-answer.ts";

const probeDeadline = 30_000;

/** Every track of a file, by ffprobe. @throws MediaPreflightError `engine-failed`, `timeout`, `aborted` */
export async function probeWith(
  program: string,
  input: string,
  format: Format,
  options: RunOptions = {},
): Promise<MediaDetails> {
  const args = [
    ...["-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)],
    ...inputArguments(format, null),
    ...["-show_streams", "-show_format", "-show_chapters", "-of", "json", "-i", `file:${input}`],
  ];
  const { code, stdout, stderr } = await runProgram(program, args, {
    signal: options.signal,
    deadline: Math.min(options.deadline ?? probeDeadline, probeDeadline),
  });
  if (code !== 0)
    throw new MediaPreflightError("engine-failed", `ffprobe cannot read it: ${lastLine(stderr, input)}`);
  try {
    return detailsOf(JSON.parse(stdout));
  } catch (cause) {
    throw new MediaPreflightError("engine-failed", "ffprobe gave no usable answer", { cause });
  }
}

/** The last line of a program's output, without our names and paths. */
export function lastLine(stderr: string, input: string): string {
  const lines = stderr.replaceAll(`file:${input}`, "the file").trim().split("\n");
  return (
    (lines.at(-1) ?? "").replace(/\[[^\]]* @ 0x[0-9a-f]+\]\s*/g, "").slice(0, 300) || "it gave no reason"
  );
}
