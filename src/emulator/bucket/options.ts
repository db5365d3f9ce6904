import { MediaPreflightError } from "../../errors.ts";
import type { CorsRule } from "./cors.ts";

/**
 * Credentials that the emulator's bucket accepts unless given others: those of AWS's own published examples. They are
 * no secret and open nothing else.
 */
export const testCredentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
} as const;

/** The emulator's bucket: an S3 that verifies every signature. */
export interface BucketOptions {
  /** 3 to 63 lower-case letters, digits, hyphens. */
  name: string;
  /** Default "us-east-1". A request signed for another region is refused. */
  region?: string | undefined;
  /** Default: the key of AWS's published examples, AKIAIOSFODNN7EXAMPLE. Never a key of a real account. */
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  /** The session token that every request must carry. Default: none, and none is accepted. */
  sessionToken?: string | undefined;
  /** CORS rules. Default: none, as a new bucket has; PutBucketCors changes them. */
  cors?: readonly CorsRule[] | undefined;
  /** Anonymous GET and HEAD are answered, as behind a CDN. Default false. */
  publicRead?: boolean | undefined;
  /** Bytes that each part of a multipart upload but the last must have. Default 5 MiB, as on S3. */
  minPartSize?: number | undefined;
  /** The bucket's clock, epoch milliseconds. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/** Options with their defaults. */
export interface BucketSettings {
  name: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  cors: readonly CorsRule[];
  publicRead: boolean;
  minPartSize: number;
  now: () => number;
}

/** @throws MediaPreflightError `usage` if the name is no bucket name */
export function bucketSettings(given: string | BucketOptions): BucketSettings {
  const options = typeof given === "string" ? { name: given } : given;
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(options.name))
    throw new MediaPreflightError("usage", `${JSON.stringify(options.name)} is no bucket name`, {
      hint: "use 3 to 63 lower-case letters, digits and hyphens",
    });
  return {
    name: options.name,
    region: options.region ?? "us-east-1",
    accessKeyId: options.accessKeyId ?? testCredentials.accessKeyId,
    secretAccessKey: options.secretAccessKey ?? testCredentials.secretAccessKey,
    sessionToken: options.sessionToken,
    cors: options.cors ?? [],
    publicRead: options.publicRead ?? false,
    minPartSize: options.minPartSize ?? 5 * 1024 * 1024,
    now: options.now ?? Date.now,
  };
}
