import { fileKey, type Item, isInFlight } from "./item.ts";

/** What is remembered of a file over a reload of the page. */
export interface UnfinishedFile {
  key: string;
  name: string;
  assetId: string | null;
}

/** Where they are remembered, for each endpoint. */
export const storageKey = (endpoint: string): string => `media-preflight ${endpoint}`;

/** Remembers, for as long as the tab is open, which files were being sent. Without any, forgets earlier ones. */
export function rememberUnfinished(endpoint: string, items: readonly Item[]): void {
  // A copy that was made here cannot be chosen again.
  const unfinished = items.filter((item) => (isInFlight(item) || item.continues) && !item.original);
  const known = unfinished.map(
    ({ file, assetId }): UnfinishedFile => ({
      key: fileKey(file),
      name: file.name,
      assetId,
    }),
  );
  try {
    if (known.length > 0) sessionStorage.setItem(storageKey(endpoint), JSON.stringify(known));
    else sessionStorage.removeItem(storageKey(endpoint));
  } catch {
    // No storage for this page: it cannot offer to continue.
  }
}

/** Whether the page before a reload remembered any. */
export function hasUnfinished(endpoint: string): boolean {
  try {
    return storageKey(endpoint) in sessionStorage;
  } catch {
    return false;
  }
}
