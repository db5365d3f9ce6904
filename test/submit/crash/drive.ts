import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChildConfig } from "./child.ts";
import { type FileHashes, makeFiles } from "./files.ts";
import { apiKey, type PushProcess, pushProcess, pushUntilDone } from "./push-process.ts";
import type { ServiceConfig, ServiceState } from "./service.ts";

/** A running fault service; `stop` ends it. */
export async function startService(
  config: ServiceConfig,
): Promise<{ port: number; state(): Promise<ServiceState>; stop(): void }> {
  const program = fileURLToPath(new URL("service.ts", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(config)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(Number(data)));
    child.once("exit", () => reject(new Error("the service did not start")));
  });
  return {
    port,
    state: async () => (await fetch(`http://127.0.0.1:${port}/state`)).json() as Promise<ServiceState>,
    stop: () => child.stdin.end(),
  };
}

/** One push in a process of its own. @param killAfter milliseconds from its first output */
export function push(config: ChildConfig, killAfter: number | null = null): Promise<PushProcess> {
  const program = new URL("child.ts", import.meta.url);
  return pushProcess(program, config, { ATLASCLOUD_API_KEY: apiKey }, killAfter);
}

export interface CrashResult {
  state: ServiceState;
  made: FileHashes;
  ledger: { entries: { sha256: string; step: string; id: string; owner?: unknown }[] };
  ledgerText: string;
  /** Everything that was printed. */
  output: string;
  kills: number;
  runs: number;
  /** Names of the files in the ledger's folder, at the end. */
  beside: string[];
  last: PushProcess;
}

export interface CrashOptions {
  files: number;
  kills: number;
  seed: number;
  faults?: number;
  /** Milliseconds a process lives at most before it is killed. */
  life?: number;
  onRun?: (line: string) => void;
}

/** Pushes under faults, killing the process at random points, until nothing is left to do. */
export async function crash({
  files,
  kills,
  seed,
  faults = 0.2,
  life = 2500,
  onRun,
}: CrashOptions): Promise<CrashResult> {
  const directory = await mkdtemp(join(tmpdir(), "crash-"));
  const timeout = 700;
  const service = await startService({ seed, faults, shows: "both", fails: 0.05, timeout });
  try {
    const folder = join(directory, "media");
    const ledger = join(directory, "media-preflight.lock.json");
    const made = await makeFiles(folder, files);
    const config: ChildConfig = {
      folder,
      ledger,
      port: service.port,
      timeout,
      recovery: { betweenSearches: 500, afterRequest: 2500 },
    };
    const { output, killed, runs, last } = await pushUntilDone({
      ...{ kills, life, spareRuns: 40, allKills: false },
      push: (killAfter) => push(config, killAfter),
      async afterRun(line) {
        const text = await readFile(ledger, "utf8").catch(() => null);
        if (text !== null) JSON.parse(text);
        onRun?.(`${line}, ${(await service.state()).assets.length} assets`);
      },
    });
    const ledgerText = await readFile(ledger, "utf8");
    const beside = (await readdir(directory)).filter((name) => name !== "media");
    return {
      ...{ state: await service.state(), made, ledger: JSON.parse(ledgerText), ledgerText },
      ...{ output, kills: killed, runs, beside, last },
    };
  } finally {
    service.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What is wrong with the outcome: nothing, if all went well. */
export function faultsOf({ state, made, ledger, ledgerText, output }: CrashResult): string[] {
  const faults: string[] = [];
  const registered = new Map<string, number>();
  for (const { sha256 } of state.assets)
    registered.set(sha256 ?? "?", (registered.get(sha256 ?? "?") ?? 0) + 1);
  for (const hash of made.pass) {
    const times = registered.get(hash) ?? 0;
    if (times !== 1) faults.push(`${hash.slice(0, 8)} is registered ${times} times`);
  }
  for (const hash of made.fail)
    if (state.uploads.includes(hash)) faults.push(`${hash.slice(0, 8)} failed and was sent`);
  for (const hash of registered.keys())
    if (!made.pass.has(hash)) faults.push(`${hash.slice(0, 8)} should not be there`);
  for (const { sha256, step, id } of ledger.entries) {
    const asset = state.assets.find((one) => one.sha256 === sha256);
    if (step !== (asset?.fails ? "failed" : "active"))
      faults.push(`${sha256.slice(0, 8)} is ${step} in the ledger`);
    if (String(asset?.id) !== id) faults.push(`${sha256.slice(0, 8)} has the wrong id in the ledger`);
  }
  if (ledger.entries.length !== made.pass.size)
    faults.push(`${ledger.entries.length} entries, ${made.pass.size} passing files`);
  if (ledger.entries.some(({ owner }) => owner)) faults.push("an entry still has an owner");
  if (ledgerText.includes(apiKey) || output.includes(apiKey)) faults.push("the key was written down");
  if (state.unauthorized > 0) faults.push(`${state.unauthorized} requests without the key`);
  return faults;
}
