import { relative, resolve, sep } from "node:path";

/** A path as configuration and baseline write it: relative to their folder, with slashes. */
export function localPath(path: string, base: string): string {
  const near = relative(base, resolve(path));
  return sep === "\\" ? near.replaceAll("\\", "/") : near;
}
