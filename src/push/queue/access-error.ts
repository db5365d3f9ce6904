import type { AtlasClient } from "../../atlas/types.ts";
import { isMediaPreflightError, type MediaPreflightError } from "../../errors.ts";
import { concernsAllFiles } from "../all-files-errors.ts";

/**
 * The error of a service that refuses the key or cannot be reached, noticed before a job is taken: each job counts its
 * attempts, and a worker that its service manager restarts again and again would use them up.
 */
export async function accessError(
  atlas: AtlasClient,
  signal: AbortSignal | undefined,
): Promise<MediaPreflightError | null> {
  try {
    for await (const _ of atlas.listAssets({ signal })) break;
  } catch (error) {
    if (isMediaPreflightError(error) && concernsAllFiles(error)) return error;
  }
  return null;
}
