import { describe, expect, it, vi } from "vitest";
import { MediaPreflightError } from "../../src/errors.ts";
import { preflight } from "../../src/index.ts";
import type { Entry } from "../../src/pipeline/ledger/entry.ts";
import type { Ledger } from "../../src/pipeline/ledger/ledger.ts";
import { memoryLedger } from "../../src/pipeline/ledger/memory.ts";
import {
  createPush,
  type PushEvent,
  type PushFile,
  type PushOptions,
  type PushSummary,
} from "../../src/pipeline/push.ts";
import type { Overall } from "../../src/pipeline/push-progress.ts";
import type { SubmitFile } from "../../src/pipeline/submit-options.ts";
import { failure, type ServiceInMemory, serviceInMemory, timeInTests } from "./client-in-memory.ts";
import { wav } from "./crash/wav.ts";

/* A run over many files: what is told of each, how many are at work at once, and how it ends. */

const { pass, passing } = timeInTests();

interface One {
  bytes: Uint8Array<ArrayBuffer>;
  file?: Partial<SubmitFile>;
  /** Thrown in place of a report. */
  thrown?: unknown;
}
const sound = (mark: number, seconds = 2.5): One => ({ bytes: new Uint8Array(wav(seconds, mark)) });
const asked: object[] = [];
const push = createPush<One>({
  async preflight({ bytes, thrown }, options) {
    asked.push(options);
    if (thrown) throw thrown;
    return preflight(bytes, options);
  },
  open: ({ bytes, file }) => ({
    name: "sound.wav",
    payload: bytes,
    url: null,
    stamp: async () => null,
    sha256: async () => {
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      return Buffer.from(digest).toString("hex");
    },
    probe: async () => null,
    ...file,
  }),
  alwaysHash: true,
});
const files = (...inputs: One[]): PushFile<One>[] => inputs.map((input, i) => ({ input, file: `${i}.wav` }));

interface Run {
  summary: PushSummary;
  events: PushEvent[];
  overalls: Overall[];
}
async function run(
  service: ServiceInMemory,
  all: Iterable<PushFile<One>> | AsyncIterable<PushFile<One>>,
  options: Partial<PushOptions> = {},
): Promise<Run> {
  const events: PushEvent[] = [];
  const overalls: Overall[] = [];
  const summary = await passing(
    push(all, {
      atlas: service.client,
      witness: "never",
      onEvent(event, overall) {
        events.push(event);
        overalls.push(overall);
      },
      ...options,
    }),
  );
  return { summary, events, overalls };
}
const told = (events: PushEvent[]): string[] => events.map(({ kind, file }) => `${file} ${kind}`);
const nothing = {
  files: 0,
  passed: 0,
  refused: 0,
  reused: 0,
  uploaded: 0,
  registered: 0,
  active: 0,
  failed: 0,
  errors: 0,
  left: 0,
  planned: { reuse: 0, wait: 0, look: 0, register: 0, upload: 0, again: 0 },
  stopped: false,
  fatal: null,
  hint: null,
};

