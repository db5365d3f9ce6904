import { sha256OfText } from "../bytes/sha256.ts";
import type { Kind } from "../facts/formats.ts";
import type { LedgerKey } from "../ledger/entry.ts";
import { urlSubject } from "../ledger/url-subject.ts";
import type { CheckedInput } from "./check-input.ts";
import type { SubmitOptions } from "./options.ts";

/** The ledger key of a checked file. */
export function entryKey(
  { file, report, probed, sha256 }: Pick<CheckedInput, "file" | "report" | "probed" | "sha256">,
  options: Pick<SubmitOptions, "atlas" | "account">,
): LedgerKey {
  const shared = accountKey(report.type as Kind, options);
  const url = file.url ?? (sha256 === null ? file.object?.url : undefined);
  if (url !== undefined) return { ...urlSubject(url, probed ?? { etag: null, bytes: null }), ...shared };
  return { sha256: sha256 ?? randomHash(), ...shared };
}

/** The part of a ledger key that does not depend on the content. */
export function accountKey(
  type: Kind,
  { atlas, account }: Pick<SubmitOptions, "atlas" | "account">,
): Pick<LedgerKey, "type" | "origin" | "account"> {
  return { type, origin: originOf(atlas.consoleBaseUrl), account: account ?? "default" };
}

/**
 * The hash that a generated name carries: that of the bytes, or of what identifies a URL's content. A URL without a
 * strong ETag identifies nothing: its hash is random, so that no earlier asset is matched.
 */
export function nameHashOf(key: LedgerKey): string {
  if ("sha256" in key) return key.sha256;
  const { sourceUrl, querySha256, etag, bytes } = key;
  return etag === null ? randomHash() : sha256OfText(JSON.stringify([sourceUrl, querySha256, etag, bytes]));
}

function originOf(base: string): string {
  return URL.canParse(base) ? new URL(base).origin : base.replace(/[?#].*/s, "");
}

/** In place of a hash, if nothing needs it. */
function randomHash(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
