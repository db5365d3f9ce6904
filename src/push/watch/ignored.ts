/* Which files of a watched folder are ignored, by their names. */

/** Endings of files that a program is still writing: browsers, curl, wget, rclone, FileZilla, editors. */
const temporary =
  /(?:~|\.(?:part|partial|crdownload|download|opdownload|tmp|temp|filepart|filepart\d+|swp|lock))$/i;
/** Copies that `fix` wrote: "clip.fixed.mp4", "clip.fixed-2.mp4". */
const fixedCopy = /\.fixed(?:-\d+)?\.[^.]+$/i;
const skippedFolders: ReadonlySet<string> = new Set(["node_modules"]);

/**
 * Whether a path inside the watched folder is ignored: hidden files and folders, temporary names, fixed copies.
 * @param path relative to the watched folder, with / or \ between its parts
 */
export function isIgnoredName(path: string): boolean {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  const name = parts.at(-1) ?? "";
  if (parts.some((part) => part.startsWith(".") || skippedFolders.has(part))) return true;
  return name.startsWith("~$") || temporary.test(name) || fixedCopy.test(name);
}
