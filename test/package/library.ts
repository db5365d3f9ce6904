/*
 * Bundles the package's entries for Node.js: `node test/package/library.ts` makes dist/node. Importing one loads a
 * few files instead of a hundred; entries share files, so that a class exists once. Packages stay imports.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { entries } from "../docs/api.ts";
import { coreInOneFile } from "./core-in-one-file.ts";

const root = join(import.meta.dirname, "../..");

type Target = string | { [condition: string]: Target };

/** Sources by the name of their bundle: what package.json's exports name in dist/node. */
export function librarySources(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, Target>;
  };
  const found: Record<string, string> = {};
  for (const [entry, target] of Object.entries(exports)) {
    const file = typeof target === "string" ? target : target.default;
    const name = typeof file === "string" ? /^\.\/dist\/node\/([\w-]+)\.js$/.exec(file)?.[1] : undefined;
    if (name === undefined) continue;
    const source = entries[entry.replace(/^\./, "media-preflight")];
    if (source === undefined) throw new Error(`test/docs/api.ts names no source of ${entry}`);
    found[name] = source;
  }
  return found;
}

/** Writes the bundles to a folder. */
export async function bundleLibrary(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    // The worker is found by its name, beside the file that starts it.
    entryPoints: { ...librarySources(), "worker.node": "src/facts/cross-check/worker.node.ts" },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.12",
    packages: "external",
    plugins: [coreInOneFile({ file: join(root, "src/index.ts"), name: "preflight" })],
    outdir: folder,
    chunkNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

if (import.meta.main) {
  const folder = join(root, "dist/node");
  rmSync(folder, { recursive: true, force: true });
  // What went into it, for the list of licences.
  writeFileSync(`${folder}.meta.json`, JSON.stringify(await bundleLibrary(folder)));
}
