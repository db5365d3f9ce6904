import type { Kind } from "../facts/formats.ts";
import type { UrlSubject } from "./url-subject.ts";

/** `schemaVersion` of the ledger file. */
export const ledgerVersion = 1;

/**
 * How far one file has come. `registering` is written before the request is sent: if it is found without an answer,
 * the service's list must be searched before anything is sent again (src/submit/registration/search-policy.ts).
 */
export type Step = "checked" | "uploaded" | "registering" | "registered" | "active" | "failed";

/** What an entry is about: bytes by their SHA-256 (64 hex digits), or a URL that is registered as it is. */
export type Subject = { sha256: string } | UrlSubject;

/** A subject for one service and one account: an emulator's asset is never used for the real service. */
export type LedgerKey = Subject & {
  type: Kind;
  /** Origin of the console host. */
  origin: string;
  /** A label that the user gives an account; never an API key. */
  account: string;
};

/**
 * What is recorded with a step. Times are ISO 8601 in UTC, in the store's time (`LedgerClaim.now`), so that they can
 * be compared with each other whichever machine wrote them.
 */
export interface EntryProgress {
  step: Step;
  /** When the step was written. */
  at: string;
  /** When the file passed the check. */
  checkedAt?: string | undefined;
  /** Id of the rule table it passed. */
  rules?: string | undefined;
  /** Version of that table: the date it was last checked against its source. */
  rulesVersion?: string | undefined;
  /** URL of the uploaded bytes, without query, fragment and credentials. */
  url?: string | undefined;
  /** Key of the object in the user's own bucket; for people who read the ledger: keys are computed, never taken from here. */
  storageKey?: string | undefined;
  /** SHA-256 of the exact URL, if `url` had to leave something out. */
  urlSha256?: string | undefined;
  uploadedAt?: string | undefined;
  /** The asset's name as it was sent. */
  assetName?: string | undefined;
  /** Who chose the name. Only a generated one may be searched for. */
  namedBy?: "tool" | "user" | undefined;
  /** When the registration was sent. */
  sentAt?: string | undefined;
  /** When a complete listing first showed no asset of this registration. */
  missedAt?: string | undefined;
  /** The service's record id. */
  id?: string | undefined;
  /** Ids of earlier assets of this entry that no longer existed or Failed; never matched again. */
  formerIds?: string[] | undefined;
  atlasAssetId?: string | undefined;
  arkAssetId?: string | undefined;
  uri?: string | undefined;
  /** The service's code for a Failed asset. */
  errorCode?: string | undefined;
}

/** One entry: its key, the file's name for people who read the ledger, and how far it has come. */
export type LedgerEntry = LedgerKey & EntryProgress & { file: string | null };

/** The key as one string, unique for an entry; entries are sorted by it. */
export function keyText(key: LedgerKey): string {
  const { type, origin, account } = key;
  if ("sha256" in key) return JSON.stringify([key.sha256, type, origin, account]);
  const { sourceUrl, querySha256, etag, bytes } = key;
  return JSON.stringify([
    "url",
    sourceUrl,
    querySha256 ?? "",
    etag ?? "",
    bytes ?? "",
    type,
    origin,
    account,
  ]);
}

/** Only the key's own fields. */
export function keyOf(entry: LedgerKey): LedgerKey {
  const { type, origin, account } = entry;
  if ("sha256" in entry) return { sha256: entry.sha256, type, origin, account };
  const { sourceUrl, querySha256, etag, bytes } = entry;
  return { sourceUrl, querySha256, etag, bytes, type, origin, account };
}

/** Only what was recorded: the entry without its key and file name. */
export function progressOf(entry: LedgerEntry): EntryProgress {
  const { step, at, checkedAt, rules, rulesVersion, url, storageKey, urlSha256 } = entry;
  const { uploadedAt, assetName, namedBy } = entry;
  const { sentAt, missedAt, id, formerIds, atlasAssetId, arkAssetId, uri, errorCode } = entry;
  return {
    ...{
      step,
      at,
      checkedAt,
      rules,
      rulesVersion,
      url,
      storageKey,
      urlSha256,
      uploadedAt,
      assetName,
      namedBy,
    },
    ...{ sentAt, missedAt, id, formerIds, atlasAssetId, arkAssetId, uri, errorCode },
  };
}

/** The entry with its fields in a fixed order, and no others; absent ones are left out. */
export function orderedEntry(entry: LedgerEntry): LedgerEntry {
  const fields = Object.entries({ ...keyOf(entry), file: entry.file, ...progressOf(entry) });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown as LedgerEntry;
}

/** The entry as text, the same for equal entries. */
export function entryText(entry: LedgerEntry): string {
  return JSON.stringify(orderedEntry(entry));
}

/** Steps after which nothing is left to do for an entry. */
export function isFinal(step: Step): boolean {
  return step === "active" || step === "failed";
}

/** A URL without what may be secret: query, fragment and credentials. */
export function originAndPath(url: string): string {
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`;
}
