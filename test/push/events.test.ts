import { describe, expect, it, vi } from "vitest";
import { MediaPreflightError } from "../../src/errors.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { failure, serviceInMemory } from "../submit/client-in-memory.ts";
import {
  eventLines,
  files,
  nothing,
  type One,
  preflightOptions,
  pushInMemory,
  wavFile,
} from "./push-in-memory.ts";

/* The events of each file of a run, and how the run ends. */

const { run } = pushInMemory();

describe("the events of a file", () => {
  it("are each step from start to done", async () => {
    const service = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 4000, total: 10_044 });
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "processing" };
    const { summary, events, overalls } = await run(service, files(wavFile(1)));
    expect(events).toMatchObject([
      { kind: "start", file: "0.wav" },
      { kind: "progress", file: "0.wav", phase: "check", loaded: 0, total: null },
      { kind: "checked", file: "0.wav", report: { verdict: "pass", file: "0.wav" } },
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

  it("include notes about a lost registration that was found", async () => {
    const service = serviceInMemory((_, usual) => ({
      async registerAsset(given, options) {
        await usual.registerAsset(given, options);
        throw failure("network");
      },
    }));
    const { events } = await run(service, files(wavFile(1)));
    expect(events.filter(({ kind }) => kind === "note")).toEqual([
      { kind: "note", file: "0.wav", message: expect.stringContaining("lost") },
      { kind: "note", file: "0.wav", message: expect.stringContaining("had taken effect") },
    ]);
  });

  it("are optional", async () => {
    const { summary } = await run(serviceInMemory(), files(wavFile(1)), { onEvent: undefined });
    expect(summary.active).toBe(1);
  });

  it("end with the refusal and its report", async () => {
    const { summary, events } = await run(serviceInMemory(), files(wavFile(1, 1)));
    expect(eventLines(events)).toEqual(["0.wav start", "0.wav progress", "0.wav checked", "0.wav refused"]);
    expect(events.at(-1)).toMatchObject({ report: { verdict: "fail" }, error: { code: "refused" } });
    expect(summary).toEqual({ ...nothing, files: 1, refused: 1 });
  });

  it("count bytes that were sent, not files that were skipped", async () => {
    const ledger = memoryLedger();
    const uploading = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 7, total: null });
        return usual.uploadMedia(file, options);
      },
    }));
    const { overalls } = await run(uploading, files(wavFile(1, 1), wavFile(2), wavFile(2)), {
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
  it("is estimated from finished, current and remaining files", async () => {
    const size = wavFile(1).bytes.length;
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 0, total: size });
        await new Promise((resolve) => setTimeout(resolve, 1000));
        options?.onProgress?.({ phase: "upload", loaded: size, total: size });
        return usual.uploadMedia(file, options);
      },
    }));
    const { events, overalls } = await run(service, files(wavFile(1), wavFile(2), wavFile(3)), {
      inFlight: 1,
    });
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
      "an error without a code",
      new TypeError("gone"),
      { code: "unreadable", message: "the file could not be processed", cause: { message: "gone" } },
    ],
    ["a platform's own abort", new DOMException("stop", "AbortError"), { code: "aborted" }],
  ])("are coded, and do not stop other files: %s", async (_, thrown, error) => {
    const { summary, events } = await run(serviceInMemory(), files({ ...wavFile(1), thrown }, wavFile(2)));
    expect(events.find(({ kind }) => kind === "error")).toMatchObject({ file: "0.wav", report: null, error });
    expect(summary).toMatchObject({
      files: 2,
      passed: 1,
      errors: 1,
      left: 0,
      stopped: false,
      fatal: null,
      hint: expect.stringMatching(
        /^correct what the errors say, then run the same command again for the files that failed; completed steps are recorded/,
      ),
    });
  });

  it("after the check count the file as passed; Failed assets are counted separately", async () => {
    const service = serviceInMemory();
    service.fresh = { status: "failed" };
    const { summary, events } = await run(service, files(wavFile(1)));
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
    ["no-key", {}, "fix this, then run the same command again"],
    ["bad-table", {}, "fix this, then run the same command again"],
    ["ledger-invalid", {}, "fix this, then run the same command again"],
    ["ledger-locked", {}, "fix this, then run the same command again"],
    ["payment-required", { hint: "top up" }, "top up"],
    ["forbidden", {}, "fix this, then run the same command again"],
  ] as const)("end the run: %s", async (code, details, hint) => {
    const fatal = new MediaPreflightError(code, "for all", details);
    const second = new MediaPreflightError(code, "the second");
    const { summary } = await run(
      serviceInMemory(),
      files(
        { ...wavFile(1), thrown: fatal },
        { ...wavFile(2), thrown: second },
        ...[3, 4, 5, 6].map((n) => wavFile(n)),
      ),
      { inFlight: 1 },
    );
    expect(summary).toMatchObject({ files: 1, errors: 1, stopped: true, fatal, hint });
  });
});

