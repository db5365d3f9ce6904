import { dirname, join } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import type { Capabilities, Engine, RunOptions } from "../engine.ts";
import { findProgram } from "../find-program.node.ts";
import { firstThatFits } from "../first-that-fits.node.ts";
import type { ImageEncoding, Job } from "../job.ts";
import { runProgram } from "../run-program.node.ts";
import { ffmpegArguments } from "./arguments.ts";
import { decodeWith } from "./decode.node.ts";
import { demuxers } from "./demuxers.ts";
import { lastLine, probeWith } from "./probe.node.ts";

/** Milliseconds that a run may take where the caller sets no deadline. */
export const defaultDeadline: number = 30 * 60_000;

/** An installed ffmpeg with its ffprobe, or null where there is none. Asked once per program. */
export async function ffmpegEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Engine<string> | null> {
  const ffmpeg = findProgram("ffmpeg", env, process.cwd(), "FFMPEG_PATH");
  if (!ffmpeg) return null;
  // The two are installed together; beside a named ffmpeg lies its own ffprobe.
  const beside = join(dirname(ffmpeg), ffmpeg.endsWith(".exe") ? "ffprobe.exe" : "ffprobe");
  const ffprobe = findProgram("ffprobe", { PATH: dirname(beside) }) ?? findProgram("ffprobe", env);
  if (!ffprobe) return null;
  const capabilities = await capabilitiesOf(ffmpeg);
  return createEngine(ffmpeg, ffprobe, capabilities);
}

const known = new Map<string, Promise<Capabilities>>();

function capabilitiesOf(ffmpeg: string): Promise<Capabilities> {
  let asked = known.get(ffmpeg);
  if (!asked) {
    asked = askCapabilities(ffmpeg);
    known.set(ffmpeg, asked);
    asked.catch(() => known.delete(ffmpeg));
  }
  return asked;
}

async function askCapabilities(ffmpeg: string): Promise<Capabilities> {
  const ask = async (flag: string): Promise<string> => {
    const answer = await runProgram(ffmpeg, ["-nostdin", "-hide_banner", flag], { deadline: 20_000 });
    if (answer.code !== 0)
      throw new MediaPreflightError(
        "engine-failed",
        `${ffmpeg} does not run: ${lastLine(answer.stderr, "")}`,
      );
    return answer.stdout;
  };
  const [version, encoders, filters] = await Promise.all([
    ask("-version"),
    ask("-encoders"),
    ask("-filters"),
  ]);
  const named = [...encoders.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)/gm)].map((found) => found[1] ?? "");
  return {
    version: `ffmpeg ${/^ffmpeg version (\S+)/.exec(version)?.[1] ?? "unknown"}`,
    encoders: new Set(named),
    toneMapping: / zscale /.test(filters) && / tonemap /.test(filters),
  };
}

function createEngine(ffmpeg: string, ffprobe: string, capabilities: Capabilities): Engine<string> {
  return {
    name: "ffmpeg",
    capabilities: async () => capabilities,
    reads: (format) => demuxers[format] !== undefined,
    probe: (input, format, options) => probeWith(ffprobe, input, format, options),
    decode: (input, format, options) => decodeWith(ffmpeg, ffprobe, input, format, options),
    async run(job, input, output, options = {}) {
      if (job.kind !== "image") {
        await runJob(ffmpeg, capabilities, job, input, output, options, undefined);
        return { format: job.to, quality: null };
      }
      return await firstThatFits(job.encodings, job.maxBytes, output, (encoding) =>
        runJob(ffmpeg, capabilities, job, input, output, options, encoding),
      );
    },
  };
}

async function runJob(
  ffmpeg: string,
  capabilities: Capabilities,
  job: Job,
  input: string,
  output: string,
  options: RunOptions,
  encoding: ImageEncoding | undefined,
): Promise<void> {
  const args = ffmpegArguments(job, input, output, { encoders: capabilities.encoders, encoding });
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
  if (code !== 0) throw new MediaPreflightError("engine-failed", `ffmpeg failed: ${lastLine(stderr, input)}`);
}
