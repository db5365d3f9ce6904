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
import { looks, registrations, sending } from "./registering.ts";

/* The caller's signal, whenever it fires while a file is sent and registered. */

const { now, pass, passing } = timeInTests();

describe("the caller's signal", () => {
  it("that fires while the file is sent keeps it from being registered", async () => {
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

  it("that fires while the intent is written keeps it from being sent, and nothing is to be looked for", async () => {
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
    expect([service.uploads.length, registrations(service), looks(service)]).toEqual([1, 1, 0]);
  });

  it("that fires while it is registered ends it without a look, and leaves nothing that would keep a process", async () => {
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
    expect([notes, looks(service), vi.getTimerCount()]).toEqual([[], 0, 0]);
  });

  it("that fires later, or after the answer came in time, leaves nothing either", async () => {
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

  it("leaves a registration that is under way five seconds to be answered, and its answer is kept", async () => {
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

  it("that never fires, or none, changes nothing", async () => {
    for (const signal of [undefined, new AbortController().signal])
      expect(await passing(sending(slow(60_000), memoryLedger(), { signal }))).toMatchObject({
        status: "active",
      });
  });
});
