import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./signature/request.ts";

/** The checksum algorithms of S3 that this bucket computes. */
const algorithms = ["CRC32", "SHA1", "SHA256"] as const;
/** An algorithm of `x-amz-checksum-…` that the bucket computes. */
export type ChecksumAlgorithm = (typeof algorithms)[number];

/** A checksum as S3 writes it: Base64; a composite one of n parts ends with `-n`. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

/** A hash that is fed piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  if (algorithm === "CRC32") return crc32Digest();
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(value);
      return out;
    },
  };
}

export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element of a checksum in S3's XML. */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

/**
 * The checksum that a request gives for its body, or null.
 * @throws S3Error for more than one, for one that is no checksum, and for one this emulator does not compute
 */
export function givenChecksum(request: S3Request): Omit<Checksum, "type"> | null {
  const names = new Set([...request.headers.keys(), ...request.query.map(({ name }) => name.toLowerCase())]);
  const given = [...names].filter((name) => /^x-amz-checksum-(?!algorithm|mode|type)/.test(name));
  if (given.length > 1)
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const name = given[0];
  if (name === undefined) return null;
  const algorithm = toAlgorithm(name.slice("x-amz-checksum-".length));
  const value = headerOf(request, name) ?? "";
  if (Buffer.from(value, "base64").length !== digestOf(algorithm).digest().length)
    throw new S3Error("InvalidRequest", `Value for ${name} header is invalid.`);
  return { algorithm, value };
}

/** The algorithm in `x-amz-checksum-algorithm`, or null. */
export function requestedAlgorithm(request: S3Request): ChecksumAlgorithm | null {
  const name = headerOf(request, "x-amz-checksum-algorithm");
  return name === undefined ? null : toAlgorithm(name);
}

function toAlgorithm(name: string): ChecksumAlgorithm {
  const found = algorithms.find((one) => one === name.toUpperCase());
  if (found) return found;
  if (/^(?:crc32c|crc64nvme|md5|sha512|xxhash\w*)$/i.test(name))
    throw new S3Error("NotImplemented", `This emulator does not compute ${name}: use SHA256, SHA1 or CRC32.`);
  throw new S3Error(
    "InvalidRequest",
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  );
}

/** The checksum of a multipart object: the hash of its parts' hashes, and their number. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Checksum {
  const digest = digestOf(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, "base64"));
  return { algorithm, value: `${digest.digest().toString("base64")}-${parts.length}`, type: "COMPOSITE" };
}
