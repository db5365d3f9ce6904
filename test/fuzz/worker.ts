import { parentPort, workerData } from "node:worker_threads";
import { checkGrains, checkOnce } from "./check.ts";
import { readCorpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { randomFrom } from "./random.ts";

/** What the parent hands over. */
export interface WorkerOrder {
  seed: number;
  first: number;
  step: number;
  /** Date.now() at which to stop. */
  until: number;
  most: number;
  /** Slot 0: iterations done; slot 1: the iteration at work. Read by the parent, which alone can see a hang. */
  progress: SharedArrayBuffer;
}

export interface Violation {
  iteration: number;
  wrong: string;
  bytes: Uint8Array;
}

const order = workerData as WorkerOrder;
const progress = new Int32Array(order.progress);
const corpus = readCorpus().map((file) => file.bytes);

for (let i = order.first; i < order.most && Date.now() < order.until; i += order.step) {
  Atomics.store(progress, 1, i);
  const bytes = mutate(corpus, randomFrom(order.seed * 1_000_003 + i));
  let { evidence, wrong } = await checkOnce(bytes);
  if (evidence && !wrong && i % 16 < order.step) wrong = await checkGrains(bytes, evidence);
  if (wrong) parentPort?.postMessage({ iteration: i, wrong, bytes } satisfies Violation);
  Atomics.add(progress, 0, 1);
}
