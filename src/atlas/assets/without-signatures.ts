import type { Asset } from "../types.ts";

/** The signature in a signed URL, of the schemes that src/ledger/url-subject.ts knows. */
const signature = /[?&](?:x-(?:amz|goog|oss)-signature|q-signature|signature|sig)=/i;
/** Values in an answer are not nested deeper. */
const maxDepth = 6;

/** The asset as it may be shown and logged: services repeat the signed URLs that they were given. */
export function withoutSignatures(asset: Asset): Asset {
  return strip(asset, 0) as Asset;
}

function strip(value: unknown, depth: number): unknown {
  if (typeof value === "string")
    return /^https?:/i.test(value) && signature.test(value) ? value.replace(/\?.*$/s, "") : value;
  if (typeof value !== "object" || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((inner) => strip(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner, depth + 1)]));
}