describe("what is told of a file", () => {
  it("is each step on its road, and at last that it is done", async () => {
    const service = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 4000, total: 10_044 });
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "processing" };
    const { summary, events, overalls } = await run(service, files(sound(1)));
    expect(events).toMatchObject([
      { kind: "start", file: "0.wav" },
      { kind: "progress", file: "0.wav", phase: "check", loaded: 0, total: null },
      { kind: "judged", file: "0.wav", report: { verdict: "pass", file: "0.wav" } },
      { kind: "progress", phase: "upload", loaded: 4000, total: 10_044 },
      { kind: "progress", phase: "register", loaded: 0 },
      { kind: "progress", phase: "register", loaded: 1 },
      { kind: "registered", file: "0.wav", asset: { id: "100" } },
      { kind: "progress", phase: "wait", loaded: 1 },
      { kind: "done", file: "0.wav", report: { verdict: "pass" }, asset: { id: "100" }, reused: false },
    ]);
    expect(overalls.map(({ bytes }) => bytes)).toEqual([0, 0, 0, 4000, 4000, 4000, 4000, 4000, 4000]);
    expect(overalls.map(({ files: { done, total } }) => `${done} ${total}`)).toEqual([
      ...Array(8).fill("0 1"),
      "1 1",
    ]);
    const last = events.at(-1);
    expect(last?.kind === "done" && last.asset).not.toHaveProperty("report");
    expect(summary).toEqual({
      ...nothing,
      files: 1,
      passed: 1,
      uploaded: 1,
      registered: 1,
      active: 1,
    });
  });

  it("is what was lost and found again, as a note", async () => {
    const service = serviceInMemory((_, usual) => ({
      async registerAsset(given, options) {
        await usual.registerAsset(given, options);
        throw failure("network");
      },
    }));
    const { events } = await run(service, files(sound(1)));
    expect(events.filter(({ kind }) => kind === "note")).toEqual([
      { kind: "note", file: "0.wav", message: expect.stringContaining("lost") },
      { kind: "note", file: "0.wav", message: expect.stringContaining("had taken effect") },
    ]);
  });

  it("need not be told to anybody", async () => {
    const { summary } = await run(serviceInMemory(), files(sound(1)), { onEvent: undefined });
    expect(summary.active).toBe(1);
  });

  it("is why it was refused, with the report", async () => {
    const { summary, events } = await run(serviceInMemory(), files(sound(1, 1)));
    expect(told(events)).toEqual(["0.wav start", "0.wav progress", "0.wav judged", "0.wav refused"]);
    expect(events.at(-1)).toMatchObject({ report: { verdict: "fail" }, error: { code: "refused" } });
    expect(summary).toEqual({ ...nothing, files: 1, refused: 1 });
  });

  it("counts a file that is done with as large as it is, sent or not", async () => {
    const ledger = memoryLedger();
    const uploading = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 7, total: null });
        return usual.uploadMedia(file, options);
      },
    }));
    const { overalls } = await run(uploading, files(sound(1, 1), sound(2), sound(2)), {
      ledger,
      inFlight: 1,
    });
    expect(overalls.at(-1)).toEqual({
      files: { done: 3, total: 3 },
      bytes: 7,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });
});

describe("errors of one file", () => {
  it.each([
    ["a coded one", new MediaPreflightError("not-found", "no such file"), { code: "not-found" }],
    [
      "a stranger's",
      new TypeError("gone"),
      { code: "unreadable", message: "it could not be handled", cause: { message: "gone" } },
    ],
    ["a platform's own abort", new DOMException("stop", "AbortError"), { code: "aborted" }],
  ])("are coded, and stop no other: %s", async (_, thrown, error) => {
    const { summary, events } = await run(serviceInMemory(), files({ ...sound(1), thrown }, sound(2)));
    expect(events.find(({ kind }) => kind === "error")).toMatchObject({ file: "0.wav", report: null, error });
    expect(summary).toMatchObject({
      files: 2,
      passed: 1,
      errors: 1,
      left: 0,
      stopped: false,
      fatal: null,
      hint: expect.stringMatching(
        /^run the same command again for those that ended in an error; what was done is in the ledger/,
      ),
    });
  });

  it("after the check count as passed; what the service judged Failed is counted apart", async () => {
    const service = serviceInMemory();
    service.fresh = { status: "failed" };
    const { summary, events } = await run(service, files(sound(1)));
    expect(summary).toEqual({ ...nothing, files: 1, passed: 1, uploaded: 1, registered: 1, failed: 1 });
    expect(events.at(-1)).toMatchObject({
      kind: "error",
      report: { verdict: "pass" },
      error: { code: "asset-failed" },
    });
  });
});

describe("errors of all files", () => {
  it.each([
    ["unauthorized", { hint: "set the key" }, "set the key"],
    ["no-key", {}, "correct this, then run the same command again"],
    ["bad-table", {}, "correct this, then run the same command again"],
    ["ledger-invalid", {}, "correct this, then run the same command again"],
    ["ledger-locked", {}, "correct this, then run the same command again"],
  ] as const)("end the run: %s", async (code, details, hint) => {
    const fatal = new MediaPreflightError(code, "for all", details);
    const second = new MediaPreflightError(code, "the second");
    const { summary } = await run(
      serviceInMemory(),
      files(
        { ...sound(1), thrown: fatal },
        { ...sound(2), thrown: second },
        ...[3, 4, 5, 6].map((n) => sound(n)),
      ),
      { inFlight: 1 },
    );
    expect(summary).toMatchObject({ files: 1, errors: 1, stopped: true, fatal, hint });
  });
});

