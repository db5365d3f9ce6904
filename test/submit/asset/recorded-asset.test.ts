import { describe, expect, it } from "vitest";
import type { Asset, AtlasClient } from "../../../src/atlas/types.ts";
import { preflight } from "../../../src/index.ts";
import type { LedgerEntry } from "../../../src/ledger/entry.ts";
import type { LedgerClaim } from "../../../src/ledger/ledger.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { recordedAsset } from "../../../src/submit/asset/recorded-asset.ts";
import type { RetryChoice } from "../../../src/submit/options.ts";
import type { RegistrationContext } from "../../../src/submit/registration/registration-context.ts";
import { asset, failure, serviceInMemory } from "../client-in-memory.ts";
import { wav } from "../crash/wav.ts";

/* An asset that the ledger knows, as the service has it now. */

const report = await preflight(wav(2.5, 1));
const entry = {
  sha256: "0".repeat(64),
  type: "audio",
  origin: "https://console.test",
  account: "default",
  file: null,
  step: "active",
  at: "2026-11-22T10:00:00Z",
  id: "7",
} as LedgerEntry & { sha256: string };

const nameHash = entry.sha256;
const generated = `rain-${nameHash.slice(0, 32)}`;

interface Situation {
  trashed?: string[];
  again?: RetryChoice[];
  of?: LedgerEntry;
  trusted?: boolean;
  signal?: AbortSignal;
}

/** What registering takes, with this entry claimed. */
const claimed = (
  atlas: AtlasClient,
  { trashed = [], of = entry, trusted = true, signal }: Situation = {},
): RegistrationContext => ({
  atlas,
  claim: { key: of, entry: of, trusted } as unknown as LedgerClaim,
  ledger: memoryLedger(),
  assetList: {
    listAll: () => Promise.reject(new Error("not listed")),
    listTrashedIds: async () => new Set(trashed),
  },
  report,
  check: {},
  nameHash,
  late: [],
  options: { signal },
});

/** The result for the entry if the service has this asset; null: register it again. */
const now = async (there: Partial<Asset> | null, situation: Situation = {}): Promise<Asset | null> => {
  const service = serviceInMemory();
  if (there) service.assets.push(asset({ id: "7", ...there }));
  const recorded = await recordedAsset(claimed(service.client, situation), situation.again ?? []);
  return recorded.outcome === "use" ? recorded.asset : null;
};
const gone = (why: string): object => ({
  code: "asset-gone",
  message: `it was registered as asset 7, which ${why}`,
  id: "7",
  report,
  hint: expect.stringMatching(
    /^restore it \(media-preflight assets restore 7\); or push it with --again gone .*again: \["gone"\]/,
  ),
});

