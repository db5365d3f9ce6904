import type { LedgerEntry, LedgerKey } from "../../src/ledger/entry.ts";
import type { Ledger, StepToRecord } from "../../src/ledger/ledger.ts";

export const at = "2026-11-22T10:00:00.000Z";
/** The n-th file's hash, and its key. */
export const sha = (n: number): string => n.toString(16).padStart(64, "0");
export const key = (n: number, more: Partial<LedgerKey> = {}): LedgerKey =>
  ({
    sha256: sha(n),
    type: "image",
    origin: "https://console.test",
    account: "default",
    ...more,
  }) as LedgerKey;
export const checked: StepToRecord = { step: "checked", at };
export const active: StepToRecord = { step: "active", at, id: "7", uri: "asset://asset-7" };

/** Records one step of the n-th file. */
export async function put(ledger: Ledger, n: number, step: StepToRecord): Promise<void> {
  const claim = await ledger.claim(key(n), `f${n}.png`);
  await claim.record(step);
  await claim.release();
}

/** All entries of a ledger. */
export async function allEntries(ledger: Ledger): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) entries.push(entry);
  return entries;
}
