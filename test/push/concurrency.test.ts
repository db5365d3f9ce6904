import { describe, expect, it, vi } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { PushFile, PushOptions } from "../../src/push/options.ts";
import { serviceInMemory } from "../submit/client-in-memory.ts";
import { files, type One, push, pushInMemory, wavFile } from "./push-in-memory.ts";

/* How many files are processed at once, and files that are found while others are sent. */

const { run, pass } = pushInMemory();

describe("files at a time", () => {
  const never = (): Promise<never> => new Promise(() => {});
  /** Until so many have begun, however busy the machine is, and then for a while in which no more do. */
  const still = async (count: () => number, expected: number): Promise<void> => {
    for (let i = 0; i < 5000 && count() < expected; i++) await pass(1);
    for (let i = 0; i < 30; i++) await pass(10);
  };
  /** How many have begun that never end. */
  const begun = async (
    options: Partial<PushOptions>,
    stuck: "checks" | "uploads",
    expected: number,
  ): Promise<number> => {
    let count = 0;
    const stop = (): Promise<never> => {
      count++;
      return never();
    };
    const service = serviceInMemory((_, usual) => ({
      uploadMedia: stuck === "uploads" ? stop : usual.uploadMedia,
    }));
    const one = (mark: number): One => ({
      ...wavFile(mark),
      ...(stuck === "checks" && { file: { stamp: stop } }),
    });
    const all = files(...Array.from({ length: 40 }, (_, i) => one(i)));
    push(all, { atlas: service.client, crossCheck: "never", ...options }).catch(() => {});
    await still(() => count, expected);
    return count;
  };
  it.each([
    [{}, 4, 3],
    [{ checks: 2, uploads: 1 }, 2, 1],
    [{ inFlight: 2 }, 2, 2],
  ])(
    "are four checks and three uploads, or as many as the caller allows: %j",
    async (options, checks, uploads) => {
      expect(await begun(options, "checks", checks)).toBe(checks);
      expect(await begun(options, "uploads", uploads)).toBe(uploads);
    },
  );

  it("are 32 files in all", async () => {
    let begun = 0;
    const service = serviceInMemory(() => ({ waitUntilActive: () => new Promise(() => {}) }));
    service.fresh = { status: "processing" };
    const running = push(files(...Array.from({ length: 40 }, (_, i) => wavFile(i))), {
      atlas: service.client,
      crossCheck: "never",
      onEvent: ({ kind }) => {
        if (kind === "start") begun++;
      },
    });
    running.catch(() => {});
    await still(() => begun, 32);
    expect(begun).toBe(32);
  });
});

describe("files found while others are sent", () => {
  it("have no total until all are known", async () => {
    async function* walk(): AsyncGenerator<PushFile<One>> {
      for (const one of files(wavFile(1), wavFile(2))) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        yield one;
      }
    }
    const { overalls, summary } = await run(serviceInMemory(), walk(), { inFlight: 1 });
    const totals = overalls.map(({ files: { total } }) => total);
    expect([totals[0], totals.at(-1), summary.files, summary.active]).toEqual([null, null, 2, 2]);
    const later = await run(serviceInMemory(), walk(), { inFlight: 2 });
    // While the second is sent, it is known that there is no third one.
    expect(later.overalls.at(-1)?.files).toEqual({ done: 2, total: 2 });
  });

  it("are requested one at a time, and not after the last", async () => {
    let [asking, most, asks] = [0, 0, 0];
    const all = files(wavFile(1), wavFile(2), wavFile(3));
    const source: AsyncIterable<PushFile<One>> = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          most = Math.max(most, ++asking);
          asks++;
          await new Promise((resolve) => setTimeout(resolve, 10));
          asking--;
          const value = all.shift();
          return value ? { done: false, value } : { done: true, value: undefined };
        },
      }),
    };
    await run(serviceInMemory(), source, { inFlight: 3 });
    expect([most, asks <= 6]).toEqual([1, true]);
  });

  it("are no longer requested once the run is stopped", async () => {
    const stop = new AbortController();
    let ended = false;
    function* endless(): Generator<PushFile<One>> {
      try {
        for (let i = 0; ; i++) {
          if (i === 3) stop.abort();
          yield { input: wavFile(i), file: `${i}.wav` };
        }
      } finally {
        ended = true;
      }
    }
    const { summary } = await run(serviceInMemory(), endless(), { signal: stop.signal, inFlight: 1 });
    expect(summary).toMatchObject({
      files: 4,
      active: 3,
      left: 1,
      errors: 0,
      stopped: true,
      fatal: null,
      hint: expect.stringMatching(
        /^stopped: run the same command again to continue; completed steps are recorded/,
      ),
    });
    expect(ended).toBe(true);
  });

  it("whose iterator throws end the run after the ledger is flushed", async () => {
    const flush = vi.fn(async () => {});
    const ledger: Ledger = { ...memoryLedger(), flush };
    function* broken(): Generator<PushFile<One>> {
      yield { input: wavFile(1), file: "1.wav" };
      throw new Error("no such folder");
    }
    await expect(run(serviceInMemory(), broken(), { ledger })).rejects.toThrow("no such folder");
    expect(flush).toHaveBeenCalledTimes(1);
  });
});
