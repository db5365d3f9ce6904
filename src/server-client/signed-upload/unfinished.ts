/**
 * Uploads in parts that this page started, remembered so that they continue after a reload: the handler's ids, by what
 * was uploaded. They contain no address and no signature, and are useless to another user.
 */

const storageKey = "media-preflight:unfinished-uploads";
/** Most ids that are remembered, and milliseconds after which the handler no longer knows them. */
const maxRemembered = 50;
const lifetime = 24 * 60 * 60_000;

/** An upload in parts that can be continued. */
export interface UnfinishedUpload {
  id: string;
  parts: { size: number; count: number };
}

type Stored = Record<string, UnfinishedUpload & { begun: number }>;

export function findUnfinished(name: string): UnfinishedUpload | null {
  const found = load()[name];
  return found && Date.now() - found.begun < lifetime ? found : null;
}

export function rememberUnfinished(name: string, { id, parts }: UnfinishedUpload): void {
  const begun = Date.now();
  const others = Object.entries(load()).filter(
    ([other, entry]) => other !== name && begun - entry.begun < lifetime,
  );
  save(Object.fromEntries([...others.slice(1 - maxRemembered), [name, { id, parts, begun }]]));
}

export function forgetUnfinished(id: string): void {
  const all = load();
  const rest = Object.entries(all).filter(([, entry]) => entry.id !== id);
  if (rest.length < Object.keys(all).length) save(Object.fromEntries(rest));
}

/** Empty if there is no localStorage, or its value is not ours. */
function load(): Stored {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    const entries = Object.entries((value ?? {}) as Record<string, unknown>).filter(([, one]) =>
      isEntry(one),
    );
    return Object.fromEntries(entries) as Stored;
  } catch {
    return {};
  }
}

function isEntry(value: unknown): boolean {
  const { id, parts, begun } = (value ?? {}) as Partial<Stored[string]>;
  return (
    typeof id === "string" &&
    /^[\w-]+$/.test(id) &&
    typeof begun === "number" &&
    Number.isSafeInteger(parts?.size) &&
    Number.isSafeInteger(parts?.count) &&
    (parts?.size ?? 0) > 0
  );
}

function save(entries: Stored): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(entries));
  } catch {
    // Full or forbidden: after a reload that upload starts again.
  }
}
