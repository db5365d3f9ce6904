import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, parse, resolve, sep } from "node:path";
import { realPath, realPathWithin } from "../bytes/real-path.node.ts";
import { MediaPreflightError } from "../errors.ts";

/**
 * The folders whose files an agent may name, all links resolved: those of `--allow`, otherwise the current one, unless it
 * is a home directory or contains one.
 * @throws MediaPreflightError `usage`
 */
export function allowedFolders(named: readonly string[], cwd: string): [string, ...string[]] {
  if (named.length > 0) return named.map((folder) => realFolder(folder, cwd)) as [string, ...string[]];
  const folder = realFolder(cwd, cwd);
  if (isTooWide(folder))
    throw new MediaPreflightError("usage", `started in ${folder}: too much for an agent to read`, {
      hint: "name the folder with your media: media-preflight mcp --allow DIR",
    });
  return [folder];
}

function realFolder(folder: string, cwd: string): string {
  const real = realPath(resolve(cwd, folder));
  if (real !== null && statSync(real, { throwIfNoEntry: false })?.isDirectory()) return real;
  throw new MediaPreflightError("usage", "--allow: there is no such folder", { path: folder });
}

/** The root of a file system, a home directory, or a folder of home directories. */
function isTooWide(folder: string): boolean {
  if (folder === parse(folder).root || folder === "/root") return true;
  const home = realPath(homedir()) ?? homedir();
  if (folder === home || home.startsWith(folder + sep)) return true;
  return ["/home", "/Users"].some((homes) => folder === homes || dirname(folder) === homes);
}

/** Where the kernel presents processes and devices as files. */
const kernelFolders = ["/proc", "/sys", "/dev"] as const;

/**
 * The real path of a path that an agent named, which need not exist.
 * @throws MediaPreflightError `path-refused`, whether or not there is such a file outside the folders
 */
export function allowedPath(path: string, folders: readonly string[]): string {
  // A URL is no path: as one it would name a file in a folder called "https:".
  const absolute = /^$|\0|^[a-z][a-z\d+.-]*:\/\//i.test(path) ? null : resolve(path);
  for (const folder of absolute === null ? [] : folders) {
    const real = realPathWithin(absolute ?? "", folder);
    if (real !== null && !kernelFolders.some((kernel) => real === kernel || real.startsWith(kernel + sep)))
      return real;
  }
  throw new MediaPreflightError("path-refused", "the path is not in a folder that this server may read", {
    path,
    hint: `name a file in ${folders.join(" or ")}, or ask the user to start the server with --allow DIR`,
  });
}
