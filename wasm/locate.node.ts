import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { MediaPreflightError } from "../src/errors.ts";
import { resolutionBases, resolveFrom } from "./package-files.node.ts";
import { pin } from "./pin.ts";
import { verify } from "./verify.ts";

/**
 * The path of the module: the caller's own, else that of the installed package.
 * @throws MediaPreflightError `not-found` where the package is not installed
 */
export function locateWasm(own?: string | URL | null): string {
  if (own) return own instanceof URL || own.startsWith("file:") ? fileURLToPath(own) : own;
  for (const base of resolutionBases(import.meta.url)) {
    const path = resolveFrom(base, `${pin.package}/${pin.file}`);
    if (path) return path;
  }
  throw new MediaPreflightError("not-found", `${pin.package} is not installed`, {
    hint: `npm install ${pin.package}@${pin.packageVersion}; if a bundler packs the server, exclude this package (Next.js: serverExternalPackages: ["media-preflight"])`,
  });
}

/**
 * What mediainfo.js's `locateFile` is to answer with on Node: a path whose bytes were just found to be the pinned ones.
 * @throws MediaPreflightError `not-found`, `wasm-mismatch`
 */
export async function verifiedWasmPath(own?: string | URL | null): Promise<string> {
  const path = locateWasm(own);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new MediaPreflightError("not-found", `the MediaInfo module cannot be read at ${path}`, { cause });
  }
  await verify(bytes, path);
  return path;
}
