import { statSync } from "node:fs";

/** Whether a file is so small that it may be a Git LFS pointer, which is under 1,024 bytes; hardly any media are. */
export function maybePointer(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size > 0 && stat.size < 1024;
  } catch {
    return false; // opening it will say why
  }
}
