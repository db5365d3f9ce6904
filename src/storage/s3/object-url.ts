import { MediaPreflightError } from "../../errors.ts";

/** Where a bucket is. */
export interface BucketPlace {
  bucket: string;
  /** Base of its URLs without the bucket; null for Amazon's own. */
  endpoint: URL | null;
  region: string;
}

/** Percent-encodes everything but RFC 3986's unreserved characters, as signatures require. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key as the path of a URL; its slashes stay. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeRfc3986).join("/");
}

/**
 * The URL of an object, or of the bucket. Path style with an endpoint, and for names that no certificate covers;
 * otherwise the bucket is part of the host's name.
 */
export function objectUrl({ bucket, endpoint, region }: BucketPlace, key: string | null): URL {
  const path = key === null ? "" : encodeKey(key);
  if (endpoint) return new URL(`${endpoint.href.replace(/\/+$/, "")}/${encodeRfc3986(bucket)}/${path}`);
  const domain = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(bucket))
    return new URL(`https://${domain}/${encodeRfc3986(bucket)}/${path}`);
  return new URL(`https://${bucket}.${domain}/${path}`);
}

/** The URL with these parameters, percent-encoded: a space is never "+", which some servers take literally. */
export function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const result = new URL(url);
  result.search = Object.entries(query)
    .map((pair) => pair.map(encodeRfc3986).join("="))
    .join("&");
  return result;
}

/** Bytes of a key's UTF-8 form at most (Amazon S3 User Guide, "Naming Amazon S3 objects"). */
const longestKeyInBytes = 1024;

/**
 * A key that can be addressed by a URL: "." and ".." as parts of a path are resolved by every HTTP client.
 * @throws MediaPreflightError `usage`
 */
export function checkKey(key: string): string {
  const bytes = new TextEncoder().encode(key).byteLength;
  const segments = key.split("/");
  const wrong =
    bytes === 0 || bytes > longestKeyInBytes
      ? `has ${bytes} bytes, not 1 to ${longestKeyInBytes}`
      : /[\p{Cc}\p{Cs}]/u.test(key)
        ? "has control characters"
        : key.startsWith("/") || segments.includes(".") || segments.includes("..")
          ? 'begins with "/", or has "." or ".." between slashes'
          : null;
  if (wrong !== null)
    throw new MediaPreflightError("usage", `the key ${JSON.stringify(key.slice(0, 200))} ${wrong}`, {
      hint: "choose another key or prefix",
    });
  return key;
}
