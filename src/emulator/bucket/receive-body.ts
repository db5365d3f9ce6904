import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Checksum, digestOf, givenChecksum } from "./checksum.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./signature/request.ts";

/** S3's limit of one PUT or one part: 5 GiB ("Amazon S3 multipart upload limits", read 2026-11). */
const largestBody = 5 * 1024 ** 3;

/** Bytes on disk, with their digests. */
export interface StoredBytes {
  size: number;
  /** Hexadecimal; of a body that was not sent in parts also its ETag. */
  md5: string;
  /** Hexadecimal. */
  sha256: string;
  /** The checksum that the request gave, once it is verified. */
  checksum: Checksum | null;
}

/** The fault that cuts the connection while the body arrives. */
export class ConnectionCut extends Error {}

/** What the body is checked against besides its own headers. */
export interface BodyExpectation {
  /** SHA-256 in hexadecimal from the signature; null: not signed. */
  payloadHash: string | null;
  /** Cut the connection once this many bytes have arrived; null: never. */
  cutAfter: number | null;
}

/**
 * Streams a body to `path`, and removes it again unless length and all digests that were given match.
 * @throws S3Error; ConnectionCut
 */
export async function receiveBody(
  request: S3Request,
  incoming: Readable,
  path: string,
  { payloadHash, cutAfter }: BodyExpectation,
): Promise<StoredBytes> {
  const length = contentLength(request);
  const md5Header = request.headers.get("content-md5");
  if (md5Header !== undefined && Buffer.from(md5Header, "base64").length !== 16)
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified is not valid.");
  const given = givenChecksum(request);
  try {
    const { size, md5, sha256, checksum } = await write(incoming, path, given?.algorithm ?? null, cutAfter);
    if (size !== length)
      throw new S3Error(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
      );
    if (payloadHash !== null && payloadHash !== sha256)
      throw new S3Error(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        {
          ClientComputedContentSHA256: payloadHash,
          S3ComputedContentSHA256: sha256,
        },
      );
    if (md5Header !== undefined && md5Header !== Buffer.from(md5, "hex").toString("base64"))
      throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
    if (given && given.value !== checksum)
      throw new S3Error(
        "BadDigest",
        `The ${given.algorithm} you specified did not match the calculated checksum.`,
      );
    return { size, md5, sha256, checksum: given && { ...given, type: "FULL_OBJECT" } };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function contentLength(request: S3Request): number {
  const header = request.headers.get("content-length");
  if (request.headers.get("content-encoding")?.includes("aws-chunked"))
    throw new S3Error(
      "NotImplemented",
      "This emulator does not implement aws-chunked bodies: send the body whole.",
    );
  if (header === undefined)
    throw new S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.");
  if (Number(header) > largestBody)
    throw new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: header,
      MaxSizeAllowed: String(largestBody),
    });
  return Number(header);
}

async function write(
  incoming: Readable,
  path: string,
  algorithm: Parameters<typeof digestOf>[0] | null,
  cutAfter: number | null,
): Promise<{ size: number; md5: string; sha256: string; checksum: string | null }> {
  const hashes = bodyHashes(algorithm);
  let size = 0;
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.byteLength;
      hashes.update(chunk);
      done(cutAfter !== null && size > cutAfter ? new ConnectionCut() : null, chunk);
    },
  });
  try {
    await pipeline(incoming, hashing, createWriteStream(path));
  } catch (error) {
    // A client that left in the middle of its body ends the stream early.
    if (incoming.destroyed && !(error instanceof ConnectionCut)) throw new ConnectionCut();
    throw error;
  }
  return { size, ...hashes.digests() };
}

/** MD5, SHA-256 and one checksum over the same bytes. */
export function bodyHashes(algorithm: Parameters<typeof digestOf>[0] | null): {
  update(bytes: Uint8Array): void;
  digests(): { md5: string; sha256: string; checksum: string | null };
} {
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  const other = algorithm === null || algorithm === "SHA256" ? null : digestOf(algorithm);
  return {
    update(bytes) {
      md5.update(bytes);
      sha256.update(bytes);
      other?.update(bytes);
    },
    digests() {
      const digest = sha256.digest();
      const checksum = algorithm === "SHA256" ? digest : (other?.digest() ?? null);
      return {
        md5: md5.digest("hex"),
        sha256: digest.toString("hex"),
        checksum: checksum?.toString("base64") ?? null,
      };
    },
  };
}
