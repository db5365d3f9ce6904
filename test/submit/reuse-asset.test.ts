import { describe, expect, it } from "vitest";
import type { Asset } from "../../src/atlas/types.ts";
import { preflight } from "../../src/index.ts";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import type { RetryChoice } from "../../src/submit/options.ts";
import { recordedAsset } from "../../src/submit/reuse-asset.ts";
import { asset, failure, serviceInMemory } from "./client-in-memory.ts";
import { wav } from "./crash/wav.ts";

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
} as LedgerEntry;

/** What comes of the entry where the service has this. */
const now = async (
  there: Partial<Asset> | null,
  { trashed = [], again, of = entry }: { trashed?: string[]; again?: RetryChoice[]; of?: LedgerEntry } = {},
): Promise<Asset | null> => {
  const service = serviceInMemory();
  if (there) service.assets.push(asset({ id: "7", ...there }));
  const assetList = {
    look: () => Promise.reject(new Error("no look")),
    trash: async () => new Set(trashed),
  };
  return recordedAsset(of, report, assetList, { atlas: service.client, again, signal: null });
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
  ] as [string, Partial<Asset>][])("is used again as it is: %s", async (_, there) => {
    expect(await now(there)).toMatchObject({ id: "7", ...there });
  });

  it("that is gone is said, or registered anew where the user wants it", async () => {
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
  ] as Partial<Asset>[])("that is in the trash by %j is not used", async (there) => {
    await expect(now(there)).rejects.toMatchObject({ ...gone("is in the trash"), asset: { id: "7" } });
    expect(await now(there, { again: ["gone"] })).toBeNull();
  });

  it("that the trash lists is not used", async () => {
    await expect(now({}, { trashed: ["6", "7"] })).rejects.toMatchObject(gone("is in the trash"));
    expect(await now({}, { trashed: ["6"] })).toMatchObject({ id: "7" });
  });

  it("of another type is not used: a ledger may have come from anywhere", async () => {
    await expect(now({ type: "Video" })).rejects.toMatchObject(gone("is Video, not Audio"));
  });

  it("that Failed is tried once more where the user wants it", async () => {
    expect(await now({ status: "failed" }, { again: ["failed"] })).toBeNull();
    expect(await now({ status: "failed" }, { again: ["gone"] })).toMatchObject({ status: "failed" });
    expect(await now({ status: "active" }, { again: ["failed"] })).toMatchObject({ status: "active" });
  });

  it.each([
    [{ errorCode: "FpsTooLow" }, "FpsTooLow", "FpsTooLow"],
    [{}, "no code", null],
  ])("that Failed without a record cannot be looked up: %j", async (more, said, upstreamCode) => {
    const of = { ...entry, step: "failed", id: undefined, ...more } as LedgerEntry;
    await expect(now(null, { of })).rejects.toMatchObject({
      code: "asset-failed",
      message: `the service judged it Failed before: ${said}`,
      upstreamCode,
      report,
    });
    expect(await now(null, { of, again: ["failed"] })).toBeNull();
    await expect(now(null, { of, again: ["gone"] })).rejects.toMatchObject({ code: "asset-failed" });
  });

  it("that cannot be looked up is an error as it came", async () => {
    const broken = failure("server");
    const { client } = serviceInMemory(() => ({ getAsset: () => Promise.reject(broken) }));
    const assetList = { look: () => Promise.reject(broken), trash: async () => new Set<string>() };
    await expect(recordedAsset(entry, report, assetList, { atlas: client, again: ["gone"] })).rejects.toBe(
      broken,
    );
  });

  it("is looked up with the caller's signal", async () => {
    const { signal } = new AbortController();
    const asked: unknown[] = [];
    const { client } = serviceInMemory(() => ({
      async getAsset(id, options) {
        asked.push(id, options?.signal);
        return asset({ id });
      },
    }));
    const assetList = { look: () => Promise.reject(), trash: async () => new Set<string>() };
    await recordedAsset(entry, report, assetList, { atlas: client, signal });
    await recordedAsset(entry, report, assetList, { atlas: client });
    expect(asked).toEqual(["7", signal, "7", null]);
  });
});
