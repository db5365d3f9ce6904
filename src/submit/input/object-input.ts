import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";
import { StorageError } from "../../storage/error.ts";
import type { Storage } from "../../storage/storage.ts";
import type { SubmitHooks, SubmitOptions } from "../options.ts";
import { bucketObject } from "../upload-file.ts";
import type { SubmitFile } from "./submit-file.ts";

/** The address of an object, "s3://bucket/key", if the input is one. Its key is not percent-encoded, unless in a URL. */
export function objectAddress(input: unknown): string | null {
  if (typeof input === "string") return /^s3:\/\//i.test(input) ? input : null;
  if (!(input instanceof URL) || input.protocol !== "s3:") return null;
  return `s3://${input.host}${decodeURIComponent(input.pathname)}`;
}

/**
 * The key of an object in the storage.
 * @throws MediaPreflightError `usage`
 */
export function keyInStorage(address: string, storage: Storage): string {
  const [, scheme = "", rest = ""] = /^(s3:\/\/)(.*)$/is.exec(address) ?? [];
  const key = `s3://${rest}`.startsWith(storage.name) ? rest.slice(rest.indexOf("/") + 1) : "";
  if (scheme === "" || key === "" || key.endsWith("/"))
    throw new MediaPreflightError("usage", `this is no object below ${storage.name}`, {
      url: redactUrl(address),
      hint: "name one that is, or another --storage (storage)",
    });
  // A page can replace what it uploaded until its signature expires.
  if (key.startsWith(storage.incoming))
    throw new MediaPreflightError("usage", "uploads from pages are registered by the server's handler only", {
      url: redactUrl(address),
      hint: `copy it to a key outside ${storage.incoming}`,
    });
  return key;
}

/** The error for an address without an object. */
export function missingObject(address: string, key: string, storage: Storage): StorageError {
  return new StorageError("not-found", `there is no object ${key}`, {
    key,
    url: redactUrl(address),
    hint: `check the key; it is below ${storage.name}`,
  });
}

/** An object of the user's bucket: it is checked by ranges, and registered where it is. */
export async function fileOfObject(
  address: string,
  storage: Storage,
  { signal = null, knownContent }: Pick<SubmitOptions & SubmitHooks, "signal" | "knownContent">,
): Promise<SubmitFile> {
  const key = keyInStorage(address, storage);
  const found = await storage.stat(key, { signal });
  if (!found) throw missingObject(address, key, storage);
  return {
    name: key.split("/").at(-1) ?? null,
    payload: null,
    url: null,
    object: await bucketObject(storage, key, signal),
    source: storage.open(found, { signal }),
    stamp: async () => null,
    sha256: async () => (knownContent?.etag === found.etag ? knownContent.sha256 : found.sha256),
    async probe(signal) {
      const now = await storage.stat(key, { signal });
      return { etag: now?.etag ?? null, bytes: now?.size ?? null };
    },
  };
}
