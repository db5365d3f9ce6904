import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, sep } from "node:path";

/**
 * The absolute path of a program: from an environment variable that names the file, else the first on PATH. Relative
 * entries, `node_modules/.bin` and everything in the current folder or its repository are skipped: files there may
 * come with the media. Null if there is none.
 */
export function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  cwd: string = process.cwd(),
  override?: string | undefined,
): string | null {
  const named = override === undefined ? undefined : env[override];
  if (named) return isAbsolute(named) ? trusted(named, cwd) : null;
  const suffixes = process.platform === "win32" ? [".exe"] : [""];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const suffix of suffixes) {
      const found = trusted(join(folder, name + suffix), cwd);
      if (found) return found;
    }
  }
  return null;
}

/** The path itself if it is an executable file outside the folders that may hold untrusted files. */
function trusted(path: string, cwd: string): string | null {
  try {
    if (!statSync(path).isFile()) return null;
    accessSync(path, constants.X_OK);
    const real = realpathSync(path);
    const roots = untrustedRoots(realpathSync(cwd));
    for (const place of [path, real]) {
      if (place.split(/[\\/]/).includes("node_modules")) return null;
      if (roots.some((root) => place.startsWith(root))) return null;
    }
    return path;
  } catch {
    return null;
  }
}

/** The current folder and its repository, each with a separator at the end; never the root of a file system. */
function untrustedRoots(cwd: string): string[] {
  const roots = [cwd];
  for (let at = cwd; dirname(at) !== at; at = dirname(at)) if (existsSync(join(at, ".git"))) roots.push(at);
  return roots.filter((root) => dirname(root) !== root).map((root) => root + sep);
}
