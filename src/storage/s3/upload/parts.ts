import { StorageError } from "../../error.ts";
import type { StoredPart } from "../../storage.ts";
import { base64OfHex, hexOfBase64 } from "../encoding.ts";
import { type S3Body, type S3Wire, send } from "../http/transport.ts";
import { elementsOf, escapeXml, textOf } from "../http/xml.ts";
import { checksumHeaders } from "../objects.ts";

/*
 * Uploads in parts (Amazon S3 User Guide, "Uploading and copying objects using multipart upload", read 2026-11-29): up to
 * 10,000 parts, each but the last of at least 5 MiB.
 */

export const maxParts = 10_000;
const mebibyte = 1024 * 1024;

/** Bytes of each part but the last. */
export function partSizeFor(size: number, preferred: number): number {
  return Math.max(preferred, Math.ceil(size / maxParts / mebibyte) * mebibyte);
}

/** Starts an upload. @returns its id */
export async function createUpload(
  wire: S3Wire,
  key: string,
  type: string,
  signal: AbortSignal | null,
): Promise<string> {
  const answer = await send(wire, {
    name: "CreateMultipartUpload",
    method: "POST",
    key,
    query: { uploads: "" },
    headers: {
      "content-type": type,
      ...(wire.dialect === "amz" && { "x-amz-checksum-algorithm": "SHA256" }),
    },
    signal,
  });
  const id = textOf(answer.text(), "UploadId");
  if (!id) throw new StorageError("protocol", "CreateMultipartUpload: an answer without an id", { key });
  return id;
}

/** Sends one part. */
export async function sendPart(
  wire: S3Wire,
  { key, id, number }: { key: string; id: string; number: number },
  body: S3Body & { content: Blob },
  signal: AbortSignal | null,
): Promise<StoredPart> {
  const answer = await send(wire, {
    name: "UploadPart",
    method: "PUT",
    key,
    query: { partNumber: String(number), uploadId: id },
    headers: checksumHeaders(wire, body.sha256),
    body,
    signal,
  });
  const etag = answer.headers.get("etag");
  if (!etag) throw new StorageError("protocol", "UploadPart: an answer without an ETag", { key });
  return { number, size: body.content.size, etag, sha256: body.sha256 };
}

/** The parts that have arrived; null if there is no such upload. */
export async function listParts(
  wire: S3Wire,
  key: string,
  id: string,
  signal: AbortSignal | null,
): Promise<StoredPart[] | null> {
  const found = new Map<number, StoredPart>();
  let marker = 0;
  // Every page but the last advances the marker.
  for (;;) {
    const answer = await send(wire, {
      name: "ListParts",
      method: "GET",
      key,
      query: { uploadId: id, ...(marker > 0 && { "part-number-marker": String(marker) }) },
      accept: [404],
      signal,
    });
    if (answer.status === 404) return null;
    const xml = answer.text();
    for (const part of elementsOf(xml, "Part").map(partOf)) if (part) found.set(part.number, part);
    const next = Number(textOf(xml, "NextPartNumberMarker") ?? 0);
    if (textOf(xml, "IsTruncated") !== "true" || !(next > marker)) break;
    marker = next;
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

function partOf(xml: string): StoredPart | null {
  const number = Number(textOf(xml, "PartNumber"));
  const size = Number(textOf(xml, "Size"));
  const etag = textOf(xml, "ETag");
  if (!Number.isSafeInteger(number) || number < 1 || !Number.isSafeInteger(size) || !etag) return null;
  return { number, size, etag, sha256: hexOfBase64(textOf(xml, "ChecksumSHA256")) };
}

/** Ids of the unfinished uploads of one key; empty if the credentials do not allow listing them. */
export async function unfinishedUploads(
  wire: S3Wire,
  key: string,
  signal: AbortSignal | null,
): Promise<string[]> {
  try {
    const answer = await send(wire, {
      name: "ListMultipartUploads",
      method: "GET",
      key: null,
      query: { uploads: "", prefix: key },
      signal,
    });
    return elementsOf(answer.text(), "Upload")
      .filter((upload) => textOf(upload, "Key") === key && hasOurChecksums(upload))
      .flatMap((upload) => textOf(upload, "UploadId") ?? []);
  } catch (error) {
    if (error instanceof StorageError && statusesOfNoList.has(error.status ?? 0)) return [];
    throw error;
  }
}

/** The parts of an upload that was started with another checksum algorithm would be refused. */
function hasOurChecksums(upload: string): boolean {
  return (textOf(upload, "ChecksumAlgorithm") ?? "SHA256") === "SHA256";
}

/** Forbidden, unknown or not implemented: a new upload is started. */
const statusesOfNoList: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

/** Assembles the object from its parts. @param ifAbsent only if the key has no object */
export async function completeUpload(
  wire: S3Wire,
  { key, id, ifAbsent }: { key: string; id: string; ifAbsent: boolean },
  parts: readonly StoredPart[],
  hash: (text: string) => string,
  signal: AbortSignal | null,
): Promise<void> {
  const content = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts
    .map((part) => partXml(part, wire.dialect === "amz"))
    .join("")}</CompleteMultipartUpload>`;
  await send(wire, {
    name: "CompleteMultipartUpload",
    method: "POST",
    key,
    query: { uploadId: id },
    headers: {
      "content-type": "application/xml",
      ...(ifAbsent && wire.dialect === "amz" && { "if-none-match": "*" }),
    },
    body: { content, sha256: hash(content) },
    signal,
  });
}

function partXml({ number, etag, sha256 }: StoredPart, withChecksum: boolean): string {
  const checksum =
    sha256 !== null && withChecksum ? `<ChecksumSHA256>${base64OfHex(sha256)}</ChecksumSHA256>` : "";
  return `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag>${checksum}</Part>`;
}

/** Ends an upload and deletes its parts. */
export async function abortUpload(
  wire: S3Wire,
  key: string,
  id: string,
  signal: AbortSignal | null,
): Promise<void> {
  await send(wire, {
    name: "AbortMultipartUpload",
    method: "DELETE",
    key,
    query: { uploadId: id },
    accept: [404],
    signal,
  });
}
