import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorOptions } from "../../../src/emulator/options.ts";
import { type FileHashes, makeFiles } from "../../submit/crash/files.ts";
import { apiKey, type PushProcess, pushProcess, pushUntilDone } from "../../submit/crash/push-process.ts";
import { wav } from "../../submit/crash/wav.ts";
import type { ChildConfig } from "./child.ts";
import type { ServiceState } from "./service.ts";

/** The service and the bucket in a process of their own. */
export interface RunningService {
  /** Environment variables that lead a client there. */
  env: Readonly<Record<string, string>>;
  state(): Promise<ServiceState>;
  stop(): void;
}

export async function startService(options: EmulatorOptions): Promise<RunningService> {
  const child: ChildProcess = fork(new URL("service.ts", import.meta.url), [
    JSON.stringify({ ...options, key: apiKey }),
  ]);
  const [started] = (await once(child, "message")) as [Started];
  const { bucket } = started;
  return {
    env: {
      ATLASCLOUD_API_KEY: apiKey,
      ATLASCLOUD_API_BASE_URL: started.api,
      ATLASCLOUD_CONSOLE_BASE_URL: started.console,
      AWS_ENDPOINT_URL_S3: bucket.endpoint,
      AWS_REGION: bucket.region,
      AWS_ACCESS_KEY_ID: bucket.accessKeyId,
      AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    },
    async state() {
      child.send("state");
      const [state] = (await once(child, "message")) as [ServiceState];
      return state;
    },
    stop: () => child.disconnect(),
  };
}

interface Started {
  api: string;
  console: string;
  bucket: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
}

/** One push in a process of its own. @param killAfter milliseconds from its first output */
export function push(
  config: ChildConfig,
  service: RunningService,
  killAfter: number | null = null,
): Promise<PushProcess> {
  return pushProcess(new URL("child.ts", import.meta.url), config, service.env, killAfter);
}

/** Bytes of resident memory that a push took at most; null if it was killed. */
export function peakMemoryOf({ output }: PushProcess): number | null {
  const peak = /"peakMemory":(\d+)/.exec(output)?.[1];
  return peak === undefined ? null : Number(peak);
}

/** Every twentieth file is large enough to be sent in parts. */
const passingWav = (n: number): Buffer => (n % 20 === 3 ? largeWav(n) : wav(2.5, n));

/** 12 MB: 4 s of 32-bit samples in 4 channels at 192 kHz. */
export function largeWav(mark: number, seconds = 4): Buffer {
  const small = wav(seconds, mark);
  const data = Buffer.alloc(seconds * 192_000 * 16, mark & 255);
  data.writeUInt32LE(mark, 0);
  const head = Buffer.from(small.subarray(0, 44));
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt16LE(4, 22);
  head.writeUInt32LE(192_000, 24);
  head.writeUInt32LE(192_000 * 16, 28);
  head.writeUInt16LE(16, 32);
  head.writeUInt16LE(32, 34);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Faults of a part of all requests, half of them after the request took effect. */
export function faultRates(share: number): EmulatorOptions {
  const [service, bucket] = [share / 6, share / 4];
  return {
    cutBefore: service,
    cutAfter: service,
    rateLimited: service,
    serverError: service,
    serverErrorAfter: service,
    unavailable: service,
    bucketSlowDown: bucket,
    bucketCutBefore: bucket,
    bucketCutDuring: bucket,
    bucketCutAfter: bucket,
    bucketErrorIn200: bucket,
  };
}

export interface CrashOptions {
  files: number;
  kills: number;
  seed: number;
  faults: number;
  /** Milliseconds a process lives at most before it is killed. */
  life: number;
  onRun?: (line: string) => void;
}

export interface CrashResult {
  state: ServiceState;
  made: FileHashes;
  entries: { sha256: string; step: string; id: string; storageKey?: string }[];
  ledgerText: string;
  /** Everything that was printed. */
  output: string;
  kills: number;
  runs: number;
  /** Requests that changed something in a last push, after everything was done. */
  changesAfterwards: number;
}

const prefix = "clips/";

/** Pushes under faults, killing the process at random points, until nothing is left to do; then once more. */
export async function crash({ files, kills, seed, faults, life, onRun }: CrashOptions): Promise<CrashResult> {
  const directory = await mkdtemp(join(tmpdir(), "crash-storage-"));
  const service = await startService({ ...faultRates(faults), seed, processingMs: 200, bucket: "media" });
  try {
    const folder = join(directory, "media");
    const ledger = join(directory, "media-preflight.lock.json");
    const made = await makeFiles(folder, files, passingWav);
    const timeout = 3000;
    const recovery = { betweenSearches: 500, afterRequest: 1500 };
    const config: ChildConfig = { folder, ledger, bucket: "media", prefix, timeout, recovery };
    const { output, killed, runs } = await pushUntilDone({
      ...{ kills, life, spareRuns: 30, allKills: true },
      push: (killAfter) => push(config, service, killAfter),
      async afterRun(line) {
        const { assets, objects } = await service.state();
        onRun?.(`${line}, ${objects.length} objects, ${assets.length} assets`);
      },
    });
    const before = await service.state();
    const again = await push(config, service);
    const ledgerText = await readFile(ledger, "utf8");
    const state = await service.state();
    return {
      ...{ state, made, entries: JSON.parse(ledgerText).entries, ledgerText },
      ...{ output: output + again.output, kills: killed, runs },
      changesAfterwards: state.changes - before.changes + (again.code === 0 ? 0 : 1),
    };
  } finally {
    service.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What is wrong with the outcome: nothing, if all went well. */
export function problemsOf({
  state,
  made,
  entries,
  ledgerText,
  output,
  changesAfterwards,
}: CrashResult): string[] {
  const problems: string[] = [];
  const times = (hashes: readonly (string | null)[], hash: string): number =>
    hashes.filter((one) => one === hash).length;
  const stored = state.objects.map(({ sha256 }) => sha256);
  const registered = state.assets.map(({ sha256 }) => sha256);
  for (const hash of made.pass) {
    const [objects, assets] = [times(stored, hash), times(registered, hash)];
    if (objects !== 1 || assets !== 1)
      problems.push(`${hash.slice(0, 8)} has ${objects} objects and ${assets} assets`);
  }
  for (const hash of [...stored, ...registered])
    if (hash === null || !made.pass.has(hash)) problems.push(`${hash?.slice(0, 8)} should not be there`);
  for (const { key, sha256 } of state.objects)
    if (key !== `${prefix}${sha256}.wav`) problems.push(`${key} is not the key of its content`);
  for (const { sha256, step, storageKey } of entries)
    if (step !== "active" || storageKey !== `${prefix}${sha256}.wav`)
      problems.push(`${sha256.slice(0, 8)} is ${step} at ${storageKey} in the ledger`);
  if (entries.length !== made.pass.size)
    problems.push(`${entries.length} entries, ${made.pass.size} passing files`);
  if (state.uploads > 0) problems.push(`uploadMedia was called ${state.uploads} times`);
  if (changesAfterwards > 0) problems.push(`a last push made ${changesAfterwards} changes`);
  for (const [code, count] of Object.entries(state.refused))
    problems.push(`the bucket refused ${count} requests: ${code}`);
  const secrets = [apiKey, "X-Amz-Signature", "wJalrXUtnFEMI"];
  for (const secret of secrets)
    if (ledgerText.includes(secret) || output.includes(secret)) problems.push(`${secret} was written down`);
  return problems;
}
