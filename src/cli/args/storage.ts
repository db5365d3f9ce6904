import type { S3StorageOptions } from "../../storage/s3/options.ts";
import type { Storage } from "../../storage/storage.ts";
import { type Flags, type Parsed, usage } from "./parse.ts";

/** Flags that name the user's own bucket. */
export const storageFlags = {
  storage: {
    kind: "value",
    value: "s3://BUCKET/PREFIX/",
    help: "put files into your own bucket and register signed addresses; keys come from the environment",
  },
  "public-base-url": {
    kind: "value",
    value: "URL",
    help: "with --storage: register URL + key, such as a CDN's, in place of signed addresses",
  },
} as const satisfies Flags;

/** Environment variables of the bucket. */
export const storageEnv = [
  "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN  the bucket's keys; they are never arguments",
  "AWS_REGION, AWS_ENDPOINT_URL_S3  where the bucket is; the endpoint of R2, Google Cloud Storage or another provider",
] as const;

/** The bucket that --storage names; undefined without it. @throws MediaPreflightError `usage`, `storage-denied` */
export async function storageOf({ values }: Parsed, command: string): Promise<Storage | undefined> {
  const publicBaseUrl = values["public-base-url"];
  if (values.storage === undefined) {
    if (publicBaseUrl !== undefined) throw usage("--public-base-url needs --storage", command);
    return undefined;
  }
  const { s3Storage } = await import("../../storage/s3-storage.node.ts");
  return s3Storage({ ...bucketIn(values.storage, command), publicBaseUrl });
}

/** The bucket and prefix in "s3://bucket/prefix/". @throws MediaPreflightError `usage` */
export function bucketIn(address: string, command: string): Pick<S3StorageOptions, "bucket" | "prefix"> {
  const [, bucket, path = ""] = /^s3:\/\/([^/?#@:]+)(?:\/([^?#]*))?$/i.exec(address) ?? [];
  if (bucket === undefined) throw usage("write the bucket as s3://my-bucket/prefix/", command);
  return { bucket, prefix: path === "" || path.endsWith("/") ? path : `${path}/` };
}
