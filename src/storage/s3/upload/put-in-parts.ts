import { throwIfAborted } from "../../../errors.ts";
import { StorageError } from "../../error.ts";
import type { StoredPart } from "../../storage.ts";
import { statIfAllowed } from "../objects.ts";
import { type FileToPut, reportProgress } from "./file-to-put.ts";
import { hashParts, type Part } from "./hash-parts.ts";
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  sendPart,
  unfinishedUploads,
} from "./parts.ts";

/** Most times that an upload in parts is started, if the bucket loses it. */
const maxUploads = 3;
/** Most unfinished uploads of one key that are examined for parts to reuse. */
const maxExaminedUploads = 20;

/** @returns false if the key has an object */
export async function putInParts(file: FileToPut): Promise<boolean> {
  const { wire, options, signal } = file;
  const { key } = options;
  const parts = await hashParts(file);
  for (let uploads = 1; ; uploads++) {
    const { id, arrived } = await findUpload(file, parts);
    try {
      const stored = await sendMissing(file, id, parts, arrived);
      const hash = (text: string): string => hashText(file, text);
      await completeUpload(wire, { key, id, ifAbsent: true }, stored, hash, signal).catch(
        async (error: unknown) => {
          if (!(error instanceof StorageError && error.status === 501)) throw error;
          await completeUpload(wire, { key, id, ifAbsent: false }, stored, hash, signal);
        },
      );
      return true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // Its parts are of no use any more, also if another writer has made the object (PreconditionFailed).
      if (error.code === "changed") await abortUpload(wire, key, id, signal).catch(() => {});
      if (error.storageCode === "PreconditionFailed") return false;
      if (!hasDisappeared(error)) throw error;
      // Completed by another process, or by an attempt of this one whose answer was lost; or aborted by a lifecycle rule.
      if (await statIfAllowed(wire, key, signal)) return false;
      if (uploads === maxUploads) throw error;
    }
  }
}

function hasDisappeared({ storageCode, status }: StorageError): boolean {
  return storageCode === "NoSuchUpload" || storageCode === "ConditionalRequestConflict" || status === 404;
}

/** The upload of this key that has the most of its parts, or a new one. */
async function findUpload(
  { wire, options, signal }: FileToPut,
  parts: readonly Part[],
): Promise<{ id: string; arrived: ReadonlyMap<number, StoredPart> }> {
  let best: { id: string; arrived: ReadonlyMap<number, StoredPart> } | null = null;
  for (const id of (await unfinishedUploads(wire, options.key, signal)).slice(0, maxExaminedUploads)) {
    const listed = await listParts(wire, options.key, id, signal);
    if (!listed) continue;
    const arrived = new Map(
      listed.filter((part) => isPart(part, parts[part.number - 1])).map((part) => [part.number, part]),
    );
    if (arrived.size >= (best?.arrived.size ?? 0)) best = { id, arrived };
  }
  return best ?? { id: await createUpload(wire, options.key, options.type, signal), arrived: new Map() };
}

function isPart({ size, sha256 }: StoredPart, part: Part | undefined): boolean {
  return part !== undefined && size === part.end - part.start && sha256 === part.sha256;
}

async function sendMissing(
  { wire, blob, options, signal }: FileToPut,
  id: string,
  parts: readonly Part[],
  arrived: ReadonlyMap<number, StoredPart>,
): Promise<StoredPart[]> {
  const stored: StoredPart[] = [];
  for (const { number, start, end, sha256 } of parts) {
    throwIfAborted(signal);
    const content = blob.slice(start, end);
    const body = {
      content,
      sha256,
      rateLimit: options.rateLimit ?? null,
      onSent: (sent: number) => reportProgress(options, start + sent),
    };
    stored.push(
      arrived.get(number) ?? (await sendPart(wire, { key: options.key, id, number }, body, signal)),
    );
    reportProgress(options, end);
  }
  return stored;
}

function hashText({ setup }: FileToPut, text: string): string {
  const hash = setup.newSha256();
  hash.update(new TextEncoder().encode(text));
  return hash.digest();
}
