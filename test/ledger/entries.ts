import type { LedgerKey, Progressed } from "../../src/ledger/entry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";

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
export const checked: Progressed = { step: "checked", at };
export const active: Progressed = { step: "active", at, id: "7", uri: "asset://asset-7" };

/** Records one step of the n-th file. */
export async function put(ledger: Ledger, n: number, step: Progressed): Promise<void> {
  const claim = await ledger.claim(key(n), `f${n}.png`);
  await claim.record(step);
  await claim.release();
}
