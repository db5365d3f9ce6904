import { backoffDelay } from "../../async/backoff.ts";
import { delay } from "../../async/delay.ts";
import type { Progress } from "../../atlas/types.ts";
import { sha256OfBlob } from "../../bytes/sha256.ts";
import { MediaPreflightError, throwIfAborted } from "../../errors.ts";
import { type SignedPut, type SignedUpload, signedPartOf, signedUploadOf } from "./answers.ts";
import { putBytes } from "./put-bytes.ts";
import { findUnfinished, forgetUnfinished, rememberUnfinished, type UnfinishedUpload } from "./unfinished.ts";

/** A file to upload directly into the user's own bucket. */
export interface FileToUpload {
  endpoint: string;
  blob: Blob;
  type: "image" | "video" | "audio";
  contentType: string;
  name: string;
  /** POSTs JSON to the handler, with retries; `path` is relative to the endpoint. */
  post(path: string, body: unknown): Promise<unknown>;
  fetch: typeof globalThis.fetch | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
  signal: AbortSignal | null;
}

const maxAttempts = 10;
const retryBackoff = { base: 500, cap: 10_000 };

/**
 * Uploads a file by signed requests; a large one in parts, of which those that arrived before a reload are skipped.
 * @returns the upload's id
 * @throws MediaPreflightError
 */
export async function putFile(file: FileToUpload): Promise<string> {
  throwIfAborted(file.signal);
  const total = file.blob.size;
  file.onProgress?.({ phase: "upload", loaded: 0, total });
  const sha256 = await sha256OfBlob(file.blob, file.signal, (loaded) =>
    file.onProgress?.({ phase: "check", loaded, total }),
  );
  const name = `${file.endpoint} ${file.type} ${sha256}`;
  const earlier = findUnfinished(name);
  if (earlier) {
    try {
      await putParts(file, earlier);
      return earlier.id;
    } catch (error) {
      if (!(error instanceof MediaPreflightError) || error.code !== "not-found") throw error;
      // Expired, registered already, or another user's who used this browser before.
      forgetUnfinished(earlier.id);
    }
  }
  const upload = await startUpload(file, sha256);
  if ("put" in upload) return await putInOneRequest(file, sha256, upload);
  rememberUnfinished(name, upload);
  await putParts(file, upload);
  return upload.id;
}

async function startUpload(
  { post, type, contentType, blob, name }: FileToUpload,
  sha256: string,
): Promise<SignedUpload> {
  return signedUploadOf(await post("/uploads", { type, contentType, size: blob.size, sha256, name }));
}

/** @returns the id of the upload that succeeded: after a refusal another one is started */
async function putInOneRequest(
  file: FileToUpload,
  sha256: string,
  first: SignedUpload & { put: SignedPut },
): Promise<string> {
  let upload = first;
  await withRetries(file.signal, async (error) => {
    if (error?.code === "forbidden") {
      const again = await startUpload(file, sha256);
      if ("put" in again) upload = again;
    }
    await put(file, upload.put, 0, file.blob);
  });
  return upload.id;
}

async function putParts(file: FileToUpload, { id, parts: { size, count } }: UnfinishedUpload): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const start = (number - 1) * size;
    const part = file.blob.slice(start, start + size);
    const sha256 = await sha256OfPart(part, file.signal);
    // Signed again before each attempt: the part may have arrived although the answer was lost.
    await withRetries(file.signal, async () => {
      const signed = signedPartOf(await file.post(`/uploads/${id}`, { part: number, sha256 }));
      if (signed) await put(file, signed, start, part);
    });
    file.onProgress?.({ phase: "upload", loaded: start + part.size, total: file.blob.size });
  }
}

/** The browser's own hash is several times as fast, needs all of the bytes in memory, and exists in secure contexts only. */
async function sha256OfPart(part: Blob, signal: AbortSignal | null): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) return await sha256OfBlob(part, signal);
  const digest = await subtle.digest("SHA-256", await part.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function put(file: FileToUpload, signed: SignedPut, start: number, blob: Blob): Promise<void> {
  const { fetch, signal, onProgress } = file;
  const total = file.blob.size;
  const onLoaded = (loaded: number): void =>
    onProgress?.({ phase: "upload", loaded: Math.min(total, start + loaded), total });
  return putBytes({ put: signed, blob, fetch, signal, onLoaded });
}

/** Repeats an attempt while its errors are retryable. @param attempt gets the error of the attempt before */
async function withRetries(
  signal: AbortSignal | null,
  attempt: (previous: MediaPreflightError | null) => Promise<void>,
): Promise<void> {
  let previous: MediaPreflightError | null = null;
  for (let count = 1; ; count++) {
    try {
      await attempt(previous);
      return;
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof MediaPreflightError) || !error.retryable || count === maxAttempts) throw error;
      previous = error;
      await delay(backoffDelay(count, retryBackoff), signal);
    }
  }
}
