import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChildConfig } from "./child.ts";
import type { ServiceConfig, ServiceState } from "./service.ts";
import { wav } from "./wav.ts";

export const key = "crash-test-key-3f9a";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A running fault service; `stop` ends it. */
export async function startService(
  config: ServiceConfig,
): Promise<{ port: number; state(): Promise<ServiceState>; stop(): void }> {
  const child = spawn(process.execPath, [script("service.ts"), JSON.stringify(config)], {
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

export interface Run {
  code: number | null;
  output: string;
  events: Record<string, unknown>[];
}

/** One push in a process of its own, killed after `killAfter` milliseconds if it still runs. */
export async function push(config: ChildConfig, killAfter: number | null = null): Promise<Run> {
  const env = { ...process.env, ATLASCLOUD_API_KEY: key };
  const child = spawn(process.execPath, [script("child.ts"), JSON.stringify(config)], { env });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    output += data;
  });
  // Counted from its first word, so that a busy machine does not only ever kill processes that are starting.
  let timer: ReturnType<typeof setTimeout> | null = null;
  child.stdout.once("data", () => {
    if (killAfter !== null) timer = setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (timer) clearTimeout(timer);
  const lines = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return { code, output, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** A folder of distinct small WAVs, every tenth too short to pass. Hashes of both kinds. */
export async function makeFiles(
  folder: string,
  count: number,
): Promise<{ pass: Set<string>; fail: Set<string> }> {
  await mkdir(folder, { recursive: true });
  const made = { pass: new Set<string>(), fail: new Set<string>() };
  for (let i = 0; i < count; i++) {
    const passes = i % 10 !== 9;
    const bytes = wav(passes ? 2.5 : 1, i);
    made[passes ? "pass" : "fail"].add(createHash("sha256").update(bytes).digest("hex"));
    await writeFile(join(folder, `take ${String(i).padStart(4, "0")}.wav`), bytes);
  }
  return made;
}

export interface CrashResult {
  state: ServiceState;
  made: { pass: Set<string>; fail: Set<string> };
  ledger: { entries: { sha256: string; step: string; id: string; owner?: unknown }[] };
  ledgerText: string;
  /** All that was ever printed. */
  output: string;
  kills: number;
  runs: number;
  /** What lies beside the ledger in the end. */
  beside: string[];
  last: Run;
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

/** Pushes under faults, killing the process again and again, until it says that nothing is left to do. */
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
      recovery: { apart: 500, settle: 2500 },
    };
    let output = "";
    let killed = 0;
    for (let runs = 1; ; runs++) {
      if (runs > kills + 40) throw new Error("it does not come to an end");
      const killAfter = killed < kills ? Math.random() * life : null;
      const run = await push(config, killAfter);
      output += run.output;
      if (run.code === null) killed++;
      const text = await readFile(ledger, "utf8").catch(() => null);
      if (text !== null) JSON.parse(text);
      onRun?.(
        `run ${runs}: ${run.code === null ? "killed" : `exit ${run.code}`}, ${(await service.state()).assets.length} assets`,
      );
      // Whoever is done early is given the same work again: there is nothing to do, kill or not.
      if (run.code === 0 && killed >= kills) {
        const ledgerText = await readFile(ledger, "utf8");
        const beside = (await readdir(directory)).filter((name) => name !== "media");
        return {
          state: await service.state(),
          made,
          ledger: JSON.parse(ledgerText),
          ledgerText,
          output,
          kills: killed,
          runs,
          beside,
          last: run,
        };
      }
      if (run.code === 0) kills = killed;
    }
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
  if (ledgerText.includes(key) || output.includes(key)) faults.push("the key was written down");
  if (state.strangers > 0) faults.push(`${state.strangers} requests without the key`);
  return faults;
}
