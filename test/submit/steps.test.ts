import { describe, expect, it, vi } from "vitest";
import type { Asset, Progress } from "../../src/atlas/types.ts";
import type { StepToRecord } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { failure, type ServiceInMemory, serviceInMemory, stepping } from "./client-in-memory.ts";
import { entryOf, sha256, submitInMemory, submitOf } from "./submit-in-memory.ts";

/* The steps of one file, over a client in memory: what is sent, under which name, what is reported and recorded. */

const { sending, passing } = submitInMemory();

describe("an upload", () => {
  it("has a file name that fits its bytes, its content type, and the caller's signal", async () => {
    const service = serviceInMemory();
    const { signal } = new AbortController();
    const hashing = vi.fn(async () => sha256);
    await sending(service, { signal }, { sha256: hashing });
    expect(hashing.mock.calls).toEqual([[signal], [signal]]);
    expect(service.uploads).toMatchObject([
      { options: { filename: "rain on tin.final.wav", contentType: "audio/wav", signal } },
    ]);
    expect(service.registrations).toMatchObject([
      { type: "Audio", name: `rain on tin.final-${sha256.slice(0, 32)}` },
    ]);
  });

  it.each([
    [null, "audio.wav"],
    ["", "audio.wav"],
    ["C:\\clips\\rain.MP3", "rain.wav"],
    [".wav", ".wav.wav"],
    ["rain", "rain.wav"],
  ])("of a file named %j is sent as %s", async (name, filename) => {
    const service = serviceInMemory();
    await sending(service, {}, { name });
    expect(service.uploads[0]?.options?.filename).toBe(filename);
  });

  it("is recorded under the last part of a path", async () => {
    for (const name of ["clips/b.wav", "clips\\b.wav", "b.wav"]) {
      const ledger = memoryLedger();
      await sending(serviceInMemory(), { ledger }, { name });
      expect((await entryOf(ledger))?.file).toBe("b.wav");
    }
    const ledger = memoryLedger();
    await sending(serviceInMemory(), { ledger }, { name: null });
    expect((await entryOf(ledger))?.file).toBeNull();
  });

  it("without a hash gets a different name each time", async () => {
    const service = serviceInMemory();
    const hashed = vi.fn(async () => sha256);
    for (let i = 0; i < 2; i++)
      await passing(
        submitOf({ sha256: hashed }, false)("a.wav", { atlas: service.client, crossCheck: "never" }),
      );
    const [first, second] = service.registrations.map(({ name }) => name);
    expect(first).toMatch(/^a-[0-9a-f]{32}$/);
    expect([first === second, hashed.mock.calls.length]).toEqual([false, 0]);
    await passing(
      submitOf({ sha256: hashed }, false)("a.wav", {
        atlas: service.client,
        crossCheck: "never",
        ledger: memoryLedger(),
      }),
    );
    expect(service.registrations[2]?.name).toBe(`a-${sha256.slice(0, 32)}`);
  });
});

describe("a submission", () => {
  it("claims its entry with the caller's signal, and reports a wait", async () => {
    const { ledger, claims } = stepping();
    const { signal } = new AbortController();
    const onNote = (): void => {};
    await sending(serviceInMemory(), { ledger, signal, onNote });
    expect(claims).toEqual([{ signal, onWait: onNote, lease: 60_000 }]);
  });

  it("passes the caller's signal to the service's lists and assets", async () => {
    const { signal } = new AbortController();
    const signals: unknown[] = [];
    const service = serviceInMemory((_, usual) => ({
      registerAsset: async (given, options) => {
        await usual.registerAsset(given, options);
        throw failure("network");
      },
      listAssets(filter) {
        signals.push(filter?.signal);
        return usual.listAssets();
      },
      waitUntilActive: () => Promise.reject(failure("asset-failed")),
      getAsset(id, options) {
        signals.push(options?.signal);
        return usual.getAsset(id, options);
      },
    }));
    service.fresh = { status: "processing" };
    await sending(service, { signal }).catch(() => {});
    expect(signals).toEqual([signal, signal]);
  });
});

