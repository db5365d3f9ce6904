import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root of the repository that contains `cwd`, by its .git (a folder, or a file in a linked work tree); or null. */
export function repositoryRoot(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}
