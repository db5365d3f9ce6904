/**
 * `npm run fuzz -- --seconds N [--seed S] [--jobs J] [--at I]`: mutates the fixtures and reads them, for the
 * given time. Every input must give evidence, within the budget and 250 ms, and the same one for every kind of read.
 * Inputs that fail are written to the temporary folder. `--at I` repeats one iteration. Exit status 1: a failure.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Violation, WorkerOrder } from "./worker.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    jobs: { type: "string", default: "1" },
    at: { type: "string" },
  },
});
const seed = Number(values.seed);
const jobs = values.at === undefined ? Number(values.jobs) : 1;
const hangMilliseconds = 10_000;
const folder = join(tmpdir(), "media-preflight-fuzz");
const started = performance.now();
const seen = new Map<string, number>();

function report({ iteration, wrong, bytes }: Violation): void {
  // One line a kind of trouble: the same fault comes back with every other seed.
  const kind = (wrong.split(": ")[0] ?? wrong).replace(/-?\d[\d.e-]*/g, "N").slice(0, 160);
  const count = (seen.get(kind) ?? 0) + 1;
  seen.set(kind, count);
  if (count > 3) return;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${seed}-${iteration}.bin`);
  writeFileSync(path, bytes);
  console.log(`--seed ${seed} --at ${iteration}: ${wrong}\n  ${path}`);
}

const done = await Promise.all(
  Array.from({ length: jobs }, (_, job) => {
    const progress = new SharedArrayBuffer(8);
    const slots = new Int32Array(progress);
    const at = values.at === undefined ? null : Number(values.at);
    const workerData: WorkerOrder = {
      seed,
      first: at ?? job,
      step: jobs,
      until: Date.now() + Number(values.seconds) * 1000,
      most: at === null ? Number.POSITIVE_INFINITY : at + 1,
      progress,
    };
    return new Promise<number>((resolve) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData });
      let before = -1;
      const watch = setInterval(() => {
        const now = Atomics.load(slots, 0);
        if (now === before) {
          report({ iteration: Atomics.load(slots, 1), wrong: "hang", bytes: new Uint8Array(0) });
          void worker.terminate();
        }
        before = now;
      }, hangMilliseconds);
      worker.on("message", report);
      worker.on("error", (error) =>
        report({
          iteration: Atomics.load(slots, 1),
          wrong: `worker died: ${error}`,
          bytes: new Uint8Array(0),
        }),
      );
      worker.on("exit", () => {
        clearInterval(watch);
        resolve(Atomics.load(slots, 0));
      });
    });
  }),
);
const total = done.reduce((sum, n) => sum + n, 0);
const seconds = (performance.now() - started) / 1000;
const broken = [...seen.values()].reduce((sum, n) => sum + n, 0);
console.log(
  `${total} inputs in ${seconds.toFixed(1)} s (${Math.round(total / seconds)} a second), seed ${seed}, ${broken} broke a promise`,
);
process.exitCode = broken > 0 ? 1 : 0;