describe("a recorded asset", () => {
  it.each([
    ["Active", { status: "active" }],
    ["Processing", { status: "processing" }],
    ["Failed, for the caller to say so", { status: "failed" }],
    ["of a type that is not shown", { type: null }],
    [
      "with fields that say it is not in the trash",
      { raw: { deleted_at: null, deleted: false, trashed: 0, in_trash: "" } },
    ],
    ["with a status that only begins like one of the trash", { rawStatus: "Deletedish" }],
    ["with a status that only ends like one of the trash", { rawStatus: "NotDeleted" }],
  ] as [string, Partial<Asset>][])("is reused unchanged: %s", async (_, there) => {
    expect(await now(there)).toMatchObject({ id: "7", ...there });
  });

  it("that no longer exists is reported, or registered again if the user wants it", async () => {
    await expect(now(null)).rejects.toMatchObject({ ...gone("is gone"), asset: null });
    expect(await now(null, { again: ["gone"] })).toBeNull();
    await expect(now(null, { again: ["failed", "unknown"] })).rejects.toMatchObject(gone("is gone"));
  });

  it.each([
    ...["trash", "Trashed", "DELETED", "removed"].map((rawStatus) => ({ rawStatus })),
    ...["deleted_at", "trashed_at", "deleted", "is_deleted", "trashed", "in_trash"].map((field) => ({
      raw: { [field]: field.endsWith("_at") ? "2026-11-22" : true },
    })),
    { raw: { deleted: 1 } },
  ] as Partial<Asset>[])("marked as trashed by %j is not used", async (there) => {
    await expect(now(there)).rejects.toMatchObject({ ...gone("is in the trash"), asset: { id: "7" } });
    expect(await now(there, { again: ["gone"] })).toBeNull();
  });

  it("that is in the trash list is not used", async () => {
    await expect(now({}, { trashed: ["6", "7"] })).rejects.toMatchObject(gone("is in the trash"));
    expect(await now({}, { trashed: ["6"] })).toMatchObject({ id: "7" });
  });

  const mismatch = (why: string): object => ({
    code: "asset-mismatch",
    message: `the ledger says that it was registered as asset 7, but that asset ${why}`,
    id: "7",
    report,
    hint: expect.stringMatching(/--again gone .*again: \["gone"\]/),
  });

  it.each([true, false])(
    "of another type is not used, whether the ledger is trusted or not: %s",
    async (trusted) => {
      const there = { type: "Video", name: generated } as const;
      await expect(now(there, { trusted })).rejects.toMatchObject(mismatch("is Video, not Audio"));
      expect(await now(there, { trusted, again: ["gone"] })).toBeNull();
    },
  );

  it("of an untrusted ledger is used only if its name contains the content's hash", async () => {
    const trusted = false;
    expect(await now({ name: generated }, { trusted })).toMatchObject({ id: "7" });
    expect(await now({ name: `renamed file-${nameHash.slice(0, 32)}` }, { trusted })).toMatchObject({
      id: "7",
    });
    for (const name of ["sunset", `rain-${"f".repeat(32)}`, `rain-${nameHash.slice(0, 10)}`])
      await expect(now({ name }, { trusted })).rejects.toMatchObject(mismatch(`is named "${name}"`));
    await expect(now({}, { trusted })).rejects.toMatchObject(mismatch("has no name that proves it"));
    expect(await now({ name: "sunset" }, { trusted, again: ["gone"] })).toBeNull();
  });

  it("of a trusted ledger is used under the user's name, but not under one generated for other content", async () => {
    expect(await now({ name: "sunset" })).toMatchObject({ id: "7" });
    const other = `rain-${"f".repeat(32)}`;
    await expect(now({ name: other })).rejects.toMatchObject(mismatch(`is named "${other}"`));
    const of = { ...entry, assetName: other };
    expect(await now({ name: other }, { of })).toMatchObject({ id: "7" });
  });

  it("that Failed is registered again if the user wants it", async () => {
    expect(await now({ status: "failed" }, { again: ["failed"] })).toBeNull();
    expect(await now({ status: "failed" }, { again: ["gone"] })).toMatchObject({ status: "failed" });
    expect(await now({ status: "active" }, { again: ["failed"] })).toMatchObject({ status: "active" });
  });

  it.each([
    [{ errorCode: "FpsTooLow" }, "FpsTooLow", "FpsTooLow"],
    [{}, "no code", null],
  ])("that Failed without a recorded id cannot be fetched: %j", async (more, said, upstreamCode) => {
    const of = { ...entry, step: "failed", id: undefined, ...more } as LedgerEntry;
    await expect(now(null, { of })).rejects.toMatchObject({
      code: "asset-failed",
      message: `the service set it to Failed before: ${said}`,
      upstreamCode,
      report,
    });
    expect(await now(null, { of, again: ["failed"] })).toBeNull();
    await expect(now(null, { of, again: ["gone"] })).rejects.toMatchObject({ code: "asset-failed" });
  });

  it("that cannot be fetched rejects with the client's error", async () => {
    const broken = failure("server");
    const { client } = serviceInMemory(() => ({ getAsset: () => Promise.reject(broken) }));
    await expect(recordedAsset(claimed(client), ["gone"])).rejects.toBe(broken);
  });

  it("is fetched with the caller's signal", async () => {
    const { signal } = new AbortController();
    const calls: unknown[] = [];
    const { client } = serviceInMemory(() => ({
      async getAsset(id, options) {
        calls.push(id, options?.signal);
        return asset({ id });
      },
    }));
    await recordedAsset(claimed(client, { signal }), []);
    await recordedAsset(claimed(client), []);
    expect(calls).toEqual(["7", signal, "7", null]);
  });
});
