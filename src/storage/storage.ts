import type { RateLimit } from "../async/rate-limit.ts";
import type { Progress } from "../atlas/types.ts";
import type { ByteSource } from "../bytes/source.ts";

/** Options of every call to a storage. */
export interface StorageCallOptions {
  signal?: AbortSignal | null | undefined;
}

/** An object in a bucket, as the bucket describes it. */
export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
  /** With its quotes, as `If-Match` takes it; changes with every write of the key. */
  etag: string;
  /** SHA-256 of all bytes in hexadecimal, as the bucket computed it; null if it states none. */
  sha256: string | null;
  /** For an object made of parts: base64 of the SHA-256 of the parts' SHA-256s, "-", and the number of parts; or null. */
  compositeSha256: string | null;
  /** Its media type, or null. */
  contentType: string | null;
}

/** How bytes are stored. */
export interface PutOptions extends StorageCallOptions {
  key: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the bytes, in hexadecimal: other bytes are never stored. */
  sha256: string;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Limits the rate, in bytes per second; may be shared by several uploads. */
  rateLimit?: RateLimit | null | undefined;
}

/** A request that a client without credentials can send until it expires. */
export interface SignedRequest {
  url: string;
  method: "PUT";
  /** To be sent exactly as they are; the length, which is signed as well, is set by the HTTP client. */
  headers: Readonly<Record<string, string>>;
  /** ISO 8601. */
  expiresAt: string;
}

/** Where an object can be fetched. */
export interface SignedAddress {
  url: string;
  /** ISO 8601; null if the address is not signed and does not expire. */
  expiresAt: string | null;
}

/** What a signed upload is bound to. */
export interface PresignOptions extends StorageCallOptions {
  /** Bytes. */
  size: number;
  /** SHA-256 in hexadecimal. */
  sha256: string;
  /** Milliseconds. Default 900,000. */
  expiresIn?: number | undefined;
}

/** A part that the bucket has. */
export interface StoredPart {
  /** From 1. */
  number: number;
  /** Bytes. */
  size: number;
  etag: string;
  /** SHA-256 in hexadecimal, as the bucket computed it; null if it states none. */
  sha256: string | null;
}

/** Objects that are uploaded in parts. */
export interface PartUploads {
  /** Bytes of each part but the last, for an object of this many bytes. */
  partSize(size: number): number;
  /** Begins one. @returns its id in the bucket */
  create(key: string, options: StorageCallOptions & { type: string }): Promise<string>;
  /** Signs a request that sends one part, for a client without credentials. */
  presignPart(key: string, id: string, options: PresignOptions & { number: number }): Promise<SignedRequest>;
  /** The parts that have arrived; null if the bucket knows no such upload. */
  list(key: string, id: string, options?: StorageCallOptions): Promise<StoredPart[] | null>;
  /** Makes the object. @throws StorageError `not-found-upstream` if the bucket knows no such upload */
  complete(
    key: string,
    id: string,
    parts: readonly StoredPart[],
    options?: StorageCallOptions & { ifAbsent?: boolean | undefined },
  ): Promise<void>;
  /** Ends it and deletes its parts; does nothing if it no longer exists. */
  abort(key: string, id: string, options?: StorageCallOptions): Promise<void>;
}

/**
 * The user's own bucket: where files are put before they are registered by an address that the service fetches. Keys are
 * computed (`keyOf`), never read from a ledger. Every call has a deadline, retries what may succeed later, and throws a
 * StorageError with a hint; errors never contain a signature.
 */
export interface Storage {
  /** Its name: "s3://bucket/prefix/". */
  readonly name: string;
  /** Prefix of the keys of uploads from pages. Objects are deleted only below it. */
  readonly incoming: string;
  /** The key of a content: the prefix, the SHA-256 in hexadecimal, and the extension (without a dot). */
  keyOf(content: { sha256: string; extension: string }): string;
  /**
   * Stores bytes under a key, unless they are there already. In Node.js a string is a path, streamed from disk.
   * @throws StorageError `changed`: the bytes do not have this size and hash; `storage-mismatch`: the key has others
   */
  put(source: Blob | string, options: PutOptions): Promise<{ outcome: "stored" | "present" }>;
  /**
   * Where the object can be fetched by a plain GET, for the lesser of `expiresIn` (milliseconds) and the life of the
   * credentials; less than 30 minutes is refused, unless `expiresIn` is less.
   */
  address(key: string, options: StorageCallOptions & { expiresIn: number }): Promise<SignedAddress>;
  /** Null if there is no such object. */
  stat(key: string, options?: StorageCallOptions): Promise<StoredObject | null>;
  /** Ranged reads of an object; they fail with `changed` once its ETag is another. */
  open(object: Pick<StoredObject, "key" | "size" | "etag">, options?: StorageCallOptions): ByteSource;
  /** SHA-256 of an object in hexadecimal: the bucket's, or by reading it once. @throws StorageError `changed` */
  sha256(object: StoredObject, options?: StorageCallOptions): Promise<string>;
  /**
   * Copies an object within the bucket if it still has this ETag, and makes sure that the copy has this size and hash.
   * @throws StorageError `changed`: the object was replaced
   */
  copy(
    from: Pick<StoredObject, "key" | "size" | "etag">,
    to: string,
    options: StorageCallOptions & { type: string; sha256: string },
  ): Promise<void>;
  /** Deletes an object below `incoming`; nothing happens if there is none. @throws MediaPreflightError `usage` */
  remove(key: string, options?: StorageCallOptions): Promise<void>;
  /** Signs a request that puts one object of this type, length and checksum, for a client without credentials. */
  presignPut(key: string, options: PresignOptions & { type: string }): Promise<SignedRequest>;
  readonly parts: PartUploads;
}
