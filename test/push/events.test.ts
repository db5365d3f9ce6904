import { describe, expect, it } from "vitest";
import { MediaPreflightError } from "../../src/errors.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { failure, serviceInMemory } from "../submit/client-in-memory.ts";
import { asked, files, nothing, type One, pushInMemory, sound, told } from "./push-in-memory.ts";

/* What is told of each file of a run, and how the run ends. */

const { run } = pushInMemory();

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

describe("the time left", () => {
  it("is reckoned from what is done, under way and not begun", async () => {
    const size = sound(1).bytes.length;
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 0, total: size });
        await new Promise((resolve) => setTimeout(resolve, 1000));
        options?.onProgress?.({ phase: "upload", loaded: size, total: size });
        return usual.uploadMedia(file, options);
      },
    }));
    const { events, overalls } = await run(service, files(sound(1), sound(2), sound(3)), { inFlight: 1 });
    const second = events.findIndex(
      (event) => "phase" in event && event.phase === "upload" && event.file === "1.wav",
    );
    expect(overalls[second]).toEqual({
      files: { done: 1, total: 3 },
      bytes: size,
      bytesPerSecond: size,
      secondsLeft: 2,
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

describe("what was under way when it ended", () => {
  it("is counted as what became of it: only what was stopped is left", async () => {
    const fatal = new MediaPreflightError("unauthorized", "for all");
    const own = new MediaPreflightError("not-found", "no such file");
    const slow: One = {
      ...sound(3),
      file: {
        stamp: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return null;
        },
      },
    };
    const { summary } = await run(
      serviceInMemory(),
      files({ ...sound(1), thrown: fatal }, { ...sound(2), thrown: own }, slow),
      { inFlight: 3 },
    );
    expect(summary).toMatchObject({ files: 3, errors: 2, left: 1, stopped: true, fatal });
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
