import type { LedgerEntry } from "./entry.ts";
import type { KnownAsset } from "./ledger.ts";

/** Those of the ids that the entries have, or had. */
export function knownAmong(
  entries: Iterable<LedgerEntry>,
  origin: string,
  ids: readonly string[],
): KnownAsset[] {
  const requested = new Set(ids);
  const known = new Map<string, string | null>();
  for (const entry of entries) {
    if (entry.origin !== origin) continue;
    for (const id of entry.formerIds ?? []) if (requested.has(id) && !known.has(id)) known.set(id, null);
    if (entry.id !== undefined && requested.has(entry.id)) known.set(entry.id, entry.url ?? null);
  }
  return [...known].map(([id, url]) => ({ id, url }));
}

/** A page of a map's entries in the order of their keys. */
export function pageOf<Row>(
  rows: ReadonlyMap<string, Row>,
  entryOf: (row: Row) => LedgerEntry | null,
  after: string | null,
  size: number,
  sorted: readonly string[] = [...rows.keys()].sort(),
): { entries: LedgerEntry[]; next: string | null } {
  const from = after === null ? 0 : firstAfter(sorted, after);
  const texts = sorted.slice(from, from + size);
  const entries = texts.flatMap((text) => entryOf(rows.get(text) as Row) ?? []);
  const more = from + size < sorted.length;
  return { entries, next: more ? (texts.at(-1) ?? null) : null };
}

/** Index of the first text after `after` in a sorted list. */
function firstAfter(sorted: readonly string[], after: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
