import type { Kind } from "../facts/formats.ts";

/** `schemaVersion` of the file. */
export const ledgerVersion = 1;

/**
 * How far one file has come. `registering` is written before the request is sent: whoever finds it without an
 * answer must look before sending again (src/submit/reconcile.ts).
 */
export type Step = "checked" | "uploaded" | "registering" | "registered" | "active" | "failed";

/** The process that is at work on an entry, or that holds a lock. Gone from entries that rest. */
export interface Owner {
  pid: number;
  /** Host name, with the process namespace where it is not the machine's own. */
  host: string;
  /** When that process started, in the platform's own count; null where that cannot be told. */
  started: string | null;
  /** Tells two owners within one process apart. */
  nonce: string;
}

/** What an entry is about: bytes by their hash, or a bare URL by what its server says of it. */
export type Subject = { sha256: string } | { sourceUrl: string; etag: string | null; bytes: number | null };

/** A subject for one service and one account: an emulator's asset never answers for the real service's. */
export type LedgerKey = Subject & {
  type: Kind;
  /** Origin of the console host. */
  origin: string;
  /** A label the user gives an account; never a key. */
  account: string;
};

/** What a step knows. Times are ISO 8601 in UTC. */
export interface Progressed {
  step: Step;
  /** When the step was written. */
  at: string;
  /** The address of the uploaded bytes, without query, fragment and credentials. */
  url?: string | undefined;
  /** SHA-256 of the exact address, where `url` had to leave something out. */
  urlSha256?: string | undefined;
  uploadedAt?: string | undefined;
  /** The asset's name as it was sent. */
  name?: string | undefined;
  /** Only a name that this tool made may be searched for. */
  namedBy?: "tool" | "user" | undefined;
  /** When the registration was sent. */
  sentAt?: string | undefined;
  /** When a look at the service's list first found nothing of it. */
  missedAt?: string | undefined;
  /** The record's id. */
  id?: string | undefined;
  /** Records that this entry had before, and that were gone or Failed: never to be taken for the present one. */
  formerIds?: string[] | undefined;
  atlasAssetId?: string | undefined;
  arkAssetId?: string | undefined;
  uri?: string | undefined;
  /** Upstream's code of a failed asset. */
  errorCode?: string | undefined;
}

/** One entry: its key, the file's own name for readers of a diff, and how far it has come. */
export type LedgerEntry = LedgerKey &
  Progressed & {
    file: string | null;
    owner?: Owner | undefined;
  };

/** The key as one string: what entries are told apart and sorted by. */
export function keyText(key: LedgerKey): string {
  const subject = "sha256" in key ? [key.sha256] : ["url", key.sourceUrl, key.etag ?? "", key.bytes ?? ""];
  return JSON.stringify([...subject, key.type, key.origin, key.account]);
}

/** Only the key's own fields. */
export function keyOf(entry: LedgerKey): LedgerKey {
  const { type, origin, account } = entry;
  return "sha256" in entry
    ? { sha256: entry.sha256, type, origin, account }
    : { sourceUrl: entry.sourceUrl, etag: entry.etag, bytes: entry.bytes, type, origin, account };
}

/** The entry as text: fields in one order, unknown ones nowhere, absent ones left out. */
export function entryText(entry: LedgerEntry): string {
  const { file, step, at, url, urlSha256, uploadedAt, name, namedBy, sentAt, missedAt } = entry;
  const { id, formerIds, atlasAssetId, arkAssetId, uri, errorCode, owner } = entry;
  const told = { file, step, at, url, urlSha256, uploadedAt, name, namedBy, sentAt, missedAt };
  return JSON.stringify(
    { ...keyOf(entry), ...told, id, formerIds, atlasAssetId, arkAssetId, uri, errorCode, owner },
    null,
    2,
  );
}

/** Whether nothing is under way: a registered entry rests once its owner let go of it. */
export function rests(entry: LedgerEntry): boolean {
  return entry.step === "active" || entry.step === "failed" || (entry.step === "registered" && !entry.owner);
}

/** A URL as it may be written down: query strings and credentials are secrets. */
export function withoutQuery(url: string): string {
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`;
}
