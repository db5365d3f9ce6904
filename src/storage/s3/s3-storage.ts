import { MediaPreflightError } from "../../errors.ts";
import { StorageError } from "../error.ts";
import type { PresignOptions, SignedAddress, SignedRequest, Storage, StoredObject } from "../storage.ts";
import { lifetimeOf } from "./credentials.ts";
import { signUrl } from "./http/sign.ts";
import { checkKey, encodeKey, objectUrl, withQuery } from "./object-url.ts";
import {
  checksumHeaders,
  copyObject,
  deleteObject,
  hashObject,
  openObject,
  statIfAllowed,
  statObject,
} from "./objects.ts";
import { resolveOptions, type S3Setup, type S3StorageOptions } from "./options.ts";
import { abortUpload, completeUpload, createUpload, listParts, partSizeFor } from "./upload/parts.ts";
import { putObject } from "./upload/put.ts";

/** An address with less left is refused: the service may fetch it late, and again. */
const shortestLife = 30 * 60_000;
/** The longest that a signature may be valid (Amazon S3 User Guide, "Sharing objects with presigned URLs"). */
const longestLife = 7 * 24 * 3_600_000;
const defaultUploadLife = 15 * 60_000;

/** A Storage over any S3-compatible service. @throws MediaPreflightError `usage`; StorageError `storage-denied` */
export function createS3Storage(options: S3StorageOptions): Storage {
  const setup = resolveOptions(options);
  const { wire, put, prefix } = setup;
  const incoming = `${prefix}incoming/`;
  const { openFile } = options;
  const hashText = (text: string): string => {
    const hash = put.newSha256();
    hash.update(new TextEncoder().encode(text));
    return hash.digest();
  };
  return {
    name: `s3://${wire.bucket}/${prefix}`,
    incoming,
    keyOf({ sha256, extension }) {
      if (!/^[0-9a-f]{64}$/.test(sha256) || !/^[a-z0-9]{1,10}$/.test(extension))
        throw new MediaPreflightError("usage", "a key is made of a SHA-256 in hexadecimal and an extension");
      return checkKey(`${prefix}${sha256}.${extension}`);
    },
    async put(source, given) {
      checkKey(given.key);
      return await putObject(wire, put, typeof source === "string" ? await open(source) : source, given);
    },
    address: (key, { expiresIn, signal }) => addressOf(setup, checkKey(key), expiresIn, signal ?? null),
    stat: (key, { signal } = {}) => statObject(wire, checkKey(key), signal ?? null),
    open: (object, { signal } = {}) => openObject(wire, object, signal ?? null),
    sha256: async (object, { signal } = {}) =>
      object.sha256 ?? (await hashObject(wire, object, put.newSha256, signal ?? null)),
    copy: (from, to, given) => copyVerified(setup, from, checkKey(to), given),
    async remove(key, { signal } = {}) {
      if (!key.startsWith(incoming) || key === incoming)
        throw new MediaPreflightError("usage", `only objects below ${incoming} are deleted, not ${key}`);
      await deleteObject(wire, checkKey(key), signal ?? null);
    },
    presignPut: (key, given) =>
      presign(setup, { key, query: {}, headers: { "content-type": given.type } }, given),
    parts: {
      partSize: (size) => partSizeFor(size, put.partSize),
      create: (key, { type, signal }) => createUpload(wire, checkKey(key), type, signal ?? null),
      presignPart: (key, id, given) =>
        presign(
          setup,
          { key, query: { partNumber: String(given.number), uploadId: id }, headers: {} },
          given,
        ),
      list: (key, id, { signal } = {}) => listParts(wire, checkKey(key), id, signal ?? null),
      complete: (key, id, parts, { signal, ifAbsent } = {}) =>
        completeUpload(
          wire,
          { key: checkKey(key), id, ifAbsent: ifAbsent ?? false },
          parts,
          hashText,
          signal ?? null,
        ),
      abort: (key, id, { signal } = {}) => abortUpload(wire, checkKey(key), id, signal ?? null),
    },
  };

  async function open(path: string): Promise<Blob> {
    if (openFile) return await openFile(path);
    throw new MediaPreflightError("usage", "a path can only be uploaded in Node.js", {
      hint: "give a File or a Blob",
    });
  }
}

/** @throws StorageError `storage-mismatch` if the copy has another size or hash */
async function copyVerified(
  { wire, put: { newSha256 } }: S3Setup,
  from: Parameters<Storage["copy"]>[0],
  to: string,
  { type, sha256, signal = null }: Parameters<Storage["copy"]>[2],
): Promise<void> {
  const isSame = async (object: StoredObject): Promise<boolean> =>
    object.size === from.size &&
    (object.sha256 ?? (await hashObject(wire, object, newSha256, signal))) === sha256;
  const present = await statIfAllowed(wire, to, signal);
  if (present && (await isSame(present))) return;
  const copied = await copyObject(wire, from, to, { type, signal });
  if (copied === sha256) return;
  const copy = copied === null ? await statObject(wire, to, signal) : null;
  if (!copy || !(await isSame(copy)))
    throw new StorageError("storage-mismatch", "the copy has other bytes than the object", { key: to });
}

async function addressOf(
  { wire, publicBaseUrl }: S3Setup,
  key: string,
  expiresIn: number,
  signal: AbortSignal | null,
): Promise<SignedAddress> {
  if (publicBaseUrl) {
    const url = new URL(`${publicBaseUrl.href.replace(/\/+$/, "")}/${encodeKey(key)}`).href;
    return { url, expiresAt: null };
  }
  const life = Math.min(expiresIn, longestLife);
  const credentials = await wire.credentials.get(signal, life);
  const left = Math.min(life, lifetimeOf(credentials));
  if (left < Math.min(shortestLife, life))
    throw new StorageError(
      "storage-denied",
      `the bucket's keys end in ${Math.max(0, Math.floor(left / 60_000))} minutes, before the service may have fetched the file`,
      { hint: "use keys that are valid for at least 30 minutes more", key },
    );
  const seconds = Math.floor(left / 1000);
  const request = { method: "GET", url: objectUrl(wire, key), headers: {} };
  const url = await signUrl({ ...wire, credentials }, request, seconds);
  return { url: url.href, expiresAt: inSeconds(seconds) };
}

async function presign(
  { wire }: S3Setup,
  target: { key: string; query: Readonly<Record<string, string>>; headers: Readonly<Record<string, string>> },
  { size, sha256, expiresIn = defaultUploadLife, signal = null }: PresignOptions,
): Promise<SignedRequest> {
  if (!Number.isSafeInteger(size) || size < 0 || !/^[0-9a-f]{64}$/.test(sha256))
    throw new MediaPreflightError(
      "usage",
      "a signed upload takes a size in bytes and a SHA-256 in hexadecimal",
    );
  const life = Math.min(expiresIn, longestLife);
  const credentials = await wire.credentials.get(signal, life);
  const seconds = Math.floor(Math.min(life, lifetimeOf(credentials)) / 1000);
  if (seconds < 1)
    throw new StorageError("storage-denied", "the bucket's keys have expired", { hint: "fetch new ones" });
  const headers = { ...target.headers, ...checksumHeaders(wire, sha256) };
  const url = await signUrl(
    { ...wire, credentials },
    {
      method: "PUT",
      url: withQuery(objectUrl(wire, checkKey(target.key)), target.query),
      // Signed as well, and set by every HTTP client by itself.
      headers: { ...headers, "content-length": String(size) },
    },
    seconds,
  );
  return { url: url.href, method: "PUT", headers, expiresAt: inSeconds(seconds) };
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
