import { fileKey, type Item, isInFlight } from "./item.ts";

/** What is remembered of a file over a reload of the page. */
export interface UnfinishedFile {
  key: string;
  name: string;
  assetId: string | null;
}

const storageKey = (endpoint: string): string => `media-preflight ${endpoint}`;

/** Remembers, for as long as the tab is open, which files were being sent. Without any, forgets earlier ones. */
export function rememberUnfinished(endpoint: string, items: readonly Item[]): void {
  const unfinished = items.filter((item) => isInFlight(item) || item.continues);
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

/** The files that were being sent when the page was left, each once. */
export function recallUnfinished(endpoint: string): UnfinishedFile[] {
  try {
    const text = sessionStorage.getItem(storageKey(endpoint));
    sessionStorage.removeItem(storageKey(endpoint));
    const known: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(known) ? known.filter(isUnfinishedFile) : [];
  } catch {
    return [];
  }
}

function isUnfinishedFile(value: unknown): value is UnfinishedFile {
  const { key, name, assetId } = (value ?? {}) as Partial<UnfinishedFile>;
  return (
    typeof key === "string" && typeof name === "string" && (assetId === null || typeof assetId === "string")
  );
}
