import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";

/**
 * The real path of `path`, which need not exist, if that is inside `root`; else null. Null for a dangling link too,
 * since its target may be created anywhere.
 */
export function realPathWithin(path: string, root: string): string | null {
  const real = realPath(resolve(path));
  const top = realPath(resolve(root));
  if (real === null || top === null) return null;
  return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep) ? real : null;
}

/** The path with all links resolved, which need not exist; null where that cannot be known. */
export function realPath(path: string): string | null {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), ...missing);
    } catch (error) {
      const notFound = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!notFound || isLink(at) || dirname(at) === at) return null;
      missing.unshift(basename(at));
    }
  }
}

/** Whether the path itself is a symbolic link, wherever that leads. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
