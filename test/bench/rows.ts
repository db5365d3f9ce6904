import { statSync } from "node:fs";
import { join } from "node:path";
import { inspect, preflight } from "../../src/index.ts";
import { type Asked, makeSamples, type Sample } from "./files.ts";
import { rangesOf } from "./floor.ts";
import { type Peer, peers, wrong } from "./peers.ts";
import { type Range, readOnly } from "./read-only.ts";
import { median, output } from "./tools.ts";

/** One file's figures; times are medians in milliseconds. */
export interface Row {
  about: string;
  bytes: number;
  bytesRead: number;
  reads: number;
  own: number;
  floor: number;
  peers: { name: string; kind: Peer["kind"]; milliseconds: number; wrong: string[] }[];
}

/** Runs in one round; floor and verdict take turns, so that a busy moment falls on both. */
const perRound = 40;

/** The figures of every file; a file whose facts come out wrong is an error, not a row. */
export async function measureFiles(
  folder: string,
  rounds: number,
): Promise<{ rows: Row[]; missing: string[] }> {
  const { made, missing } = makeSamples(folder);
  const others = await peers();
  const rows: Row[] = [];
  for (const sample of made) {
    console.error(sample.about);
    rows.push(await measure(join(folder, sample.name), sample, others.there, rounds));
  }
  return { rows, missing: [...missing, ...others.missing.map((name) => `${name} is not installed`)] };
}

async function measure(path: string, sample: Sample, others: readonly Peer[], rounds: number): Promise<Row> {
  const { facts } = await inspect(path, { crossCheck: "never" });
  const amiss = wrong(facts, sample.truth, sample.within);
  if (amiss.length > 0) throw new Error(`${sample.name}: own facts are wrong: ${amiss.join(", ")}`);
  const ranges = await rangesOf(path);
  await warmUp(path);
  const own: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const floorTime = floorOf(path, ranges);
    const start = performance.now();
    for (let i = 0; i < perRound; i++) await preflight(path, { crossCheck: "never" });
    const ownTime = (performance.now() - start) / perRound;
    own.push(ownTime);
    floor.push(floorTime);
  }
  const said: Row["peers"] = [];
  for (const peer of others.filter(({ takes }) => takes.test(path)))
    said.push(await measurePeer(peer, path, sample.truth, sample.within));
  return {
    about: sample.about,
    bytes: statSync(path).size,
    bytesRead: ranges.reduce((sum, [, length]) => sum + length, 0),
    reads: ranges.length,
    own: median(own),
    floor: median(floor),
    peers: said,
  };
}

/** Thousands of runs, or two seconds: until the machine code is what a long run has. */
async function warmUp(path: string): Promise<void> {
  const begun = performance.now();
  for (let i = 0; i < 4000 && performance.now() - begun < 2000; i++)
    await preflight(path, { crossCheck: "never" });
}

function floorOf(path: string, ranges: readonly Range[]): number {
  const start = performance.now();
  for (let i = 0; i < perRound; i++) readOnly(path, ranges);
  return (performance.now() - start) / perRound;
}

async function measurePeer(
  peer: Peer,
  path: string,
  truth: Asked,
  within: number,
): Promise<Row["peers"][number]> {
  const base = { name: peer.name, kind: peer.kind };
  let amiss: string[];
  try {
    amiss = peer.namesOnly ? ["all but the format"] : wrong(await peer.ask(path), truth, within);
  } catch {
    return { ...base, milliseconds: Number.NaN, wrong: ["all: it failed"] };
  }
  const times: number[] = [];
  const begun = performance.now();
  // What takes long is asked less often.
  while (times.length < 3 || (times.length < 50 && performance.now() - begun < 1500)) {
    const start = performance.now();
    await peer.ask(path);
    times.push(performance.now() - start);
  }
  return { ...base, milliseconds: median(times), wrong: amiss };
}

/** Milliseconds a file where exiftool is given twenty in one process; NaN where it is not installed. */
export function exiftoolInBatch(path: string): number {
  try {
    const start = performance.now();
    output("exiftool", ["-fast", "-json", "-n", ...Array<string>(20).fill(path)]);
    return (performance.now() - start) / 20;
  } catch {
    return Number.NaN;
  }
}
