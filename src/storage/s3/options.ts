import { defaultRetry, type RetryPolicy } from "../../atlas/http/retry.ts";
import { MediaPreflightError } from "../../errors.ts";
import { credentialsCache, type S3Credentials } from "./credentials.ts";
import { type NewSha256, portableSha256 } from "./hash.ts";
import type { S3Wire } from "./http/transport.ts";
import { checkKey } from "./object-url.ts";
import type { PutSetup } from "./upload/file-to-put.ts";

/** Options of a bucket. */
export interface S3StorageOptions {
  /** The bucket's name. */
  bucket: string;
  /** What all keys begin with, such as "media/". Default: nothing. */
  prefix?: string | undefined;
  /** Default: AWS_REGION; "auto" for R2 and Google Cloud Storage, else "us-east-1". */
  region?: string | undefined;
  /** Base URL of another provider; its buckets are addressed in path style. Default: AWS_ENDPOINT_URL_S3, else Amazon S3. */
  endpoint?: string | undefined;
  /** Default: AWS_ACCESS_KEY_ID. */
  accessKeyId?: string | undefined;
  /** Default: AWS_SECRET_ACCESS_KEY. */
  secretAccessKey?: string | undefined;
  /** Of temporary keys. Default: AWS_SESSION_TOKEN. */
  sessionToken?: string | undefined;
  /** Fetches the keys before they expire, in place of the three above: an AWS SDK credential provider can be given. */
  credentials?: (() => S3Credentials | Promise<S3Credentials>) | undefined;
  /**
   * Base of the public addresses of the objects, such as a CDN's: an address is this and the key, without a signature.
   * Default: addresses are signed.
   */
  publicBaseUrl?: string | undefined;
  /** Bytes of each part of a large file but the last: at least 5 MiB. Default 16 MiB. */
  partSize?: number | undefined;
  /** Larger files are sent in parts, and continued after an interruption. In bytes, default 32 MiB. */
  multipartAbove?: number | undefined;
  /** Used instead of the global fetch. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds without any progress until an attempt is aborted. Default 60,000. */
  timeout?: number | undefined;
  /** When a failed request is tried again. */
  retry?: Partial<RetryPolicy> | undefined;
  /** Opens a path as a Blob whose bytes stay on disk; Node's storage provides it. */
  openFile?: ((path: string) => Promise<Blob>) | undefined;
  /** Makes an incremental SHA-256; Node's storage provides a faster one. */
  newSha256?: NewSha256 | undefined;
}

/** Checked options. */
export interface S3Setup {
  wire: S3Wire;
  put: PutSetup;
  prefix: string;
  publicBaseUrl: URL | null;
}

const mebibyte = 1024 * 1024;

/** @throws MediaPreflightError `usage`; StorageError `storage-denied` without keys */
export function resolveOptions(options: S3StorageOptions): S3Setup {
  const { bucket, prefix = "" } = options;
  if (typeof bucket !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket))
    throw usage(`${JSON.stringify(bucket)} is not a bucket name`, "for example s3://my-bucket/media/");
  if (prefix !== "") checkKey(prefix);
  const endpoint = options.endpoint === undefined ? null : baseUrl("endpoint", options.endpoint);
  const host = endpoint?.hostname ?? "";
  const google = /(?:^|\.)storage\.googleapis\.com$/.test(host);
  const region =
    options.region ?? (google || host.endsWith(".r2.cloudflarestorage.com") ? "auto" : "us-east-1");
  if (!/^[a-z0-9-]{1,64}$/.test(region))
    throw usage(`${JSON.stringify(region)} is not a region`, "for example eu-central-1, or auto");
  const { accessKeyId = "", secretAccessKey = "", sessionToken } = options;
  return {
    prefix,
    publicBaseUrl:
      options.publicBaseUrl === undefined ? null : baseUrl("publicBaseUrl", options.publicBaseUrl),
    wire: {
      bucket,
      endpoint,
      region,
      dialect: google ? "goog" : "amz",
      credentials: credentialsCache(options.credentials ?? { accessKeyId, secretAccessKey, sessionToken }),
      fetch: options.fetch,
      timeout: options.timeout ?? 60_000,
      retry: { ...defaultRetry, ...options.retry },
    },
    put: {
      newSha256: options.newSha256 ?? portableSha256,
      partSize: bytes("partSize", options.partSize ?? 16 * mebibyte, 5 * mebibyte),
      multipartAbove: bytes("multipartAbove", options.multipartAbove ?? 32 * mebibyte, 0),
    },
  };
}

/** @throws MediaPreflightError `usage` */
function baseUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    throw usage(
      `${name} is not an http(s) URL without query and user name`,
      "for example https://s3.example.com",
    );
  return url;
}

function bytes(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw usage(`${name} cannot be ${value}`, `use a whole number of bytes from ${least}`);
  return value;
}

function usage(message: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("usage", message, { hint });
}
