import { dirname, join } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import { diskFullError } from "../disk-full.ts";
import type { Capabilities, Engine, RunOptions } from "../engine.ts";
import { findProgram } from "../find-program.node.ts";
import { firstThatFits } from "../first-that-fits.node.ts";
import type { ImageEncoding, Job } from "../job.ts";
import { runProgram } from "../run-program.node.ts";
import { ffmpegArguments } from "./arguments.ts";
import { decodeWith } from "./decode.node.ts";
import { demuxers, unstatedDuration } from "./demuxers.ts";
import { statesNoDuration, withMeasuredDuration } from "./measured-duration.node.ts";
import { lastLine, probeWith } from "./probe.node.ts";
import { ffmpegThumbnail } from "./thumbnail.node.ts";

/** Milliseconds that a run may take where the caller sets no deadline. */
export const defaultDeadline: number = 30 * 60_000;

/** An installed ffmpeg with its ffprobe, or null. */
export async function ffmpegEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Engine<string> | null> {
  const ffmpeg = findProgram("ffmpeg", env, process.cwd(), "FFMPEG_PATH");
  if (!ffmpeg) return null;
  // The two are installed together: the ffprobe beside ffmpeg has the same version.
  const beside = join(dirname(ffmpeg), ffmpeg.endsWith(".exe") ? "ffprobe.exe" : "ffprobe");
  const ffprobe = findProgram("ffprobe", { PATH: dirname(beside) }) ?? findProgram("ffprobe", env);
  if (!ffprobe) return null;
  return createEngine(ffmpeg, ffprobe);
}

const known = new Map<string, Promise<Capabilities>>();

function capabilitiesOf(ffmpeg: string): Promise<Capabilities> {
  let pending = known.get(ffmpeg);
  if (!pending) {
    pending = queryCapabilities(ffmpeg);
    known.set(ffmpeg, pending);
    pending.catch(() => known.delete(ffmpeg));
  }
  return pending;
}

async function queryCapabilities(ffmpeg: string): Promise<Capabilities> {
  const list = async (flag: string): Promise<string> => {
    const answer = await runProgram(ffmpeg, ["-nostdin", "-hide_banner", flag], { deadline: 20_000 });
    if (answer.code !== 0)
      throw new MediaPreflightError(
        "engine-failed",
        `${ffmpeg} does not run: ${lastLine(answer.stderr, "")}`,
      );
    return answer.stdout;
  };
  const [version, encoders, filters] = await Promise.all([
    list("-version"),
    list("-encoders"),
    list("-filters"),
  ]);
  const encoderNames = [...encoders.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)/gm)].map(
    (found) => found[1] ?? "",
  );
  return {
    version: `ffmpeg ${/^ffmpeg version (\S+)/.exec(version)?.[1] ?? "unknown"}`,
    encoders: new Set(encoderNames),
    toneMapping: / zscale /.test(filters) && / tonemap /.test(filters),
  };
}

function createEngine(ffmpeg: string, ffprobe: string): Engine<string> {
  return {
    name: "ffmpeg",
    capabilities: () => capabilitiesOf(ffmpeg),
    reads: (format) => demuxers[format] !== undefined,
    async probe(input, format, options) {
      const details = await probeWith(ffprobe, input, format, options);
      return unstatedDuration.has(format) || statesNoDuration(details)
        ? await withMeasuredDuration(ffmpeg, details, input, format, options)
        : details;
    },
    decode: (input, format, options) => decodeWith(ffmpeg, ffprobe, input, format, options),
    async thumbnail(job, input, output, options = {}) {
      const webp = (await capabilitiesOf(ffmpeg)).encoders.has("libwebp");
      return await ffmpegThumbnail(ffmpeg, webp, job, input, output, options);
    },
    async run(job, input, output, options = {}) {
      if (job.kind !== "image") {
        await runJob(ffmpeg, job, input, output, options, undefined);
        return { format: job.to, quality: null };
      }
      return await firstThatFits(job.encodings, job.maxBytes, output, (encoding) =>
        runJob(ffmpeg, job, input, output, options, encoding),
      );
    },
  };
}

/** Whether a job needs encoders, so that the installed ones have to be known. */
function encodes(job: Job): boolean {
  if (job.kind === "image") return false;
  const tracks = job.kind === "audio" ? [job.audio] : [job.video, ...job.audio];
  return tracks.some(({ encode }) => encode !== null);
}

async function runJob(
  ffmpeg: string,
  job: Job,
  input: string,
  output: string,
  options: RunOptions,
  encoding: ImageEncoding | undefined,
): Promise<void> {
  const encoders = encodes(job) ? (await capabilitiesOf(ffmpeg)).encoders : null;
  const args = ffmpegArguments(job, input, output, { encoders, encoding });
  const expected = job.kind === "image" ? 0 : job.expected;
  const { code, stderr } = await runProgram(ffmpeg, ["-progress", "pipe:1", "-nostats", ...args], {
    signal: options.signal,
    deadline: options.deadline ?? defaultDeadline,
    cwd: dirname(output),
    onOutput: (text) => {
      const microseconds = [...text.matchAll(/^out_time_us=(\d+)/gm)].at(-1)?.[1];
      if (microseconds && expected > 0)
        options.onProgress?.(Math.min(Number(microseconds) / 1e6 / expected, 1));
    },
  });
  if (code !== 0)
    throw (
      diskFullError(stderr) ??
      new MediaPreflightError("engine-failed", `ffmpeg failed: ${lastLine(stderr, input)}`)
    );
}
