import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { makeMixed, small } from "./files.ts";
import { rangesOf } from "./floor.ts";
import { has, median, timed } from "./tools.ts";

/** One way of going through the whole folder, in one process. */
export interface FolderRow {
  name: string;
  milliseconds: number;
  megabytes: number | null;
}

const command = "dist/cli/media-preflight.js";

/** The mixed folder through the built command, its floor, and the tools that take a folder. */
export async function measureFolder(folder: string, count: number, rounds: number): Promise<FolderRow[]> {
  makeMixed(folder, count);
  const files = join(folder, "files");
  const known: Record<string, unknown> = {};
  for (const name of small) known[basename(name)] = await rangesOf(join("fixtures", name));
  const ways: [name: string, go: () => ReturnType<typeof timed>, rounds: number][] = [
    ["floor", () => floor(files, JSON.stringify(known)), rounds],
    [
      "media-preflight check",
      () => timed(process.execPath, [command, "check", "--no-config", "--format", "ndjson", files]),
      rounds,
    ],
  ];
  if (has("exiftool"))
    ways.push(["exiftool -fast -r", () => timed("exiftool", ["-fast", "-json", "-r", files]), 1]);
  if (has("mediainfo")) ways.push(["mediainfo", () => timed("mediainfo", ["--Output=JSON", files]), 1]);
  const rows: FolderRow[] = [];
  for (const [name, go, times] of ways) {
    console.error(`${count} files: ${name}`);
    const runs: Awaited<ReturnType<typeof timed>>[] = [];
    for (let i = 0; i < times; i++) runs.push(await go());
    // Some of the files fail on purpose: 1 is check's right answer, 2 is not.
    const bad = runs.find(({ status }) => status !== 0 && status !== 1);
    if (bad) throw new Error(`${name} ended with ${bad.status}`);
    const memory = runs.map(({ megabytes }) => megabytes).filter((m) => m !== null);
    rows.push({
      name,
      milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
      megabytes: memory.length > 0 ? Math.max(...memory) : null,
    });
  }
  return rows;
}

async function floor(files: string, known: string): ReturnType<typeof timed> {
  const start = performance.now();
  const child = spawn(process.execPath, ["test/bench/folder-floor.ts", files], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(known);
  const status = await new Promise<number | null>((done) => child.once("exit", done));
  return { milliseconds: performance.now() - start, megabytes: null, status };
}
