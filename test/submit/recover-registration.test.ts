import { describe, expect, it } from "vitest";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { allEntries } from "../ledger/entries.ts";
import { asset, failure, serviceInMemory, timeInTests } from "./client-in-memory.ts";
import { after, failing, looks, neighbour, registrations, sending } from "./registering.ts";

/* A registration whose answer was lost: how it is looked for, what counts, and when it is sent again. */

const { now, pass, passing } = timeInTests();

const lost = (more: object = {}): Error => failure("network", { outcome: "unknown", ...more });

describe("an answer that was lost", () => {
  it("is told of, and so is what was found, with what else is like it", async () => {
    const notes: string[] = [];
    const service = failing(Object.assign(lost(), after));
    const sent = sending(service, memoryLedger(), { onNote: (note) => notes.push(note) });
    await pass(0);
    const [{ url = null } = {}] = service.registrations;
    service.assets.push(asset({ id: "200", url }), asset({ id: "201", url }));
    await passing(sent);
    expect(notes).toEqual([
      "the answer to its registration was lost: searching the service's list for it",
      "its registration had taken effect: asset 100; 2 more like it exist and can be trashed",
    ]);
  });

  it("is looked for twice, five seconds apart and fifteen after it was lost, and then sent again", async () => {
    const ledger = memoryLedger();
    const times: number[] = [];
    const service = serviceInMemory((_, usual) => ({
      async registerAsset(given, options) {
        times.push(now());
        if (times.length === 1) {
          await new Promise((resolve) => setTimeout(resolve, 60_000));
          throw lost();
        }
        return usual.registerAsset(given, options);
      },
      listAssets: () => {
        times.push(now());
        return usual.listAssets();
      },
    }));
    service.assets.push(neighbour);
    const sent = sending(service, ledger);
    await pass(61_000);
    const [entry] = await allEntries(ledger);
    expect(entry).toMatchObject({ step: "registering", missedAt: expect.any(String) });
    expect(Date.now() - Date.parse(entry?.missedAt ?? "")).toBeLessThanOrEqual(1000);
    await passing(sent);
    // 50 milliseconds before each look, for others that look just then.
    expect(times).toEqual([0, 60_050, 75_100, 75_100]);
    expect((await allEntries(ledger))[0]).not.toHaveProperty("missedAt");
    expect(service.assets).toHaveLength(2);
  });

  it("is looked for as far apart as it is told to", async () => {
    const service = failing(lost());
    service.assets.push(neighbour);
    await passing(sending(service, memoryLedger(), { recovery: { apart: 40_000 } }));
    expect([now(), looks(service)]).toEqual([40_100, 2]);
    const begun = now();
    const empty = failing(lost());
    const ended = sending(empty, memoryLedger(), { recovery: { apart: 40_000 } });
    await expect(passing(ended)).rejects.toMatchObject({ code: "outcome-unknown" });
    expect([now() - begun, looks(empty)]).toEqual([40_100, 2]);
  });

  it("is told of in a word where it is the only one of its kind", async () => {
    const notes: string[] = [];
    const service = failing(Object.assign(lost(), after));
    await passing(sending(service, memoryLedger(), { onNote: (note) => notes.push(note) }));
    expect(notes[1]).toBe("its registration had taken effect: asset 100");
  });

  it("is no more looked for once the caller's signal fires in a look", async () => {
    const stop = new AbortController();
    const service = failing(lost());
    const stopping: AtlasClient["listAssets"] = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          stop.abort();
          return Promise.reject(failure("aborted"));
        },
      }),
    });
    Object.assign(service.client, { listAssets: stopping });
    await expect(passing(sending(service, memoryLedger(), { signal: stop.signal }))).rejects.toMatchObject({
      code: "aborted",
      name: "MediaPreflightError",
    });
  });

  it("ends with the caller's signal before the next look", async () => {
    const service = failing(lost());
    service.assets.push(neighbour);
    const stop = new AbortController();
    const sent = sending(service, memoryLedger(), { signal: stop.signal });
    await pass(1000);
    stop.abort();
    await expect(passing(sent)).rejects.toMatchObject({ code: "aborted" });
    expect([registrations(service), looks(service)]).toEqual([1, 1]);
  });

  it("is unknown where the list proves nothing, which is said with what to do", async () => {
    const ledger = memoryLedger();
    const cause = lost();
    const service = failing(cause);
    const ended = await passing(sending(service, ledger)).catch((error: unknown) => error);
    expect(ended).toMatchObject({
      code: "outcome-unknown",
      message:
        "it is not known whether it was registered: the answer was lost, and the service lists nothing at all",
      retryable: true,
      cause,
      report: { verdict: "pass" },
      hint: expect.stringMatching(
        /^run it again later; or look in the service's console for "rain-[0-9a-f]{32}" and, .*--again unknown .*again: \["unknown"\]/,
      ),
    });
    expect([registrations(service), looks(service), now()]).toEqual([1, 2, 15_100]);
    const [entry] = await allEntries(ledger);
    // A look that proves nothing is none of the two that it takes.
    expect([entry?.step, entry?.missedAt]).toEqual(["registering", undefined]);
  });

  it("is looked for up to six times where the list was not whole, and then unknown", async () => {
    const service = failing(lost());
    const short: AtlasClient["listAssets"] = async function* () {
      yield neighbour;
      return { missing: 1 };
    };
    Object.assign(service, { client: Object.assign(service.client, { listAssets: short }) });
    await expect(passing(sending(service, memoryLedger()))).rejects.toMatchObject({
      code: "outcome-unknown",
      message: expect.stringContaining("the service counts more assets than it lists"),
    });
    // The two that it takes, then one a second.
    expect([registrations(service), looks(service), now()]).toEqual([1, 7, 20_350]);
  });

  it("is unknown where the list cannot be had", async () => {
    const cause = failure("server");
    const service = failing(lost());
    const broken: AtlasClient["listAssets"] = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(cause) }),
    });
    Object.assign(service.client, { listAssets: broken });
    await expect(passing(sending(service, memoryLedger()))).rejects.toMatchObject({
      code: "outcome-unknown",
      message: expect.stringMatching(/could not fetch the asset list$/),
      cause,
    });
  });

  it("is what a stranger's page says where that answers the look, too", async () => {
    const page = failure("forbidden", { retryable: true });
    for (const [first, second, told] of [
      [page, page, page],
      [lost(), page, { code: "outcome-unknown" }],
      [page, failure("forbidden"), { code: "outcome-unknown" }],
      [page, failure("server", { retryable: true }), { code: "outcome-unknown" }],
    ] as const) {
      const service = failing(first);
      const broken: AtlasClient["listAssets"] = () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(second) }),
      });
      Object.assign(service.client, { listAssets: broken });
      await expect(passing(sending(service, memoryLedger()))).rejects.toMatchObject(told);
    }
  });

  it("that is found in the trash is said, with two ways out", async () => {
    const ledger = memoryLedger();
    const service = failing(Object.assign(lost(), after));
    const sent = sending(service, ledger);
    await pass(0);
    service.trash.push(...service.assets.splice(0));
    await expect(passing(sent)).rejects.toMatchObject({
      code: "asset-gone",
      message: "it was registered as asset 100, which is in the trash",
      hint: expect.stringMatching(/^restore it \(media-preflight assets restore 100\); or .*--again gone/),
      report: { verdict: "pass" },
      asset: { id: "100" },
    });
    expect((await allEntries(ledger))[0]).toMatchObject({ step: "registered", id: "100" });
  });

  it("is never taken for the asset that this entry had before", async () => {
    const ledger = memoryLedger();
    let sends = 0;
    const service = serviceInMemory((_, usual) => ({
      async registerAsset(given, options) {
        if (++sends === 2) throw lost();
        return usual.registerAsset(given, options);
      },
      // The same address each time: what is in the trash now looks like what is sent.
      uploadMedia: async () => ({
        url: "https://cdn.test/a",
        filename: null,
        size: null,
        type: null,
        raw: {},
      }),
    }));
    const first = await passing(sending(service, ledger));
    service.trash.push(...service.assets.splice(0), neighbour);
    const anew = await passing(sending(service, ledger, { again: ["gone"] }));
    expect([anew.id === first.id, sends]).toEqual([false, 3]);
    expect((await allEntries(ledger))[0]).toMatchObject({ id: anew.id, formerIds: [first.id] });
  });
});
