import type { Kind } from "../../facts/formats.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import type { Storage } from "../../storage/storage.ts";
import { checkInput } from "../../submit/check-input.ts";
import { keyInStorage, missingObject } from "../../submit/input/object-input.ts";
import { nodePlatform } from "../../submit/input/platform.node.ts";
import type { SubmitOptions } from "../../submit/options.ts";
import { SubmitError } from "../../submit/submit-error.ts";
import { putChecked } from "../../submit/upload-file.ts";
import type { QueueJob } from "./job.ts";

/*
 * Files in the user's own bucket: a job names the object, and a worker opens only objects of the storage that it was
 * started with.
 */

/** Where a worker finds an object, and what makes it the same. */
export type ObjectPlace = Required<Pick<QueueJob, "object">> &
  Pick<QueueJob, "content"> & { subject: string };

/** How a file is checked before it is put into the bucket. */
export type CheckOptions = Pick<
  SubmitOptions,
  "acceptUnsure" | "crossCheck" | "crossCheckOptions" | "limits" | "rules" | "strict"
> & { type?: Kind | undefined; signal?: AbortSignal | undefined };

const platform = nodePlatform(nodePreflight.preflight);

/** An object that exists. @throws StorageError `not-found`; MediaPreflightError `usage` */
export async function objectPlace(
  address: string,
  storage: Storage,
  signal: AbortSignal | null,
): Promise<ObjectPlace> {
  const key = keyInStorage(address, storage);
  const found = await storage.stat(key, { signal });
  if (!found) throw missingObject(address, key, storage);
  return { object: address, subject: JSON.stringify(["object", address, found.etag]) };
}

/** Checks a local file, and puts it into the bucket if it passes. @throws SubmitError `refused`, `changed` */
export async function putIntoStorage(
  path: string,
  storage: Storage,
  { acceptUnsure, crossCheck, crossCheckOptions, limits, rules, strict, type, signal }: CheckOptions,
): Promise<ObjectPlace> {
  const checkOptions = { acceptUnsure, crossCheck, crossCheckOptions, limits, rules, strict, type, signal };
  const result = await checkInput(platform, path, { ...checkOptions, storage }, true);
  if (result.outcome === "file-changed" || result.checked.sha256 === null)
    throw new SubmitError("changed", "it changed while it was checked", { retryable: true });
  const { report, sha256 } = result.checked;
  const { key } = await putChecked(storage, path, { report, sha256, signal });
  const stored = await storage.stat(key, { signal });
  const bucket = storage.name.split("/")[2] ?? "";
  const content = stored ? { etag: stored.etag, sha256 } : undefined;
  return { object: `s3://${bucket}/${key}`, content, subject: sha256 };
}
