import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { type ErrorCode, MediaPreflightError } from "../../errors.ts";

/*
 * A repository may come from anybody. What it names (a baseline, a rule table, the ledger, a link in a folder) may lead
 * nowhere outside it: it would be read, or overwritten, with the rights of the user who only wanted to check media.
 */

/**
 * The real path of `path`, which need not exist, if that lies in `root`; else null. A dangling link has none: where it
 * would lead can change.
 */
export function realPathWithin(path: string, root: string): string | null {
  const real = realPath(resolve(path));
  const top = realPath(resolve(root));
  if (real === null || top === null) return null;
  return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep) ? real : null;
}

/**
 * The real path of something that a repository named.
 * @param what for the message: "the baseline"
 * @throws MediaPreflightError with `code`
 */
export function containedPath(
  path: string,
  root: string,
  what: string,
  code: ErrorCode = "bad-config",
): string {
  const real = realPathWithin(path, root);
  if (real !== null) return real;
  throw new MediaPreflightError(code, `${what} leads out of the repository: ${path}`, {
    hint: "a repository can only name files inside it, with all links resolved",
  });
}

/** The path with all links resolved, which need not exist; null where that cannot be known. */
export function realPath(path: string): string | null {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), ...missing);
    } catch (error) {
      const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!absent || isLink(at) || dirname(at) === at) return null;
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
