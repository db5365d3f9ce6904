import { readObjects } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { type StagedEntry, sizeInWorkTree } from "./staged.ts";

/** Blobs up to this many bytes are fetched together; larger ones are streamed until their headers decide. */
export const smallBlob: number = 1024 * 1024;
/** Up to this many bytes are fetched at once: asking git which files are unchanged in the work tree takes longer. */
const readAheadBytes = 4 * 1024 * 1024;
const readAheadCount = 256;

/**
 * Fetches the configuration and small blobs in one process. A file's size in the work tree is only an estimate of its
 * blob's: if the blobs turn out larger, only the configuration is fetched.
 */
export async function readAhead(
  settings: readonly string[],
  entries: readonly StagedEntry[],
  repo: Repository,
): Promise<Map<string, Uint8Array>> {
  const blobs = new Set<string>();
  let bytes = 0;
  for (const { path, blob } of entries) {
    const size = sizeInWorkTree(repo, path) ?? 0;
    if (size > smallBlob || bytes + size > readAheadBytes || blobs.size >= readAheadCount) continue;
    bytes += size;
    blobs.add(blob);
  }
  try {
    return await readObjects([...settings, ...blobs], repo, 2 * readAheadBytes);
  } catch (error) {
    if (repo.signal?.aborted || blobs.size === 0) throw error;
    return await readObjects(settings, repo);
  }
}
