import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Uploads } from "../multipart.ts";
import type { Objects } from "../objects.ts";
import type { BucketSettings } from "../options.ts";
import { type BodyExpectation, receiveBody } from "../receive-body.ts";
import { S3Error } from "../s3-error.ts";
import type { S3Request } from "../signature/request.ts";
import type { Configuration } from "./configuration.ts";

/** A verified request, and what it works on. */
export interface Exchange extends BodyExpectation {
  request: S3Request;
  incoming: Readable;
  objects: Objects;
  uploads: Uploads;
  settings: BucketSettings;
  configuration: Configuration;
}

/** Name of a new file of the bucket. */
export const newFile = (): string => `object-${randomBytes(12).toString("hex")}`;

/** Largest XML body that S3 takes here; 10,000 parts with checksums are about 2 MB. */
const xmlCapInBytes = 4 * 1024 * 1024;

/** An XML body as text; its digests are verified like those of an object. @throws S3Error */
export async function xmlBody(exchange: Exchange): Promise<string> {
  const { request, incoming, objects } = exchange;
  if (Number(request.headers.get("content-length") ?? 0) > xmlCapInBytes)
    throw new S3Error("MalformedXML", "Your XML exceeded the maximum length");
  const file = newFile();
  await receiveBody(request, incoming, objects.disk.path(file), exchange);
  try {
    return await readFile(objects.disk.path(file), "utf8");
  } finally {
    await objects.disk.remove(file);
  }
}

/** The object's own headers of a request that stores one. */
export function storedHeaders(request: S3Request): { contentType: string; metadata: Record<string, string> } {
  const metadata: Record<string, string> = {};
  for (const [name, value] of request.headers) if (name.startsWith("x-amz-meta-")) metadata[name] = value;
  for (const { name, value } of request.query)
    if (name.toLowerCase().startsWith("x-amz-meta-")) metadata[name.toLowerCase()] ??= value;
  return { contentType: request.headers.get("content-type") ?? "binary/octet-stream", metadata };
}
