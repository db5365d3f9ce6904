import type { Page } from "./answers.ts";
import type { Asset, AssetFilter, ListEnd } from "./types.ts";

/** Pages in a row that bring nothing new, though the service counts more assets than it has listed. */
const staleAtMost = 5;

/**
 * The assets on all pages, each once, and in the end how many are missing of those that the service counted.
 * @param ask for one page
 */
export async function* listed(
  filter: AssetFilter,
  ask: (query: { page_number: number; page_size: number }) => Promise<Page>,
): AsyncGenerator<Asset, ListEnd> {
  const pageSize = Math.min(Math.max(Math.trunc(filter.pageSize ?? 100), 1), 100);
  const seen = new Set<string>();
  let stale = 0;
  let before = "";
  let counted: number | null = null;
  for (let page = 1; ; page++) {
    const { items, total } = await ask({ page_number: page, page_size: pageSize });
    const fresh = items.filter((item) => !seen.has(item.id));
    for (const item of fresh) {
      seen.add(item.id);
      // The service's own filters have no published names.
      const wanted = !filter.type || item.type === filter.type;
      if (wanted && (!filter.status || item.status === filter.status)) yield item;
    }
    stale = fresh.length === 0 ? stale + 1 : 0;
    // What was there when the listing began: what others add meanwhile is no part of it.
    counted ??= total;
    const missing = counted === null ? null : Math.max(0, counted - seen.size);
    if (total !== null && seen.size >= total) return { missing };
    // Pages shift while others register; but a server that ignores the page number would go on for ever.
    const shown = items.map(({ id }) => id).join();
    if (shown === before || items.length === 0 || stale === (total === null ? 1 : staleAtMost))
      return { missing: missing ?? (items.length < pageSize ? 0 : null) };
    before = shown;
  }
}
