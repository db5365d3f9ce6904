import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/** A source file, and a name that it exports. */
export interface Shared {
  file: string;
  name: string;
}

/** Small modules that an entry and some files that are loaded later share. */
export interface SharedModules {
  /** Matches the paths of the files that are loaded later. */
  by: RegExp;
  modules: readonly Shared[];
}

/**
 * esbuild puts modules into one chunk if the same entries reach them, and each import() makes an entry: the first load
 * would consist of dozens of chunks. So each file that is loaded later also imports the core, which is there by then,
 * and the core becomes one chunk. Not so what a worker loads: the core is not there.
 * @param shared become one chunk too, instead of one each
 */
export const coreInOneFile = (core: Shared, shared?: SharedModules): Plugin => ({
  name: "the core in one file",
  setup({ onResolve, onLoad }) {
    const inWorkersToo = /\/facts\/cross-check\/(read-with-library|mediainfo)\.ts$/;
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, importer, resolveDir }) =>
      kind === "dynamic-import" && !inWorkersToo.test(importer)
        ? { path: resolve(resolveDir, path), namespace: "later" }
        : null,
    );
    onLoad({ filter: /./, namespace: "later" }, ({ path }) => {
      const imports = [core, ...(shared?.by.test(path) ? shared.modules : [])];
      const exported = imports.map(
        ({ file, name }, at) => `export { ${name} as shared${at} } from ${JSON.stringify(file)};`,
      );
      return {
        contents: [`export * from ${JSON.stringify(path)};`, ...exported].join("\n"),
        resolveDir: process.cwd(),
      };
    });
  },
});
