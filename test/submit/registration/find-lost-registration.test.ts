import { describe, expect, it } from "vitest";
import type { AtlasClient } from "../../../src/atlas/types.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { allEntries } from "../../ledger/entries.ts";
import { asset, failure, serviceInMemory, timeInTests } from "../client-in-memory.ts";
import { after, failing, listings, otherAsset, registrations, sending } from "./registering.ts";

/* A registration whose answer was lost: how it is looked for, what counts, and when it is sent again. */

const { now, pass, passing } = timeInTests();

const lost = (more: object = {}): Error => failure("network", { outcome: "unknown", ...more });

describe("a registration without a response", () => {
  it("is reported, and so is the asset found, with similar ones", async () => {
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

  it("is searched for twice, five seconds apart and fifteen after the request, and then sent again", async () => {
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
    service.assets.push(otherAsset);
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

  it("is searched for at the interval of the options", async () => {
    const service = failing(lost());
    service.assets.push(otherAsset);
    await passing(sending(service, memoryLedger(), { recovery: { betweenSearches: 40_000 } }));
    expect([now(), listings(service)]).toEqual([40_100, 2]);
    const begun = now();
    const empty = failing(lost());
    const ended = sending(empty, memoryLedger(), { recovery: { betweenSearches: 40_000 } });
    await expect(passing(ended)).rejects.toMatchObject({ code: "outcome-unknown" });
    expect([now() - begun, listings(empty)]).toEqual([40_100, 2]);
  });

  it("that is the only match is reported by its id", async () => {
    const notes: string[] = [];
    const service = failing(Object.assign(lost(), after));
    await passing(sending(service, memoryLedger(), { onNote: (note) => notes.push(note) }));
    expect(notes[1]).toBe("its registration had taken effect: asset 100");
  });

  it("is not searched for any more if the caller aborts during a search", async () => {
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

  it("is not searched for if the caller aborts between searches", async () => {
    const service = failing(lost());
    service.assets.push(otherAsset);
    const stop = new AbortController();
    const sent = sending(service, memoryLedger(), { signal: stop.signal });
    await pass(1000);
    stop.abort();
    await expect(passing(sent)).rejects.toMatchObject({ code: "aborted" });
    expect([registrations(service), listings(service)]).toEqual([1, 1]);
  });

  it("is unknown if the list proves nothing, and the error has a hint", async () => {
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
    expect([registrations(service), listings(service), now()]).toEqual([1, 2, 15_100]);
    const [entry] = await allEntries(ledger);
    // A search that proves nothing does not count as one of the two required.
    expect([entry?.step, entry?.missedAt]).toEqual(["registering", undefined]);
  });

  it("is searched for up to six times if the list is incomplete, and then unknown", async () => {
    const service = failing(lost());
    const short: AtlasClient["listAssets"] = async function* () {
      yield otherAsset;
      return { missing: 1 };
    };
    Object.assign(service, { client: Object.assign(service.client, { listAssets: short }) });
    await expect(passing(sending(service, memoryLedger()))).rejects.toMatchObject({
      code: "outcome-unknown",
      message: expect.stringContaining("the service counts more assets than it lists"),
    });
    // The two that it takes, then one a second.
    expect([registrations(service), listings(service), now()]).toEqual([1, 7, 20_350]);
  });

  it("is unknown if the list cannot be fetched", async () => {
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

  it("fails with the error of the page if a page also replaces the list", async () => {
    const page = failure("forbidden", { retryable: true });
    for (const [first, second, failureReported] of [
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
      await expect(passing(sending(service, memoryLedger()))).rejects.toMatchObject(failureReported);
    }
  });

  it("that is found in the trash is reported, with two remedies", async () => {
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

  it("is never matched with the asset that this entry had before", async () => {
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
    service.trash.push(...service.assets.splice(0), otherAsset);
    const second = await passing(sending(service, ledger, { again: ["gone"] }));
    expect([second.id === first.id, sends]).toEqual([false, 3]);
    expect((await allEntries(ledger))[0]).toMatchObject({ id: second.id, formerIds: [first.id] });
  });
});
