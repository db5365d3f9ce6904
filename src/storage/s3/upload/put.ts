import { StorageError } from "../../error.ts";
import type { PutOptions, StoredObject } from "../../storage.ts";
import { base64OfHex } from "../encoding.ts";
import { type S3Wire, send } from "../http/transport.ts";
import { checksumHeaders, hashObject, statIfAllowed, statObject } from "../objects.ts";
import { changedFile, type FileToPut, type PutSetup, reportProgress } from "./file-to-put.ts";
import { hashParts } from "./hash-parts.ts";
import { putInParts } from "./put-in-parts.ts";

/** Stores bytes under a key, unless they are there already. @throws StorageError `changed`, `storage-mismatch` */
export async function putObject(
  wire: S3Wire,
  setup: PutSetup,
  blob: Blob,
  options: PutOptions,
): Promise<{ outcome: "stored" | "present" }> {
  const file: FileToPut = { wire, setup, blob, options, signal: options.signal ?? null };
  if (blob.size !== options.size) throw changedFile(options.key);
  const existing = await statIfAllowed(wire, options.key, file.signal);
  if (existing) {
    await requireSame(file, existing);
    return { outcome: "present" };
  }
  const stored = blob.size > setup.multipartAbove ? await putInParts(file) : await putInOneRequest(file);
  reportProgress(options, blob.size);
  if (stored) return { outcome: "stored" };
  // Another writer was faster, or this is the second attempt at a put whose answer was lost.
  const found = await statObject(wire, options.key, file.signal);
  if (!found)
    throw new StorageError("protocol", "the bucket says both that the key exists and that it does not", {
      key: options.key,
      retryable: true,
    });
  await requireSame(file, found);
  return { outcome: "present" };
}

/** @returns false if the key has an object */
async function putInOneRequest({ wire, blob, options, signal }: FileToPut): Promise<boolean> {
  const { key, type, sha256, rateLimit } = options;
  const put = async (condition: Record<string, string>): Promise<boolean> => {
    const answer = await send(wire, {
      name: "PutObject",
      method: "PUT",
      key,
      headers: { "content-type": type, ...checksumHeaders(wire, sha256), ...condition },
      body: {
        content: blob,
        sha256,
        rateLimit: rateLimit ?? null,
        onSent: (sent) => reportProgress(options, sent),
      },
      accept: [412],
      signal,
    });
    return answer.status !== 412;
  };
  try {
    return await put(
      wire.dialect === "amz" ? { "if-none-match": "*" } : { "x-goog-if-generation-match": "0" },
    );
  } catch (error) {
    // Some providers have no conditional writes. The key is that of the content: what is overwritten is the same.
    if (error instanceof StorageError && error.status === 501) return await put({});
    throw error;
  }
}

/** @throws StorageError `storage-mismatch` */
async function requireSame(file: FileToPut, object: StoredObject): Promise<void> {
  const { wire, setup, options, signal } = file;
  if (object.size === options.size) {
    if (object.sha256 !== null ? object.sha256 === options.sha256 : await hasSameParts(file, object)) return;
    if (
      object.sha256 === null &&
      (await hashObject(wire, object, setup.newSha256, signal)) === options.sha256
    )
      return;
  }
  throw new StorageError(
    "storage-mismatch",
    `the bucket has other bytes under the key of this content (${object.size} bytes, the file has ${options.size})`,
    {
      key: object.key,
      hint: `find out who writes to ${object.key}, delete that object, then run it again`,
    },
  );
}

/** Whether the object was assembled from parts with these hashes. */
async function hasSameParts(file: FileToPut, { compositeSha256 }: StoredObject): Promise<boolean> {
  if (compositeSha256 === null) return false;
  const parts = await hashParts(file);
  const hash = file.setup.newSha256();
  for (const { sha256 } of parts)
    hash.update(Uint8Array.from(atob(base64OfHex(sha256)), (c) => c.charCodeAt(0)));
  return compositeSha256 === `${base64OfHex(hash.digest())}-${parts.length}`;
}
