import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { type EmulatorOptions, type RunningEmulator, startEmulator } from "../../../src/emulator/index.ts";

/** An emulator with a bucket, and aws4fetch as its client. */
export interface TestBucket extends AsyncDisposable {
  emulator: RunningEmulator;
  aws: AwsClient;
  /** Address of a key, path style. */
  url(key: string, query?: string): string;
  /** A signed request; its body, if any, is not hashed by aws4fetch. */
  send(key: string, init?: SignedInit): Promise<Response>;
  /** A presigned URL. */
  presign(key: string, init?: SignedInit & { expires?: number }): Promise<string>;
}

export type SignedInit = Omit<RequestInit, "headers"> & { headers?: Record<string, string>; query?: string };

export async function startBucket(options: EmulatorOptions = {}): Promise<TestBucket> {
  const emulator = await startEmulator({ bucket: "media", processingMs: 0, ...options });
  const { bucket } = emulator;
  if (!bucket) throw new Error("there is no bucket");
  const { endpoint, region, accessKeyId, secretAccessKey } = bucket;
  const session = bucket.sessionToken === undefined ? {} : { sessionToken: bucket.sessionToken };
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0, ...session });
  const url = (key: string, query = "") => `${endpoint}/${bucket.bucket}/${key}${query}`;
  return {
    emulator,
    aws,
    url,
    send: (key, { query, ...init } = {}) => aws.fetch(url(key, query), init),
    async presign(key, { query, expires = 900, ...init } = {}) {
      const address = new URL(url(key, query));
      address.searchParams.set("X-Amz-Expires", String(expires));
      const request = await aws.sign(address, { ...init, aws: { signQuery: true, allHeaders: true } });
      return request.url;
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

/** The code of S3's error body. */
export async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  return /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text;
}

/** SHA-256, in Base64 as x-amz-checksum-sha256 has it. */
export const sha256Base64 = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("base64");

/** Bytes that differ by seed. */
export function bytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    out[i] = state >>> 24;
  }
  return out;
}
