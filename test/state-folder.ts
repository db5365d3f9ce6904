import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Vitest global setup: tests, and the processes that they start, keep the program's state (such as the key of the file
 * ledger) in a temporary folder instead of the user's own, and share a compile cache: a process that loads the sources
 * strips their types and compiles them once in a run, which is 0.4 s of each start.
 */
export default async function stateFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "media-preflight-state-"));
  process.env.XDG_STATE_HOME = folder;
  process.env.NODE_COMPILE_CACHE ??= join(folder, "compile-cache");
  // Workers that are ending still write to the cache.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
