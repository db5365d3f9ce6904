import type { AtlasClient } from "../../atlas/types.ts";
import { sha256OfBlob } from "../../bytes/sha256.ts";
import { type Format, formats } from "../../facts/formats.ts";
import { addressLifetime, contentKey } from "../../storage/content-key.ts";
import type { Storage } from "../../storage/storage.ts";
import type { Ticket } from "./ticket.ts";

/** The service's client, for files that are put into the user's own bucket instead of being uploaded to the service. */
export function clientOverBucket(atlas: AtlasClient, storage: Storage): AtlasClient {
  return {
    ...atlas,
    async uploadMedia(file, { contentType, onProgress, signal } = {}) {
      const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>]);
      const type = contentType ?? "application/octet-stream";
      const sha256 = await sha256OfBlob(blob);
      const key = contentKey(storage, sha256, formatOf(type));
      await storage.put(blob, { key, type, size: blob.size, sha256, onProgress, signal });
      const { url } = await storage.address(key, { expiresIn: addressLifetime, signal });
      return { url, filename: null, size: blob.size, type: null, raw: {} };
    },
  };
}

function formatOf(mime: string): Format | null {
  const all = Object.keys(formats) as Format[];
  return all.find((format) => formats[format].mime === mime) ?? null;
}

/** The address under which an upload is registered; that of an object in the bucket is signed now. */
export async function uploadUrl(
  { ref, stored }: Ticket,
  storage: Storage | null,
  signal: AbortSignal | null,
): Promise<string> {
  if (!stored || !storage) return ref;
  return (await storage.address(ref, { expiresIn: addressLifetime, signal })).url;
}
