import { storageKey, type UnfinishedFile } from "./unfinished.ts";

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
