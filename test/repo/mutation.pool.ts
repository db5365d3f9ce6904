import { Worker } from "node:worker_threads";
import type { PoolRunnerInitializer, PoolWorker } from "vitest/node";

/*
 * One thread for all mutants: starting Vitest in a new one for each costs several times what the tests themselves do.
 * The thread forgets every module of the project before each mutant (mutation.worker.ts), so that no
 * mutant is affected by a cache that an earlier one filled.
 */

let thread: Worker | null = null;

class ReusedThread implements PoolWorker {
  readonly name = "reused-thread";
  readonly #mine: [string, (...args: unknown[]) => void][] = [];
  readonly #env: Partial<NodeJS.ProcessEnv>;

  constructor(env: Partial<NodeJS.ProcessEnv>) {
    this.#env = env;
  }
  async start(): Promise<void> {
    thread ??= new Worker(new URL("./mutation.worker.ts", import.meta.url), { env: this.#env });
    thread.ref();
  }
  async stop(): Promise<void> {
    for (const [event, callback] of this.#mine) thread?.off(event, callback);
    thread?.unref();
  }
  on(event: string, callback: (...args: unknown[]) => void): void {
    this.#mine.push([event, callback]);
    thread?.on(event, callback);
  }
  off(event: string, callback: (...args: unknown[]) => void): void {
    thread?.off(event, callback);
  }
  send(message: unknown): void {
    thread?.postMessage(message);
  }
  deserialize(data: unknown): unknown {
    return data;
  }
}

/** Runs test files in one thread that continues after the run. */
export const reusedThread: PoolRunnerInitializer = {
  name: "reused-thread",
  createPoolWorker: ({ env }) => new ReusedThread(env),
};
