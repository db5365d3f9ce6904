/**
 * Time of fix() beside the bare engine's for the same step: npm run bench:fix [-- --rounds 5]
 *
 * The bare run is ffmpeg with the arguments of the plan's own job, or sharp with one resize. Both alternate, and the
 * best of all rounds counts, since other processes only ever add time. Targets: at most 1.15 times the bare engine where
 * something is encoded, under one second where streams are copied. It exits with 1 where a target is missed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { nodeEngines } from "../../src/engines/engines.node.ts";
import { ffmpegArguments } from "../../src/engines/ffmpeg/arguments.ts";
import { findProgram } from "../../src/engines/find-program.node.ts";
import { fix } from "../../src/fix/fix.node.ts";
import { cornered, ffmpeg } from "../fix/tools.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const rounds = Number(values.rounds);
const mostTimes = 1.15;
const mostLosslessMs = 1_000;

const folder = ".tmp/bench/fix";
mkdirSync(folder, { recursive: true });
const program = findProgram("ffmpeg", process.env, process.cwd(), "FFMPEG_PATH");
const encoders = (await (await nodeEngines()).ffmpeg?.capabilities())?.encoders ?? null;
if (program === null || encoders === null) throw new Error("ffmpeg is not installed");

interface Case {
  name: string;
  file: string;
  make(path: string): unknown;
}

const clip = (size: string, seconds: number, ...more: string[]): ((path: string) => void) => {
  const [width = 0, height = 0] = size.split("x").map(Number);
  return (path) =>
    ffmpeg(
      ...[
        "-f",
        "lavfi",
        "-i",
        cornered(width, height, { seconds }),
        "-f",
        "lavfi",
        "-i",
        `sine=d=${seconds}`,
      ],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", ...more, path],
    );
};
const noise = {
  width: 8_000,
  height: 4_500,
  channels: 3,
  background: "#888",
  noise: { type: "gaussian", mean: 128, sigma: 30 },
} as const;

const cases: readonly Case[] = [
  { name: "scale 1080p, 10 s", file: "1080p.mp4", make: clip("1920x1080", 10) },
  { name: "frame rate 120 → 60, 720p, 8 s", file: "120fps.mp4", make: clip("1280x720", 8, "-r", "120") },
  {
    name: "scale JPEG, 36 megapixels",
    file: "large.jpg",
    make: (path) => sharp({ create: noise }).jpeg().toFile(path),
  },
  { name: "trim 20 s → 14.9 s, copied", file: "20s.mp4", make: clip("1280x720", 20) },
  { name: "remux MKV → MP4, copied", file: "clip.mkv", make: clip("1280x720", 10) },
];

/** One run of the plan's job by the engine alone; returns milliseconds. */
async function bare(path: string, job: Parameters<typeof ffmpegArguments>[0]): Promise<number> {
  const output = join(folder, "bare.out");
  const start = performance.now();
  if (job.kind === "image") {
    const { scale } = job.picture;
    await sharp(path, { sequentialRead: true })
      .resize(scale.width, scale.height, { fit: "fill", kernel: "lanczos3" })
      .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
      .toFile(output);
  } else
    execFileSync(program as string, ffmpegArguments(job, path, output, { encoders }), { stdio: "ignore" });
  const milliseconds = performance.now() - start;
  rmSync(output);
  return milliseconds;
}

async function ours(path: string): Promise<number> {
  const out = join(folder, "out");
  const start = performance.now();
  const { outcome } = await fix(path, { out });
  const milliseconds = performance.now() - start;
  if (outcome !== "fixed") throw new Error(`${path}: ${outcome}`);
  rmSync(out, { recursive: true });
  return milliseconds;
}

let missed = false;
for (const { name, file, make } of cases.filter((one) => one.name.includes(values.only))) {
  const path = join(folder, file);
  if (!existsSync(path)) await make(path);
  const { plan } = await fix(path, { dryRun: true });
  if (!plan.job) throw new Error(`${file}: no plan`);
  const best = { ours: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    best.bare = Math.min(best.bare, await bare(path, plan.job));
    best.ours = Math.min(best.ours, await ours(path));
  }
  const times = best.ours / best.bare;
  const met = plan.lossless ? best.ours < mostLosslessMs : times <= mostTimes;
  missed ||= !met;
  const target = plan.lossless ? `under ${mostLosslessMs} ms` : `at most ${mostTimes} ×`;
  console.log(
    `${met ? "✓" : "✗"} ${name}: fix ${Math.round(best.ours)} ms, engine ${Math.round(best.bare)} ms, ${times.toFixed(2)} × (${target})`,
  );
}
process.exitCode = missed ? 1 : 0;
