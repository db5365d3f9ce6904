/**
 * Several machines over the same files, with faults of the service, kills, stops longer than a lease, restarts of the
 * database and clocks that are minutes apart:
 *
 * node test/ledger/postgres/machines.ts --machines 8 --files 500 --kills 12 --stops 4 --restarts 2 [--faults 0.15]
 *   [--every 5] [--pooler] [--seed 1]
 *
 * `--every` is the average time in seconds between two disturbances; `--pooler` puts pgbouncer before the database.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { startService } from "../../submit/crash/drive.ts";
import { makeFiles } from "../../submit/crash/files.ts";
import { apiKey } from "../../submit/crash/push-process.ts";
import type { MachineConfig } from "./machine.ts";
import { pgbouncer, startPooler } from "./pooler.ts";
import { postgresBin, startPostgres } from "./server.ts";

export interface MachinesOptions {
  machines: number;
  files: number;
  kills: number;
  stops: number;
  restarts: number;
  faults: number;
  seed: number;
  /** Average time between two disturbances, in seconds; default 1.25. */
  every?: number;
  /** Another address of the database for the machines, for example a transaction pooler's. */
  through?: (url: string) => Promise<{ url: string; stop(): Promise<void> }>;
  onLine?: (line: string) => void;
}

export interface MachinesResult {
  faults: string[];
  assets: number;
  requests: number;
  uploads: number;
  killed: number;
  stopped: number;
  trashed: number;
  seconds: number;
  notes: Record<string, number>;
  errors: Record<string, number>;
}

const program = fileURLToPath(new URL("machine.ts", import.meta.url));
/** A lease is 60 s. */
const stopInMilliseconds = 75_000;
/** Debian's libfaketime, preloaded: the `faketime` command would start the machine as its child, out of a signal's reach. */
const clockLibrary = globSync("/usr/lib/*/faketime/libfaketime.so.1")[0];
const unshare = "/usr/bin/unshare";
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs all of it; an empty `faults` means that nothing was lost and nothing registered twice. */
export async function runMachines(options: MachinesOptions): Promise<MachinesResult> {
  const begun = performance.now();
  const directory = await mkdtemp(join(tmpdir(), "machines-"));
  const server = await startPostgres(postgresBin as string);
  const pooler = await options.through?.(server.url);
  const { seed, faults } = options;
  const service = await startService({ seed, faults, shows: "both", fails: 0.03, timeout: 1500 });
  const run = new Run(options, {
    folder: join(directory, "media"),
    database: pooler?.url ?? server.url,
    port: service.port,
    timeout: 1500,
    recovery: { betweenSearches: 1000, afterRequest: 5000 },
  });
  try {
    const made = await makeFiles(run.config.folder, options.files);
    const disturbing = run.disturb(server.restart);
    await Promise.all(Array.from({ length: options.machines }, (_, n) => run.machine(n)));
    await disturbing;
    const before = await service.state();
    await run.another();
    const after = await service.state();
    const ledger = postgresLedger(server.url);
    const found = [...(await faultsOf(made, after, ledger)), ...run.faults];
    if (after.changes !== before.changes) found.push("another machine afterwards changed something");
    await ledger.close();
    return {
      faults: found,
      assets: after.assets.length,
      requests: after.requests,
      uploads: after.uploads.length,
      killed: run.killed,
      stopped: run.stopped,
      trashed: after.trashed.length,
      seconds: Math.round((performance.now() - begun) / 1000),
      notes: run.notes,
      errors: run.errors,
    };
  } finally {
    run.end();
    service.stop();
    await pooler?.stop();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

class Run {
  readonly config: MachineConfig;
  readonly faults: string[] = [];
  readonly notes: Record<string, number> = {};
  readonly errors: Record<string, number> = {};
  killed = 0;
  stopped = 0;
  readonly #options: MachinesOptions;
  readonly #children = new Map<number, ChildProcess>();
  readonly #frozen = new Set<ChildProcess>();

  constructor(options: MachinesOptions, config: MachineConfig) {
    this.#options = options;
    this.config = config;
  }

  /** Starts the n-th machine again and again until it has nothing left to do. */
  async machine(n: number): Promise<void> {
    for (let runs = 1; runs <= 60; runs++) {
      const code = await this.#start(n);
      this.#options.onLine?.(`machine ${n}: ${code === null ? "killed" : `exit ${code}`}`);
      if (code === 0) return;
    }
    this.faults.push(`machine ${n} does not come to an end`);
  }

  /** One machine more, after all others. */
  async another(): Promise<void> {
    if ((await this.#start(100)) !== 0)
      this.faults.push("another machine afterwards does not come to an end");
  }

  /** Kills and stops machines at random, and restarts the database. */
  async disturb(restart: (mode: "fast" | "immediate") => Promise<void>): Promise<void> {
    const { kills, stops, restarts, every = 1.25 } = this.#options;
    const acts = [
      ...Array.from({ length: kills }, () => () => this.#kill()),
      ...Array.from({ length: stops }, () => () => this.#stop()),
      ...Array.from({ length: restarts }, (_, i) => () => restart(i % 2 ? "fast" : "immediate")),
    ].sort(() => Math.random() - 0.5);
    for (const act of acts) {
      await sleep(every * 1000 * (0.4 + Math.random() * 1.2));
      await act();
    }
  }

  end(): void {
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }

  async #kill(): Promise<void> {
    (await this.#any())?.kill("SIGKILL");
  }

  /** Longer than a lease: another machine takes its entries over. */
  async #stop(): Promise<void> {
    const child = await this.#any();
    if (!child?.kill("SIGSTOP")) return;
    this.stopped++;
    this.#frozen.add(child);
    setTimeout(() => {
      this.#frozen.delete(child);
      child.kill("SIGCONT");
    }, stopInMilliseconds);
  }

  /** A machine that runs, or undefined if there is none for ten seconds. */
  async #any(): Promise<ChildProcess | undefined> {
    for (let waits = 0; waits < 100; waits++) {
      const running = [...this.#children.values()].filter(
        (child) => child.exitCode === null && child.signalCode === null && !this.#frozen.has(child),
      );
      if (running.length) return running[Math.floor(Math.random() * running.length)];
      await sleep(100);
    }
    return undefined;
  }

  #start(n: number): Promise<number | null> {
    const [command = "", ...args] = commandFor(n, [process.execPath, program, JSON.stringify(this.config)]);
    const child = spawn(command, args, {
      env: { ...process.env, ...clockOf(n), ATLASCLOUD_API_KEY: apiKey },
    });
    this.#children.set(n, child);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        output += data;
      });
    return new Promise((resolve) => {
      child.once("close", (code) => {
        this.#children.delete(n);
        if (code === null || code > 128) this.killed++;
        this.#count(output);
        resolve(code !== null && code > 128 ? null : code);
      });
    });
  }

  #count(output: string): void {
    for (const line of output.split("\n")) {
      if (!line.startsWith("{")) {
        if (line.trim() !== "") this.#options.onLine?.(line);
        continue;
      }
      const { note, code, message } = JSON.parse(line) as { note?: string; code?: string; message?: string };
      const said = note?.replace(/\d+/g, "N");
      if (said) this.notes[said] = (this.notes[said] ?? 0) + 1;
      if (code && code !== "refused") {
        this.errors[code] = (this.errors[code] ?? 0) + 1;
        if (this.errors[code] === 1) this.#options.onLine?.(`${code}: ${message}`);
      }
    }
  }
}

