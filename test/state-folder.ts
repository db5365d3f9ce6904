import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Vitest global setup: tests, and the processes that they start, keep the program's state (such as the key of the file
 * ledger) in a temporary folder instead of the user's own.
 */
export default async function stateFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "media-preflight-state-"));
  process.env.XDG_STATE_HOME = folder;
  return () => rm(folder, { recursive: true, force: true });
}
