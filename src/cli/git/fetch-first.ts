import { readObjects } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { type StagedEntry, sizeInWorkTree } from "./staged.ts";

/** Blobs up to this many bytes are fetched together; larger ones are streamed until their headers decide. */
export const smallBlob: number = 1024 * 1024;
/** So much is fetched in the first place: to ask git what lies unchanged in the work tree would take longer. */
const fetchedUnasked = 4 * 1024 * 1024;
const blobsUnasked = 256;

/**
 * In one process what every check wants, the configuration, and as many blobs as may be fetched unasked. The size in
 * the work tree is no more than a hint of the blob's: where that turns out larger, only the configuration is read.
 */
export async function fetchFirst(
  settings: readonly string[],
  entries: readonly StagedEntry[],
  repo: Repository,
): Promise<Map<string, Uint8Array>> {
  const blobs = new Set<string>();
  let bytes = 0;
  for (const { path, blob } of entries) {
    const size = sizeInWorkTree(repo, path) ?? 0;
    if (size > smallBlob || bytes + size > fetchedUnasked || blobs.size >= blobsUnasked) continue;
    bytes += size;
    blobs.add(blob);
  }
  try {
    return await readObjects([...settings, ...blobs], repo, 2 * fetchedUnasked);
  } catch (error) {
    if (repo.signal?.aborted || blobs.size === 0) throw error;
    return await readObjects(settings, repo);
  }
}
