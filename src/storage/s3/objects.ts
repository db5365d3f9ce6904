import type { ByteSource } from "../../bytes/source.ts";
import { throwIfAborted } from "../../errors.ts";
import { StorageError } from "../error.ts";
import type { StoredObject } from "../storage.ts";
import { base64OfHex, hexOfBase64 } from "./encoding.ts";
import type { NewSha256 } from "./hash.ts";
import { type S3Wire, send } from "./http/transport.ts";
import { textOf } from "./http/xml.ts";
import { encodeKey, encodeRfc3986 } from "./object-url.ts";

/** Smallest ranged read in bytes: a smaller one would not be faster. */
const minReadSize = 65_536;
/** Bytes fetched at a time to read all of an object. */
const chunkInBytes = 8 * 1024 * 1024;
/** Bytes of one ranged read at most. */
const maxReadBytes = 64 * 1024 * 1024;

/** The object's metadata; null if there is none. @throws StorageError */
export async function statObject(
  wire: S3Wire,
  key: string,
  signal: AbortSignal | null,
): Promise<StoredObject | null> {
  const headers: Record<string, string> = wire.dialect === "amz" ? { "x-amz-checksum-mode": "ENABLED" } : {};
  const head = () => send(wire, { name: "HeadObject", method: "HEAD", key, headers, accept: [404], signal });
  const answer = await head().catch(async (error: unknown) => {
    if (!(error instanceof StorageError) || error.retryable || error.status === null) throw error;
    await requireReadable(wire, key, signal);
    return await head();
  });
  return answer.status === 404 ? null : objectOf(key, answer.headers);
}

/**
 * As `statObject`; null also if it is denied. Without permission to list the bucket, a missing object is answered with
 * 403: what is done next shows whether there is one.
 */
export async function statIfAllowed(
  wire: S3Wire,
  key: string,
  signal: AbortSignal | null,
): Promise<StoredObject | null> {
  try {
    return await statObject(wire, key, signal);
  } catch (error) {
    if (error instanceof StorageError && error.storageCode === "AccessDenied") return null;
    throw error;
  }
}

/** The answer to a HEAD has no body: a GET of the same object states the reason. @throws StorageError */
async function requireReadable(wire: S3Wire, key: string, signal: AbortSignal | null): Promise<void> {
  const headers = { range: "bytes=0-0" };
  await send(wire, {
    name: "GetObject",
    method: "GET",
    key,
    headers,
    accept: [404, 416],
    maxBytes: 65_536,
    signal,
  });
}

function objectOf(key: string, headers: Headers): StoredObject {
  const length = headers.get("x-goog-stored-content-length") ?? headers.get("content-length");
  const etag = headers.get("etag");
  if (length === null || !/^\d{1,15}$/.test(length) || !etag)
    throw new StorageError("protocol", "HeadObject: an answer without length or ETag", { key });
  const checksum = headers.get("x-amz-checksum-sha256");
  return {
    key,
    size: Number(length),
    etag,
    sha256: hexOfBase64(checksum),
    compositeSha256: checksum !== null && /^[A-Za-z0-9+/]{43}=-\d{1,5}$/.test(checksum) ? checksum : null,
    contentType: headers.get("content-type"),
  };
}

/** One range of an object that still has this ETag. @throws StorageError `changed` */
async function readRange(
  wire: S3Wire,
  { key, size, etag }: Pick<StoredObject, "key" | "size" | "etag">,
  { offset, end, signal }: { offset: number; end: number; signal: AbortSignal | null },
): Promise<Uint8Array> {
  const answer = await send(wire, {
    name: "GetObject",
    method: "GET",
    key,
    headers: { range: `bytes=${offset}-${end - 1}`, "if-match": etag },
    maxBytes: end - offset,
    signal,
  });
  const complete = answer.status === 200 && offset === 0 && end === size;
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get("content-range") ?? "");
  const matches =
    range && Number(range[1]) === offset && Number(range[2]) === end - 1 && Number(range[3]) === size;
  if ((!complete && !matches) || answer.bytes.byteLength !== end - offset)
    throw new StorageError("protocol", "GetObject: the answer is not the requested range", { key });
  return answer.bytes;
}

/** Ranged reads of an object. */
export function openObject(
  wire: S3Wire,
  object: Pick<StoredObject, "key" | "size" | "etag">,
  signal: AbortSignal | null,
): ByteSource {
  const { key, size } = object;
  return {
    size,
    name: key.split("/").at(-1) ?? null,
    minReadSize,
    read(offset, length) {
      const end = Math.min(size, offset + length, offset + maxReadBytes);
      return end <= offset ? new Uint8Array() : readRange(wire, object, { offset, end, signal });
    },
  };
}

/** SHA-256 of an object in hexadecimal, by reading all of it. */
export async function hashObject(
  wire: S3Wire,
  object: Pick<StoredObject, "key" | "size" | "etag">,
  newSha256: NewSha256,
  signal: AbortSignal | null,
): Promise<string> {
  const hash = newSha256();
  for (let offset = 0; offset < object.size; offset += chunkInBytes) {
    throwIfAborted(signal);
    const end = Math.min(object.size, offset + chunkInBytes);
    hash.update(await readRange(wire, object, { offset, end, signal }));
  }
  return hash.digest();
}

/** Bytes of an object that one request copies at most (Amazon S3 API Reference, "CopyObject"). */
const maxCopyBytes = 5 * 1024 ** 3;

/** Copies an object that still has this ETag. @returns SHA-256 of the copy as the bucket computed it, or null */
export async function copyObject(
  wire: S3Wire,
  from: Pick<StoredObject, "key" | "size" | "etag">,
  to: string,
  { type, signal }: { type: string; signal: AbortSignal | null },
): Promise<string | null> {
  if (from.size > maxCopyBytes)
    throw new StorageError("too-large", "CopyObject: an object of more than 5 GiB cannot be copied", {
      key: from.key,
    });
  const vendor = wire.dialect === "amz" ? "x-amz" : "x-goog";
  const answer = await send(wire, {
    name: "CopyObject",
    method: "PUT",
    key: to,
    headers: {
      [`${vendor}-copy-source`]: `/${encodeRfc3986(wire.bucket)}/${encodeKey(from.key)}`,
      [`${vendor}-copy-source-if-match`]: from.etag,
      [`${vendor}-metadata-directive`]: "REPLACE",
      "content-type": type,
      ...(wire.dialect === "amz" && { "x-amz-checksum-algorithm": "SHA256" }),
    },
    signal,
  });
  return hexOfBase64(textOf(answer.text(), "ChecksumSHA256"));
}

/** Deletes an object; nothing happens if there is none. */
export async function deleteObject(wire: S3Wire, key: string, signal: AbortSignal | null): Promise<void> {
  await send(wire, { name: "DeleteObject", method: "DELETE", key, accept: [404], signal });
}

/** Headers by which the bucket verifies a body; Google's verifies the signed hash alone. */
export function checksumHeaders(
  { dialect }: Pick<S3Wire, "dialect">,
  sha256: string,
): Record<string, string> {
  return dialect === "amz" ? { "x-amz-checksum-sha256": base64OfHex(sha256) } : {};
}
