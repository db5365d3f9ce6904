import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Paths of all regular files in a folder and below it. Links are not followed, and what cannot be read is left out. */
export async function* listFiles(
  folder: string,
  isIgnored: (path: string) => boolean,
): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (isIgnored(path)) continue;
    if (entry.isDirectory()) yield* listFiles(path, isIgnored);
    else if (entry.isFile()) yield path;
  }
}
