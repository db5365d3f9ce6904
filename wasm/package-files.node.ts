import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/*
 * Finds files of installed packages at run time. Bundlers for servers rewrite what they recognize: Turbopack (Next.js
 * 16.4) replaces `createRequire(import.meta.url).resolve(…)` by an error, and `new URL(…, import.meta.url)` by a copy
 * of that one file without what it imports. So the base address is an argument here, and `createRequire` is no import.
 */

/** The path of a package's file as seen from the file at `base`, a file: URL; null if it is not installed there. */
export function resolveFrom(base: string | URL, specifier: string): string | null {
  try {
    return process.getBuiltinModule("node:module").createRequire(base).resolve(specifier);
  } catch {
    return null;
  }
}

/** Files from which packages can be resolved: the module at `base`, else this package as the working directory has it. */
export function resolutionBases(base: string): string[] {
  const here = pathToFileURL(join(process.cwd(), "index.js")).href;
  const installed = resolveFrom(here, "media-preflight/package.json");
  return [base, ...(installed ? [pathToFileURL(installed).href] : []), here];
}

/**
 * A file beside the module at `base`. Where a bundler has moved the module alone, the one in `dist/node` of the
 * installed package.
 */
export function fileBeside(name: string, base: string): URL {
  const beside = new URL(name, base);
  if (beside.protocol !== "file:" || existsSync(beside)) return beside;
  const installed = resolveFrom(
    pathToFileURL(join(process.cwd(), "index.js")),
    "media-preflight/package.json",
  );
  if (!installed) return beside;
  const inPackage = new URL(`dist/node/${name}`, pathToFileURL(installed));
  return existsSync(inPackage) ? inPackage : beside;
}