describe("the ledger", () => {
  const taken = (steps: StepToRecord[]): string[] => steps.splice(0).map(({ step }) => step);

  it("gets each step once, and nothing if the asset is reused", async () => {
    const { ledger, steps } = stepping();
    const service = serviceInMemory();
    service.fresh = { status: "processing" };
    await sending(service, { ledger, wait: false });
    expect(taken(steps)).toEqual(["checked", "uploaded", "registering", "registered"]);
    expect(await sending(service, { ledger, wait: false })).toMatchObject({
      reused: true,
      status: "processing",
    });
    expect(taken(steps)).toEqual([]);
    expect(await sending(service, { ledger })).toMatchObject({ reused: true, status: "active" });
    expect(taken(steps)).toEqual(["active"]);
    expect(service.registrations).toHaveLength(1);
  });

  it("gets a failure once, and a new attempt once", async () => {
    const { ledger, steps } = stepping();
    const service = serviceInMemory();
    service.fresh = { status: "failed" };
    for (let i = 0; i < 2; i++) await sending(service, { ledger }).catch(() => {});
    expect(taken(steps)).toEqual(["checked", "uploaded", "registering", "registered", "failed"]);
    service.fresh = {};
    await sending(service, { ledger, again: ["failed"] });
    expect(taken(steps)).toEqual(["checked", "uploaded", "registering", "registered", "active"]);
  });

  it("gets step checked again for an unfinished entry, which makes it this claim's own", async () => {
    const { ledger, steps } = stepping();
    const refusing = serviceInMemory(() => ({ uploadMedia: () => Promise.reject(failure("too-large")) }));
    await sending(refusing, { ledger }).catch(() => {});
    expect(taken(steps)).toEqual(["checked"]);
    await sending(serviceInMemory(), { ledger });
    expect(taken(steps)).toEqual(["checked", "uploaded", "registering", "registered", "active"]);
  });

  it("gets the rule table, its version and when the file was checked", async () => {
    const ledger = memoryLedger();
    await sending(serviceInMemory(), { ledger });
    expect(await entryOf(ledger)).toMatchObject({
      step: "active",
      rules: "atlas-seedance-2.0",
      rulesVersion: "2026-11-22",
      checkedAt: expect.stringMatching(/^\d{4}-/),
    });
  });
});

describe("progress of one file", () => {
  it("reports each phase once, in order, with the report and the number of the attempt", async () => {
    const progress: unknown[] = [];
    const service = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 5, total: 5 });
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "processing" };
    await sending(service, {
      onProgress: ({ phase, loaded, total }: Progress) => progress.push([phase, loaded, total]),
      schedule: async (phase, act) => {
        progress.push(`schedule ${phase}`);
        return act();
      },
      onReport: ({ verdict }) => progress.push(verdict),
      onUploaded: () => progress.push("uploaded"),
      onRegistered: ({ id }) => progress.push(`registered ${id}`),
    });
    expect(progress).toEqual([
      "schedule check",
      ["check", 0, null],
      "pass",
      "schedule upload",
      ["upload", 5, 5],
      "uploaded",
      ["register", 0, 1],
      ["register", 1, 1],
      "registered 100",
      ["wait", 1, null],
    ]);
  });

  it("reports no upload for a second submission: the asset is in the ledger", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const first = await sending(service, { ledger });
    const onRegistered = vi.fn();
    const again = await sending(service, { ledger, onRegistered });
    expect(again).toMatchObject({ id: first.id, reused: true, report: { verdict: "pass" } });
    expect([service.uploads.length, onRegistered.mock.calls]).toEqual([1, []]);
  });
});

describe("two submissions of the same bytes at once", () => {
  it("upload them once, even if a third one stops waiting in between", async () => {
    const ledger = memoryLedger();
    const stop = new AbortController();
    const submissions: Promise<unknown>[] = [];
    const service: ServiceInMemory = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        if (submissions.length === 1) {
          const givingUp = sending(service, { ledger, signal: stop.signal });
          submissions.push(givingUp.catch(({ code }: { code: string }) => code));
          await new Promise((resolve) => setTimeout(resolve, 100));
          stop.abort();
          await new Promise((resolve) => setTimeout(resolve, 100));
          submissions.push(sending(service, { ledger }));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return usual.uploadMedia(file, options);
      },
    }));
    submissions.push(sending(service, { ledger }));
    await submissions[0];
    expect(await Promise.all(submissions)).toMatchObject([{ reused: false }, "aborted", { reused: true }]);
    expect([service.uploads.length, service.registrations.length]).toEqual([1, 1]);
  });

  it("wait for each other and upload them once", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const both = await Promise.all([sending(service, { ledger }), sending(service, { ledger })]);
    expect(both.map(({ reused }: Asset & { reused: boolean }) => reused).sort()).toEqual([false, true]);
    expect(service.registrations).toHaveLength(1);
  });
});