describe("maxErrors", () => {
  const broken = (mark: number): One => ({
    ...wavFile(mark),
    thrown: new MediaPreflightError("unreadable", "x"),
  });

  it("ends the run after maxErrors errors; refused files are not counted", async () => {
    const all = files(broken(1), wavFile(2, 1), wavFile(3), broken(4), ...[5, 6, 7].map((n) => wavFile(n)));
    const { summary } = await run(serviceInMemory(), all, { inFlight: 1, maxErrors: 2 });
    expect(summary).toMatchObject({ files: 4, errors: 2, refused: 1, active: 1, stopped: true, fatal: null });
    expect(summary.hint).toMatch(/^stopped after 2 errors: run the same command again/);
  });

  it("counts assets that the service set to Failed", async () => {
    const service = serviceInMemory();
    service.fresh = { status: "failed" };
    const { summary } = await run(service, files(wavFile(1), wavFile(2)), { inFlight: 1, maxErrors: 1 });
    expect(summary).toMatchObject({ files: 1, failed: 1, stopped: true });
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot be %s", async (maxErrors) => {
    await expect(run(serviceInMemory(), files(), { maxErrors })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a callback that throws or rejects", () => {
  it.each<[string, () => void]>([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => void Promise.reject(new Error("broken")).catch(() => {})],
    ["returns a rejected promise", (() => Promise.reject(new Error("broken"))) as () => void],
  ])("%s: no file is affected", async (_, onEvent) => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { summary } = await run(serviceInMemory(), files(wavFile(1), wavFile(2)), { onEvent });
    warn.mockRestore();
    expect(summary).toMatchObject({ files: 2, active: 2, errors: 0 });
  });
});

describe("files under way when the run ended", () => {
  it("are counted by their own result: only those that were stopped are left", async () => {
    const fatal = new MediaPreflightError("unauthorized", "for all");
    const own = new MediaPreflightError("not-found", "no such file");
    const slow: One = {
      ...wavFile(3),
      file: {
        stamp: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return null;
        },
      },
    };
    const { summary } = await run(
      serviceInMemory(),
      files({ ...wavFile(1), thrown: fatal }, { ...wavFile(2), thrown: own }, slow),
      { inFlight: 3 },
    );
    expect(summary).toMatchObject({ files: 3, errors: 2, left: 1, stopped: true, fatal });
  });
});

describe("options of one file", () => {
  it("override those of the run", async () => {
    preflightOptions.length = 0;
    const rules = { id: "mine", title: "t", source: "s", checked: "2026-11", types: { audio: {} } };
    const shared = { type: "audio", rules: "atlas-seedance-2.5", limits: "observed", strict: true } as const;
    const one = wavFile(1);
    await run(serviceInMemory(), [{ input: one, file: "a.wav" }], shared);
    await run(
      serviceInMemory(),
      [{ input: one, file: "a.wav", type: "video", rules, limits: "documented", strict: false }],
      shared,
    );
    const service = serviceInMemory();
    await run(service, [{ input: one, file: "a.wav", assetName: "sunset" }]);
    expect(preflightOptions).toMatchObject([
      { name: "a.wav", ...shared },
      { name: "a.wav", type: "video", rules, limits: "documented", strict: false },
      { name: "a.wav" },
    ]);
    expect(service.registrations).toMatchObject([{ name: "sunset" }]);
  });
});