/** Each third machine's clock is ten minutes behind, each third ten minutes ahead. */
function clockOf(n: number): Record<string, string> {
  const minutes = (n % 3) * 10 - 10;
  if (!clockLibrary || minutes === 0) return {};
  return { LD_PRELOAD: clockLibrary, FAKETIME: `${minutes > 0 ? "+" : ""}${minutes}m` };
}

/** Its own host name, where that can be set. */
function commandFor(n: number, command: string[]): string[] {
  if (!existsSync(unshare) || process.getuid?.() !== 0) return command;
  return [unshare, "--uts", "--", "sh", "-c", 'hostname "$0" && exec "$@"', `machine-${n}`, ...command];
}

async function faultsOf(
  made: { pass: Set<string>; fail: Set<string> },
  state: Awaited<ReturnType<Awaited<ReturnType<typeof startService>>["state"]>>,
  ledger: ReturnType<typeof postgresLedger>,
): Promise<string[]> {
  const faults: string[] = [];
  const trashed = new Set(state.trashed);
  const live = state.assets.filter(({ id }) => !trashed.has(id));
  for (const hash of made.pass) {
    const times = live.filter(({ sha256 }) => sha256 === hash).length;
    if (times !== 1) faults.push(`${hash.slice(0, 8)} is registered ${times} times`);
  }
  for (const hash of made.fail)
    if (state.uploads.includes(hash)) faults.push(`${hash.slice(0, 8)} failed the check and was uploaded`);
  let entries = 0;
  for await (const entry of ledger.entries()) {
    entries++;
    const asset = live.find(({ id }) => `${id}` === entry.id);
    if (!asset || !("sha256" in entry) || asset.sha256 !== entry.sha256)
      faults.push(`the entry of asset ${entry.id} names another file's asset`);
    const claim = await ledger.claim(entry, null, { deadline: 0 }).catch(() => null);
    if (!claim) faults.push(`the entry of asset ${entry.id} is still claimed`);
    await claim?.release();
  }
  if (entries !== made.pass.size) faults.push(`${entries} entries, ${made.pass.size} files that pass`);
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const number = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const { values } = parseArgs({
    options: {
      machines: number("8"),
      files: number("500"),
      kills: number("12"),
      stops: number("3"),
      restarts: number("2"),
      faults: number("0.15"),
      every: number("1.25"),
      seed: number("1"),
      pooler: { type: "boolean", default: false },
    },
  });
  const { pooler, ...texts } = values;
  if (pooler && pgbouncer === null) throw new Error("pgbouncer is not installed");
  const numbers = Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, Number(value)]));
  const result = await runMachines({
    ...(numbers as unknown as MachinesOptions),
    ...(pooler && pgbouncer && { through: (url: string) => startPooler(pgbouncer as string, url) }),
    onLine: (line) => console.log(line),
  });
  console.log(result);
  console.log(result.faults.length ? result.faults.join("\n") : "nothing lost, nothing registered twice");
  process.exitCode = result.faults.length ? 1 : 0;
}
