import { describe, expect, it, vi } from "vitest";
import type { Asset } from "../../src/atlas/types.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { allEntries } from "../ledger/entries.ts";
import {
  failure,
  type ServiceInMemory,
  serviceInMemory,
  stepping,
  timeInTests,
  withMethods,
} from "./client-in-memory.ts";
import { listings, registrations, sending } from "./registration/registering.ts";

/* The caller's signal, whenever it fires while a file is sent and registered. */

const { now, pass, passing } = timeInTests();

describe("the caller's signal", () => {
  it("fired during the upload prevents the registration", async () => {
    const stop = new AbortController();
    const service = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        stop.abort();
        return usual.uploadMedia(file, options);
      },
    }));
    await expect(passing(sending(service, memoryLedger(), { signal: stop.signal }))).rejects.toMatchObject({
      code: "aborted",
    });
    expect(registrations(service)).toBe(0);
  });

  it("fired while the intent is recorded prevents the request, so that no search is needed", async () => {
    const stop = new AbortController();
    const { ledger } = stepping();
    const stopping: Ledger = {
      ...ledger,
      async claim(...given) {
        const claim = await ledger.claim(...given);
        return withMethods(claim, {
          async record(step) {
            await claim.record(step);
            if (step.step === "registering") stop.abort();
          },
        });
      },
    };
    const service = slow(60_000);
    const sent = passing(sending(service, stopping, { signal: stop.signal }));
    await expect(sent).rejects.toMatchObject({ code: "aborted" });
    expect([registrations(service), now(), (await allEntries(ledger))[0]]).toMatchObject([
      0,
      0,
      { step: "uploaded" },
    ]);
    await passing(sending(service, ledger));
    expect([service.uploads.length, registrations(service), listings(service)]).toEqual([1, 1, 0]);
  });

  it("fired during the registration ends it without a search, and leaves no timer", async () => {
    const stop = new AbortController();
    const notes: string[] = [];
    const service = slow(60_000);
    const sent = sending(service, memoryLedger(), {
      signal: stop.signal,
      onNote: (note) => notes.push(note),
    });
    await pass(10);
    stop.abort();
    await expect(passing(sent)).rejects.toMatchObject({ code: "aborted" });
    expect([notes, listings(service), vi.getTimerCount()]).toEqual([[], 0, 0]);
  });

  it("fired later, or after the response arrived in time, leaves no timer either", async () => {
    const late = new AbortController();
    await passing(sending(slow(10), memoryLedger(), { signal: late.signal }));
    late.abort();
    expect(vi.getTimerCount()).toBe(0);
    const stop = new AbortController();
    const sent = sending(slow(1000), memoryLedger(), { signal: stop.signal });
    await pass(10);
    stop.abort();
    await pass(1000);
    await sent.catch(() => {});
    expect(vi.getTimerCount()).toBe(0);
  });

  /** A service that answers a registration only after so many milliseconds, unless its signal fires before. */
  const slow = (milliseconds: number): ServiceInMemory =>
    serviceInMemory((_, usual) => ({
      registerAsset: (given, options) =>
        new Promise<Asset>((resolve, reject) => {
          const signal = options?.signal;
          const timer = setTimeout(() => resolve(usual.registerAsset(given, options)), milliseconds);
          signal?.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(failure("aborted", { outcome: "unknown" }));
          });
        }),
    }));

  it("allows a pending registration five seconds for its response, which is recorded", async () => {
    for (const [takes, step] of [
      [5400, "active"],
      [5600, "registering"],
    ] as const) {
      const ledger = memoryLedger();
      const stop = new AbortController();
      const sent = sending(slow(takes), ledger, { signal: stop.signal });
      await pass(500);
      expect((await allEntries(ledger))[0]?.step).toBe("registering");
      stop.abort();
      await pass(4950);
      await pass(100);
      await passing(sent).catch(() => {});
      expect([takes, (await allEntries(ledger))[0]?.step]).toEqual([takes, step]);
    }
  });

  it("that never fires, or is missing, has no effect", async () => {
    for (const signal of [undefined, new AbortController().signal])
      expect(await passing(sending(slow(60_000), memoryLedger(), { signal }))).toMatchObject({
        status: "active",
      });
  });
});
