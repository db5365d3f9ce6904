import type { Repository } from "./repository.ts";
import { git } from "./run.ts";

/**
 * Objects by name or `:path`, all in one process; those that are missing are left out.
 * @throws MediaPreflightError `git`, also where they are more bytes than `outputCap`
 */
export async function readObjects(
  names: readonly string[],
  repo: Repository,
  outputCap?: number,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  if (names.length === 0) return found;
  const input = names.map((name) => `${name}\n`).join("");
  const out = await git(["cat-file", "--batch=%(objecttype) %(objectsize)"], {
    cwd: repo.root,
    signal: repo.signal,
    input,
    outputCap,
  });
  let at = 0;
  for (const name of names) {
    const end = out.indexOf(10, at);
    if (end === -1) break;
    const header = /^(\w+) (\d+)$/.exec(out.toString("utf8", at, end));
    at = end + 1;
    if (!header) continue; // "… missing"
    const size = Number(header[2]);
    if (header[1] === "blob") found.set(name, out.subarray(at, at + size));
    at += size + 1;
  }
  return found;
}
