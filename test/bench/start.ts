import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { manyFiles } from "../cli/many-files.ts";
import { has, median, output, timed } from "./tools.ts";

const command = resolve("dist/cli/media-preflight.js");
const still = resolve("fixtures/image/jpeg-640x480.jpg");
const clip = resolve("fixtures/video/mp4-h264-aac.mp4");

/** Milliseconds of whole processes, medians of runs that took turns. */
export interface Start {
  /** `node -e 0`. */
  node: number;
  /** `check` of one still. */
  check: number;
  /** `check` of one MP4, and ffprobe of it; null where that is not installed. */
  clip: number;
  ffprobe: number | null;
}

/** How long small jobs take from the process's start to its end. */
export async function measureStart(rounds: number): Promise<Start> {
  const node = process.execPath;
  const ways: Record<string, readonly string[]> = {
    node: [node, "-e", "0"],
    check: [node, command, "check", still],
    clip: [node, command, "check", clip],
    ...(has("ffprobe") ? { ffprobe: ["ffprobe", "-v", "error", "-show_streams", clip] } : {}),
  };
  const times = await inTurns(ways, rounds);
  const time = (name: string): number => times[name] ?? Number.NaN;
  return {
    node: time("node"),
    check: time("check"),
    clip: time("clip"),
    ffprobe: times.ffprobe ?? null,
  };
}

/** Milliseconds of `check --staged`, of `git diff --cached` and of `node -e 0` in a repository of 2,000 files. */
export interface Staged {
  check: number;
  diff: number;
  node: number;
}

/** The hook in a repository of 2,000 files, 40 of them staged, once its verdicts are the right ones. */
export async function measureStaged(folder: string, rounds: number): Promise<Staged> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { repo, expected } = manyFiles(resolve(folder));
  const cwd = process.cwd();
  process.chdir(repo.path);
  try {
    const node = process.execPath;
    const said = output(node, [command, "check", "--staged", "--format", "ndjson"], true);
    const reports = said
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { file: string; verdict: string });
    const wrong = reports.filter(({ file, verdict }) => expected[file] !== verdict);
    if (wrong.length > 0 || reports.length !== Object.keys(expected).length)
      throw new Error(`check --staged is wrong about ${JSON.stringify(wrong)}`);
    const times = await inTurns(
      {
        node: [node, "-e", "0"],
        diff: ["git", "diff", "--cached"],
        check: [node, command, "check", "--staged"],
      },
      rounds,
    );
    return { check: times.check ?? 0, diff: times.diff ?? 0, node: times.node ?? 0 };
  } finally {
    process.chdir(cwd);
    rmSync(join(folder), { recursive: true, force: true });
  }
}

/** The median of each. They take turns, so that other load on the machine affects all of them. */
async function inTurns(
  ways: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): Promise<Record<string, number>> {
  const runs = Object.entries(ways).map(([name, way]) => ({ name, way, times: [] as number[] }));
  // The first two rounds find the disk's pages and the kept code.
  for (let round = -2; round < rounds; round++)
    for (const { way, times } of runs) {
      const [file = "", ...args] = way;
      const { milliseconds } = await timed(file, args, false);
      if (round >= 0) times.push(milliseconds);
    }
  return Object.fromEntries(runs.map(({ name, times }) => [name, median(times)]));
}
