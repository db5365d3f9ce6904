import type { Asset, AssetFilter, ListEnd } from "../types.ts";
import type { Page } from "./asset-answer.ts";

/** Consecutive pages without a new asset after which listing ends, even if the service counts more assets. */
const maxStalePages = 5;

/**
 * The assets on all pages, each once. Returns how many are missing of those that the service counted.
 * @param fetchPage fetches one page
 */
export async function* allPages(
  filter: AssetFilter,
  fetchPage: (query: { page_number: number; page_size: number }) => Promise<Page>,
): AsyncGenerator<Asset, ListEnd> {
  const pageSize = Math.min(Math.max(Math.trunc(filter.pageSize ?? 100), 1), 100);
  const seen = new Set<string>();
  let stale = 0;
  let previous = "";
  let counted: number | null = null;
  for (let page = 1; ; page++) {
    const { items, total } = await fetchPage({ page_number: page, page_size: pageSize });
    const fresh = items.filter((item) => !seen.has(item.id));
    for (const item of fresh) {
      seen.add(item.id);
      // The names of the service's own filters are not published.
      const matches = !filter.type || item.type === filter.type;
      if (matches && (!filter.status || item.status === filter.status)) yield item;
    }
    stale = fresh.length === 0 ? stale + 1 : 0;
    // The count at the beginning of the listing: assets that others add meanwhile do not count.
    counted ??= total;
    const missing = counted === null ? null : Math.max(0, counted - seen.size);
    if (total !== null && seen.size >= total) return { missing };
    // Pages shift while others register; but a server that ignores the page number would never end.
    const ids = items.map(({ id }) => id).join();
    if (ids === previous || items.length === 0 || stale === (total === null ? 1 : maxStalePages))
      return { missing: missing ?? (items.length < pageSize ? 0 : null) };
    previous = ids;
  }
}
