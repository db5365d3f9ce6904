import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/* Pushes in processes of their own, killed at random points. */

/** The API key of crash tests: it must never be in a ledger or in output. */
export const apiKey = "crash-test-key-3f9a";

export interface PushProcess {
  /** Exit code; null: it was killed. */
  code: number | null;
  /** stdout and stderr. */
  output: string;
  /** The JSON objects that it printed. */
  events: Record<string, unknown>[];
}

/**
 * Runs a program with its configuration as the only argument.
 * @param killAfter milliseconds from its first output to SIGKILL, so that a busy machine does not only kill processes
 * that are starting; null: it is not killed
 */
export async function pushProcess(
  program: URL,
  config: object,
  env: Readonly<Record<string, string>>,
  killAfter: number | null,
): Promise<PushProcess> {
  const child = spawn(process.execPath, [fileURLToPath(program), JSON.stringify(config)], {
    env: { ...process.env, ...env },
  });
  let output = "";
  const append = (data: unknown): void => {
    output += data;
  };
  child.stdout.on("data", append);
  child.stderr.on("data", append);
  let timer: ReturnType<typeof setTimeout> | undefined;
  child.stdout.once("data", () => {
    if (killAfter !== null) timer = setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  const lines = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return { code, output, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

export interface KilledPushes {
  kills: number;
  /** Most milliseconds until a kill. */
  life: number;
  /** Most runs besides the killed ones. */
  spareRuns: number;
  /** Whether pushes that have nothing left to do are killed, too, until there were so many kills. */
  allKills: boolean;
  push(killAfter: number | null): Promise<PushProcess>;
  /** After each run; `line` describes it. */
  afterRun(line: string): Promise<void>;
}

/** Pushes until nothing is left to do. @returns all output, and how often it was killed and run */
export async function pushUntilDone(options: KilledPushes): Promise<{
  output: string;
  killed: number;
  runs: number;
  last: PushProcess;
}> {
  const { life, spareRuns, allKills, push, afterRun } = options;
  let { kills } = options;
  let output = "";
  let killed = 0;
  for (let runs = 1; runs <= options.kills + spareRuns; runs++) {
    const last = await push(killed < kills ? Math.random() * life : null);
    output += last.output;
    if (last.code === null) killed++;
    await afterRun(`run ${runs}: ${last.code === null ? "killed" : `exit ${last.code}`}`);
    if (last.code !== 0) continue;
    if (killed >= kills) return { output, killed, runs, last };
    // It was done early: the next push, which is not killed, shows whether anything is left.
    if (!allKills) kills = killed;
  }
  throw new Error("it does not come to an end");
}
