import { describe, expect, it } from "vitest";
import { preflight } from "../../src/index.ts";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { PushOptions } from "../../src/push/options.ts";
import { createPush } from "../../src/push/push.ts";
import type { SubmitFile } from "../../src/submit/input/submit-file.ts";
import { allEntries } from "../ledger/entries.ts";
import { type ServiceInMemory, serviceInMemory } from "../submit/client-in-memory.ts";
import { files, nothing, type One, pushInMemory, type Run, wavFile } from "./push-in-memory.ts";

/* The plan of a dry run. */

const { run, passing } = pushInMemory();

describe("a dry run", () => {
  const address = { url: "https://x.test/a.wav", payload: null };
  const planned = async (
    more: Partial<LedgerEntry> | null,
    options: Partial<PushOptions> = {},
    file?: Partial<SubmitFile>,
  ): Promise<Run & { service: ServiceInMemory }> => {
    const ledger = memoryLedger();
    const one = { ...wavFile(1), ...(file && { file }) };
    if (more) {
      const service = serviceInMemory();
      await run(service, files(one), { ledger });
      const [entry] = await allEntries(ledger);
      const claim = await ledger.claim({ ...(entry as LedgerEntry) }, null);
      await claim.record({ ...(entry as LedgerEntry), ...more });
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
    expect(summary).toEqual({
      ...nothing,
      files: 1,
      passed: 1,
      estimate: expect.any(Object),
      planned: { ...nothing.planned, [plan]: 1 },
    });
    expect(service.calls).toEqual([]);
  });

  it("counts each file as finished", async () => {
    const { overalls } = await planned(null);
    expect(overalls.at(-1)?.files).toEqual({ done: 1, total: 1 });
  });

  it("plans the same bytes only once", async () => {
    const { summary } = await run(serviceInMemory(), files(wavFile(1), wavFile(1), wavFile(2)), {
      dryRun: true,
    });
    expect(summary.planned).toEqual({ ...nothing.planned, upload: 2, reuse: 1 });
  });

  it.each([
    ["FpsTooLow", "FpsTooLow"],
    [undefined, "no code"],
  ])("reports why a file Failed before, or plans it again: %s", async (errorCode, said) => {
    const failed = { step: "failed", errorCode } as const;
    const { summary, events } = await planned(failed);
    expect(events.at(-1)).toMatchObject({
      kind: "error",
      error: {
        code: "asset-failed",
        message: `the service set it to Failed before: ${said}`,
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

  it("hashes the bytes even if submit would not", async () => {
    const inPage = createPush<One>({
      preflight: ({ bytes }, options) => preflight(bytes, options),
      open: ({ bytes }) => ({
        name: null,
        payload: bytes,
        url: null,
        stamp: async () => null,
        sha256: async () => "0".repeat(64),
        probe: async () => null,
      }),
      rulesVersion: async () => "2026-11-22",
      alwaysHash: false,
    });
    const how = { atlas: serviceInMemory().client, crossCheck: "never", ledger: memoryLedger() } as const;
    await passing(inPage(files(wavFile(1)), how));
    const { planned: plans } = await passing(inPage(files(wavFile(1)), { ...how, dryRun: true }));
    expect(plans.reuse).toBe(1);
  });

  it("reports a file that changes during the run", async () => {
    let stamps = 0;
    const { summary, events } = await run(
      serviceInMemory(),
      files({ ...wavFile(1), file: { stamp: async () => String(stamps++) } }),
      { dryRun: true },
    );
    expect(events.at(-1)).toMatchObject({
      kind: "error",
      error: { code: "changed", message: "it changed while it was checked", retryable: true },
    });
    expect(summary.errors).toBe(1);
  });
});
