import type { LedgerEntry, LedgerKey } from "../entry.ts";
import type { ClaimOptions, Ledger, StepToRecord } from "../ledger.ts";

/* Keys and steps for the tests. */

export const origin = "https://console.test";
export const at = "2026-11-22T10:00:00.000Z";
export const checked: StepToRecord = { step: "checked", at };
export const registered: StepToRecord = { step: "registered", at, id: "7" };
export const active: StepToRecord = { step: "active", at, id: "7", uri: "asset://asset-7" };
export const everything: StepToRecord = {
  step: "active",
  at,
  checkedAt: at,
  rules: "atlas-seedance-2.0",
  rulesVersion: "2026-11-22",
  url: "https://x.test/a.png",
  storageKey: "media/clip.mp4",
  urlSha256: "b".repeat(64),
  uploadedAt: at,
  assetName: "a",
  namedBy: "tool",
  sentAt: at,
  missedAt: at,
  id: "7",
  formerIds: ["5", "6"],
  atlasAssetId: "atlas-asset-7",
  arkAssetId: "ark-7",
  uri: "asset://atlas-asset-7",
  errorCode: "FpsTooLow",
};

export function key(n: number): LedgerKey {
  return { sha256: n.toString(16).padStart(64, "0"), type: "image", origin, account: "default" };
}

export async function put(
  ledger: Ledger,
  of: LedgerKey,
  step: StepToRecord,
  options?: ClaimOptions,
): Promise<void> {
  const claim = await ledger.claim(of, "a.png", options);
  await claim.record(step);
  await claim.release();
}

export async function all(ledger: Ledger): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) entries.push(entry);
  return entries;
}
