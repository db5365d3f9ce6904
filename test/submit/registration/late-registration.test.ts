import { describe, expect, it, vi } from "vitest";
import type { Asset } from "../../../src/atlas/types.ts";
import type { LedgerEntry } from "../../../src/ledger/entry.ts";
import type { Ledger, StepToRecord } from "../../../src/ledger/ledger.ts";
import { MemoryStore, memoryLedger } from "../../../src/ledger/memory.ts";
import { ledgerOver } from "../../../src/ledger/store-ledger.ts";
import type { Report } from "../../../src/report/report.ts";
import { createAssetList } from "../../../src/submit/registration/asset-list.ts";
import { resolveLateRegistrations } from "../../../src/submit/registration/late-registration.ts";
import type { LateRegistration } from "../../../src/submit/registration/registration-context.ts";
import { key, put } from "../../ledger/entries.ts";
import { asset, failure, type ServiceInMemory, serviceInMemory, timeInTests } from "../client-in-memory.ts";
import { otherAsset, registrations, sending } from "./registering.ts";

/* An owner whose lease was lost while its registration was in flight. */

const { passing } = timeInTests();
const url = "https://cdn.test/1/a.png";
const other = { step: "active", url: "https://cdn.test/2/a.png", id: "8" } as const;
const mine = asset({ id: "7", type: "Image", url });

/** A service with these assets that can move them to the trash. */
const serviceWith = (assets: Asset[], trashFails = false): ServiceInMemory => {
  const service = serviceInMemory((self) => ({
    async trashAsset(id) {
      if (trashFails) throw failure("server");
      self.trash.push(...self.assets.filter((one) => one.id === id));
      self.assets = self.assets.filter((one) => one.id !== id);
    },
  }));
  service.assets.push(...assets);
  return service;
};

/** Settles one late registration; the entry was left at this step by another owner. */
async function settle(
  service: ServiceInMemory,
  step: StepToRecord | null,
  late: Partial<LateRegistration>,
): Promise<{ adopted: Asset | null; entry: LedgerEntry | null; notes: string[] }> {
  const ledger = memoryLedger();
  if (step) await put(ledger, 1, step);
  const claim = await ledger.claim(key(1), "a.png");
  if (!step) await claim.record({ step: "checked" });
  const notes: string[] = [];
  const adopted = await passing(
    resolveLateRegistrations({
      ...{ atlas: service.client, claim, ledger, report: {} as Report, check: {}, nameHash: "0".repeat(64) },
      assetList: createAssetList(service.client, null),
      late: [{ url, isOwnUpload: true, asset: null, ...late }],
      options: {
        onNote: (note) => notes.push(note),
        recovery: { afterRequest: 1000, betweenSearches: 1000 },
      },
    }),
  );
  return { adopted, entry: claim.entry, notes };
}

describe("resolveLateRegistrations, with the answer to the registration", () => {
  it("adopts the asset if the entry has none", async () => {
    const service = serviceWith([mine]);
    const { adopted, entry, notes } = await settle(service, null, { asset: mine });
    expect(adopted).toBe(mine);
    expect(entry).toMatchObject({ step: "registered", id: "7" });
    expect([service.trash, notes]).toEqual([[], []]);
  });

  it("moves the asset to the trash if the entry has another one", async () => {
    const service = serviceWith([mine]);
    const { adopted, entry, notes } = await settle(service, other, { asset: mine });
    expect([adopted, entry?.id, service.trash]).toEqual([null, "8", [mine]]);
    expect(notes).toEqual([
      "another process registered it while this one was stopped: moved asset 7 to the trash",
    ]);
  });

  it("names the duplicate if it cannot be moved to the trash", async () => {
    const { adopted, notes } = await settle(serviceWith([mine], true), other, { asset: mine });
    expect(adopted).toBeNull();
    expect(notes).toEqual([
      "another process registered it while this one was stopped: trash asset 7, which is a duplicate (server)",
    ]);
  });

  it("changes nothing if the other owner found and recorded the same asset", async () => {
    const service = serviceWith([mine]);
    const { adopted, notes } = await settle(service, { ...other, id: "7" }, { asset: mine });
    expect([adopted, service.trash, notes, service.calls]).toEqual([null, [], [], []]);
  });

  it("leaves it to the search if the other owner's registration is unanswered as well", async () => {
    const service = serviceWith([mine]);
    const sent = { step: "registering", url: other.url, sentAt: new Date().toISOString() } as const;
    const { adopted, entry } = await settle(service, sent, { asset: mine });
    expect([adopted, entry?.step, service.trash]).toEqual([null, "registering", []]);
  });
});