describe("options of one file", () => {
  it("outrank those of the run", async () => {
    asked.length = 0;
    const rules = { id: "mine", title: "t", source: "s", checked: "2026-11", types: { audio: {} } };
    const shared = { type: "audio", rules: "atlas-seedance-2.5", limits: "observed", strict: true } as const;
    const one = sound(1);
    await run(serviceInMemory(), [{ input: one, file: "a.wav" }], shared);
    await run(
      serviceInMemory(),
      [{ input: one, file: "a.wav", type: "video", rules, limits: "documented", strict: false }],
      shared,
    );
    const service = serviceInMemory();
    await run(service, [{ input: one, file: "a.wav", name: "sunset" }]);
    expect(asked).toMatchObject([
      { name: "a.wav", ...shared },
      { name: "a.wav", type: "video", rules, limits: "documented", strict: false },
      { name: "a.wav" },
    ]);
    expect(service.registrations).toMatchObject([{ name: "sunset" }]);
  });
});

describe("how many are at work at once", () => {
  const most = async (options: Partial<PushOptions>): Promise<number[]> => {
    const at = { checks: 0, uploads: 0, files: 0 };
    const seen = { checks: 0, uploads: 0, files: 0 };
    const during = async <T>(what: keyof typeof at, act: () => T | Promise<T>): Promise<T> => {
      seen[what] = Math.max(seen[what], ++at[what]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      at[what]--;
      return act();
    };
    const service = serviceInMemory((_, usual) => ({
      uploadMedia: (file, how) => during("uploads", () => usual.uploadMedia(file, how)),
      registerAsset: (given, how) => during("files", () => usual.registerAsset(given, how)),
    }));
    const checking = (mark: number): One => ({
      ...sound(mark),
      file: { stamp: () => during("checks", () => null) },
    });
    await run(service, files(...Array.from({ length: 40 }, (_, i) => checking(i))), options);
    return [seen.checks, seen.uploads];
  };
  it("are four checks and three uploads, or as many as the caller says", async () => {
    // A stamp is taken after an upload, too.
    expect(await most({ inFlight: 40 })).toEqual([4 + 3, 3]);
    expect(await most({ checks: 2, uploads: 1 })).toEqual([2 + 1, 1]);
    expect(await most({ inFlight: 2 })).toEqual([2, 2]);
  });

  it("are 32 files in all", async () => {
    let begun = 0;
    const service = serviceInMemory(() => ({ waitUntilActive: () => new Promise(() => {}) }));
    service.fresh = { status: "processing" };
    const running = push(files(...Array.from({ length: 40 }, (_, i) => sound(i))), {
      atlas: service.client,
      witness: "never",
      onEvent: ({ kind }) => {
        if (kind === "start") begun++;
      },
    });
    running.catch(() => {});
    for (let i = 0; i < 30; i++) await pass(10);
    expect(begun).toBe(32);
  });
});

describe("files that are found while others are sent", () => {
  it("are not counted before all are known", async () => {
    async function* walk(): AsyncGenerator<PushFile<One>> {
      for (const one of files(sound(1), sound(2))) {
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

  it("are asked for one at a time, and no more once there are none", async () => {
    let [asking, most, asks] = [0, 0, 0];
    const all = files(sound(1), sound(2), sound(3));
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

  it("are no longer looked for once it is stopped", async () => {
    const stop = new AbortController();
    let ended = false;
    function* endless(): Generator<PushFile<One>> {
      try {
        for (let i = 0; ; i++) {
          if (i === 3) stop.abort();
          yield { input: sound(i), file: `${i}.wav` };
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
        /^stopped: run the same command again to go on; what was done is in the ledger/,
      ),
    });
    expect(ended).toBe(true);
  });

  it("that cannot be found end the run, after what was done is kept", async () => {
    const flush = vi.fn(async () => {});
    const ledger: Ledger = { ...memoryLedger(), flush };
    function* broken(): Generator<PushFile<One>> {
      yield { input: sound(1), file: "1.wav" };
      throw new Error("no such folder");
    }
    await expect(run(serviceInMemory(), broken(), { ledger })).rejects.toThrow("no such folder");
    expect(flush).toHaveBeenCalledTimes(1);
  });
});

describe("a dry run", () => {
  const address = { url: "https://x.test/a.wav", payload: null };
  const planned = async (
    more: Partial<Entry> | null,
    options: Partial<PushOptions> = {},
    file?: Partial<SubmitFile>,
  ): Promise<Run & { service: ServiceInMemory }> => {
    const ledger = memoryLedger();
    const one = { ...sound(1), ...(file && { file }) };
    if (more) {
      const service = serviceInMemory();
      await run(service, files(one), { ledger });
      const [entry] = await ledger.entries();
      const claim = await ledger.claim({ ...(entry as Entry) }, null);
      await claim.record({ ...(entry as Entry), ...more });
      await claim.release();
    }
    const service = serviceInMemory();
    return { service, ...(await run(service, files(one), { ledger, dryRun: true, ...options })) };
  };
  const at = new Date(0).toISOString();

  it.each([
    [null, "upload"],
    [{ step: "checked" }, "upload"],
    [{ step: "uploaded" }, "register"],
    [{ step: "registering", sentAt: at }, "look"],
    [{ step: "registered" }, "wait"],
    [{ step: "active" }, "reuse"],
  ] as const)("of an entry %j says: %s", async (entry, plan) => {
    const { summary, events, service } = await planned(entry);
    expect(events.at(-1)).toMatchObject({
      kind: "planned",
      file: "0.wav",
      plan,
      report: { verdict: "pass" },
    });
    expect(summary).toEqual({ ...nothing, files: 1, passed: 1, planned: { ...nothing.planned, [plan]: 1 } });
    expect(service.calls).toEqual([]);
  });

  it("counts each file as done with", async () => {
    const { overalls } = await planned(null);
    expect(overalls.at(-1)?.files).toEqual({ done: 1, total: 1 });
  });

  it("says of the same bytes once that they are sent", async () => {
    const { summary } = await run(serviceInMemory(), files(sound(1), sound(1), sound(2)), { dryRun: true });
    expect(summary.planned).toEqual({ ...nothing.planned, upload: 2, reuse: 1 });
  });

  it.each([
    ["FpsTooLow", "FpsTooLow"],
    [undefined, "no code"],
  ])("says of what Failed before why, or that it is tried again: %s", async (errorCode, said) => {
    const failed = { step: "failed", errorCode } as const;
    const { summary, events } = await planned(failed);
    expect(events.at(-1)).toMatchObject({
      kind: "error",
      error: {
        code: "asset-failed",
        message: `the service judged it Failed before: ${said}`,
        id: "100",
        upstreamCode: errorCode ?? null,
        report: { verdict: "pass" },
      },
    });
    expect(summary).toMatchObject({ failed: 1, errors: 0 });
    expect((await planned(failed, { again: ["gone"] })).summary.failed).toBe(1);
    expect((await planned(failed, { again: ["failed"] })).summary.planned.again).toBe(1);
  });

  it.each([
    ['"1"', "active", "reuse"],
    [null, "active", "upload"],
    [null, "registering", "look"],
  ] as const)("of an address with the ETag %s that is %s says: %s", async (etag, step, plan) => {
    const file = { ...address, probe: async () => ({ etag, bytes: 9 }) };
    const entry = { step, url: "https://x.test/a.wav", ...(step === "registering" && { sentAt: at }) };
    const { events } = await planned(entry, {}, file);
    expect(events.at(-1)).toMatchObject({ kind: "planned", plan });
  });

  it("of a file that changes meanwhile says so", async () => {
    let stamps = 0;
    const { summary, events } = await run(
      serviceInMemory(),
      files({ ...sound(1), file: { stamp: async () => String(stamps++) } }),
      { dryRun: true },
    );
    expect(events.at(-1)).toMatchObject({
      kind: "error",
      error: { code: "changed", message: "it changed while it was checked", retryable: true },
    });
    expect(summary.errors).toBe(1);
  });
});
