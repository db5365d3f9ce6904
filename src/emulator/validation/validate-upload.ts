import { open, rm } from "node:fs/promises";
import type { AssetType } from "../../atlas/types.ts";
import type { Kind } from "../../facts/formats.ts";
import type { Report } from "../../report/report.ts";
import type { Bucket } from "../bucket/bucket.ts";
import { fetchFromBucket } from "../bucket/fetch-from-bucket.ts";
import { randomId, type Store, type ValidationResult } from "../store.ts";
import type { Toggles } from "../toggles.ts";
import { outcomeOf } from "./codes.ts";

const failed = (code: string, message: string): ValidationResult => ({ status: "Failed", code, message });

/** The largest file that --allow-fetch fetches, in bytes; above every limit there is. */
const fetchCapInBytes = 256 * 1024 * 1024;
const fetchTimeoutInMilliseconds = 30_000;

export interface UploadValidation {
  store: Store;
  bucket: Bucket | null;
  allowFetch: boolean;
  /** The library's check of one file on disk. */
  check(path: string, type: Kind): Promise<Report>;
}

/** Fetches the URL and returns what the service would decide: Active, or Failed with its code. */
export async function validateUpload(
  asset: { url: string; type: AssetType; name: string },
  toggles: Toggles,
  validation: UploadValidation,
): Promise<ValidationResult> {
  if (toggles.failWith !== "") return failed(toggles.failWith, `${toggles.failWith}: requested by a toggle`);
  const marked =
    toggles.policyMarker !== "" &&
    (asset.name.includes(toggles.policyMarker) || asset.url.includes(toggles.policyMarker));
  if (toggles.policyFailure || marked) {
    const code = `Input${asset.type}SensitiveContentDetected.PolicyViolation`;
    return failed(code, "the input may contain content that the policy does not allow");
  }
  const kind = asset.type.toLowerCase() as Kind;
  const own = ownUpload(asset.url, validation.store);
  if (own !== null) {
    const exists = validation.store.state.uploads.some((upload) => upload.id === own);
    if (!exists) return failed("DownloadFailed", "the URL answered 404");
    return outcomeOf(await validation.check(validation.store.mediaPath(own), kind));
  }
  const stored = validation.bucket && (await fetchFromBucket(asset.url, validation.bucket));
  if (stored)
    return "problem" in stored
      ? failed("DownloadFailed", stored.problem)
      : outcomeOf(await validation.check(stored.path, kind));
  if (!validation.allowFetch) {
    return failed(
      "DownloadFailed",
      "this emulator fetches nothing but its own uploads; allow it with --allow-fetch",
    );
  }
  const path = validation.store.mediaPath(`fetched-${randomId()}`);
  try {
    const problem = await fetchTo(asset.url, path);
    return problem === null
      ? outcomeOf(await validation.check(path, kind))
      : failed("DownloadFailed", problem);
  } finally {
    await rm(path, { force: true });
  }
}

/** The id of the upload that a URL names, if it is one of this store; else null. */
export function ownUpload(url: string, store: Store): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !store.state.origins.includes(parsed.origin)) return null;
  return /^\/storage\/([^/]+)\//.exec(parsed.pathname)?.[1] ?? "";
}

/** A plain GET, as the service sends it. Returns why it failed, or null. */
async function fetchTo(url: string, path: string): Promise<string | null> {
  const file = await open(path, "w");
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutInMilliseconds) });
    if (!response.ok || !response.body) return `the URL answered ${response.status}`;
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > fetchCapInBytes) return `the URL answered more than ${fetchCapInBytes} bytes`;
      await file.writeFile(chunk);
    }
    return null;
  } catch {
    return "the URL could not be fetched";
  } finally {
    await file.close();
  }
}
