/** The user's own bucket for Node.js: media-preflight/storage-s3. */
import { createHash } from "node:crypto";
import { blobOfPath } from "../bytes/blob-of-path.node.ts";
import { environment } from "../bytes/url/runtime.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import type { S3StorageOptions } from "./s3/options.ts";
import { createS3Storage } from "./s3/s3-storage.ts";
import type { Storage } from "./storage.ts";

export { isStorageError, StorageError } from "./error.ts";
export type { S3Credentials } from "./s3/credentials.ts";
export type { NewSha256, Sha256 } from "./s3/hash.ts";
export type { S3StorageOptions } from "./s3/options.ts";
export type {
  PartUploads,
  PresignOptions,
  PutOptions,
  SignedAddress,
  SignedRequest,
  Storage,
  StorageCallOptions,
  StoredObject,
  StoredPart,
} from "./storage.ts";

/**
 * A bucket of Amazon S3, Cloudflare R2, Google Cloud Storage (HMAC keys) or any S3-compatible service. What is left out
 * comes from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and
 * AWS_ENDPOINT_URL_S3. Files are streamed from disk.
 * @throws MediaPreflightError `usage`; StorageError `storage-denied` without keys
 */
export function s3Storage(options: S3StorageOptions): Storage {
  requireKnownOptions("s3Storage", options, optionNames);
  return createS3Storage(s3Options(options));
}

/** The options with what Node.js adds: the environment, files and a fast hash. */
export function s3Options(options: S3StorageOptions): S3StorageOptions {
  const given = options.accessKeyId !== undefined || options.credentials !== undefined;
  return {
    ...options,
    region: options.region ?? environment("AWS_REGION"),
    endpoint: options.endpoint ?? environment("AWS_ENDPOINT_URL_S3"),
    // Keys belong together: given ones are not completed from the environment.
    ...(!given && {
      accessKeyId: environment("AWS_ACCESS_KEY_ID"),
      secretAccessKey: environment("AWS_SECRET_ACCESS_KEY"),
      sessionToken: environment("AWS_SESSION_TOKEN"),
    }),
    openFile: options.openFile ?? blobOfPath,
    newSha256: options.newSha256 ?? nodeSha256,
  };
}

const optionNames = {
  bucket: true,
  prefix: true,
  region: true,
  endpoint: true,
  accessKeyId: true,
  secretAccessKey: true,
  sessionToken: true,
  credentials: true,
  publicBaseUrl: true,
  partSize: true,
  multipartAbove: true,
  fetch: true,
  timeout: true,
  retry: true,
  openFile: true,
  newSha256: true,
} as const satisfies OptionNames<S3StorageOptions>;

const nodeSha256 = (): { update(bytes: Uint8Array): unknown; digest(): string } => {
  const hash = createHash("sha256");
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("hex") };
};
