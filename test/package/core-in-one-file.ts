import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * esbuild puts modules into one file where the same entries reach them, and each import() makes an entry: what is loaded
 * at once would lie in dozens of files. So whatever is loaded later also reaches the core, which is there by then, and
 * the core becomes one file. Not so what a worker loads: there the core is not.
 * @param core a source file, and a name that it exports
 */
export const coreInOneFile = (core: { file: string; name: string }): Plugin => ({
  name: "the core in one file",
  setup({ onResolve, onLoad }) {
    const inWorkersToo = /\/facts\/cross-check\/(answer|mediainfo)\.ts$/;
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, importer, resolveDir }) =>
      kind === "dynamic-import" && !inWorkersToo.test(importer)
        ? { path: resolve(resolveDir, path), namespace: "later" }
        : null,
    );
    onLoad({ filter: /./, namespace: "later" }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)}; export { ${core.name} as core } from ${JSON.stringify(core.file)};`,
      resolveDir: process.cwd(),
    }));
  },
});