describe("resolveLateRegistrations, without an answer", () => {
  it("finds the asset by its upload's own URL and moves it to the trash", async () => {
    const service = serviceWith([mine, asset({ id: "8", url: other.url })]);
    const { notes } = await settle(service, other, {});
    expect(service.trash).toEqual([mine]);
    expect(notes).toEqual([
      "another process registered it while this one was stopped: moved asset 7 to the trash",
    ]);
  });

  it("distinguishes its asset from the other owner's if both registered the same upload", async () => {
    const service = serviceWith([asset({ id: "8", url }), mine]);
    await settle(service, { ...other, url }, {});
    expect(service.trash).toEqual([mine]);
  });

  const mayExist = [
    "another process registered it while this one was stopped; if this one's registration took effect too, there is a second asset of the same name",
  ];

  it("reports a possible duplicate if no asset with that URL is listed", async () => {
    const service = serviceWith([asset({ id: "8", url: other.url })]);
    expect((await settle(service, other, {})).notes).toEqual(mayExist);
    expect(service.trash).toEqual([]);
  });

  it("never trashes an asset because of a URL that the user gave", async () => {
    const service = serviceWith([mine]);
    expect((await settle(service, other, { isOwnUpload: false })).notes).toEqual(mayExist);
    expect(service.trash).toEqual([]);
  });

  it("reports a possible duplicate if the asset list cannot be fetched", async () => {
    const service = serviceInMemory(() => ({
      listAssets() {
        throw failure("server");
      },
    }));
    expect((await settle(service, other, {})).notes).toEqual(mayExist);
  });

  it("leaves it to the search for lost registrations if the entry has no asset", async () => {
    const service = serviceWith([mine]);
    const { adopted, notes } = await settle(service, null, {});
    expect([adopted, notes, service.calls]).toEqual([null, [], []]);
  });
});

describe("a process that is frozen while its registration is in flight", () => {
  const recovery = { afterRequest: 1000, betweenSearches: 1000 };

  /**
   * Two processes submit the same bytes. The first is frozen for 75 s after it sent its registration, which takes effect
   * only after the second one has taken over.
   */
  async function frozen(freeze: () => void, answers: boolean) {
    const store = new MemoryStore({ renews: true });
    const [first, second]: [Ledger, Ledger] = [ledgerOver(store), ledgerOver(store)];
    const notes: string[] = [];
    let others: Promise<{ id: string }> | null = null;
    const service = serviceInMemory((self, usual) => ({
      async registerAsset(given, options) {
        if (others) return usual.registerAsset(given, options);
        freeze();
        others = sending(service, second, { recovery });
        await others;
        const made = await usual.registerAsset(given, options);
        if (!answers) throw failure("network");
        return made;
      },
      async trashAsset(id) {
        self.trash.push(...self.assets.filter((one) => one.id === id));
        self.assets = self.assets.filter((one) => one.id !== id);
      },
    }));
    service.assets.push(otherAsset);
    const own = await passing(
      sending(service, first, { recovery, onNote: (note) => notes.push(note.replace(/\d+/, "N")) }),
    );
    const kept = await (others as unknown as Promise<{ id: string }>);
    const live = service.assets.filter((one) => one !== otherAsset).map(({ id }) => id);
    return { service, own, live, kept: kept.id, notes };
  }

  const moved = "another process registered it while this one was stopped: moved asset N to the trash";

  it.each([
    ["both clocks move on", () => void vi.advanceTimersByTime(75_000)],
    [
      "only the wall clock moves on, as when a machine sleeps",
      () => void vi.setSystemTime(Date.now() + 75_000),
    ],
  ])("trashes its duplicate and uses the other process's asset: %s", async (_, freeze) => {
    const { service, own, live, kept, notes } = await frozen(freeze, true);
    expect(own.id).toBe(kept);
    expect(registrations(service)).toBe(2);
    expect([live, service.trash]).toEqual([[kept], [expect.anything()]]);
    expect(notes).toEqual([moved]);
  });

  it("finds and trashes its duplicate if the answer is lost as well", async () => {
    const { service, own, live, kept, notes } = await frozen(() => vi.advanceTimersByTime(75_000), false);
    expect(own.id).toBe(kept);
    expect([live, service.trash.length]).toEqual([[kept], 1]);
    expect(notes.at(-1)).toBe(moved);
  });
});
