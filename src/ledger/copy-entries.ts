import { keyOf, type LedgerEntry, progressOf } from "./entry.ts";
import type { Ledger } from "./ledger.ts";

/** Entries claimed at a time. */
const batchSize = 50;

/**
 * Copies entries that the target does not have. Uploads that were not registered are left out: their URLs are temporary,
 * and the files are uploaded again.
 */
export async function copyEntries(
  source: Ledger,
  target: Ledger,
  signal: AbortSignal | null = null,
): Promise<{ copied: number; skipped: number }> {
  const counts = { copied: 0, skipped: 0 };
  const copy = async (entry: LedgerEntry): Promise<void> => {
    const copied = isWorthCopying(entry) && (await copyEntry(entry, target, signal));
    counts[copied ? "copied" : "skipped"]++;
  };
  let batch: LedgerEntry[] = [];
  for await (const entry of source.entries({ signal })) {
    batch.push(entry);
    if (batch.length < batchSize) continue;
    await Promise.all(batch.map(copy));
    batch = [];
  }
  await Promise.all(batch.map(copy));
  return counts;
}

function isWorthCopying({ step }: LedgerEntry): boolean {
  return step !== "checked" && step !== "uploaded";
}

async function copyEntry(entry: LedgerEntry, target: Ledger, signal: AbortSignal | null): Promise<boolean> {
  const claim = await target.claim(keyOf(entry), entry.file, { signal });
  try {
    if (claim.entry !== null) return false;
    await claim.record(progressOf(entry));
    return true;
  } finally {
    await claim.release();
  }
}
