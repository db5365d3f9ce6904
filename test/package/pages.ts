/*
 * How scripts for pages are bundled: `node test/package/pages.ts` makes dist/browser, and the demo and the tests serve
 * what is made the same way.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type Metafile, type Plugin, transform } from "esbuild";
import { coreInOneFile } from "./core-in-one-file.ts";

const root = join(import.meta.dirname, "../..");
const core = { file: join(root, "src/preflight/preflight.browser.ts"), name: "browserPreflight" };
const shared = {
  by: /\/(atlas\/calls|push\/submit-and-push\.browser|ledger\/(memory|store-ledger)|session\/send-file)\.ts$/,
  modules: [
    { file: join(root, "src/async/stopwatch.ts"), name: "Stopwatch" },
    { file: join(root, "src/bytes/url/loopback.ts"), name: "isLoopbackHost" },
    { file: join(root, "src/ledger/ledger.ts"), name: "LeaseLost" },
    { file: join(root, "src/submit/submit-error.ts"), name: "SubmitError" },
  ],
};

/** The package's entries for pages. */
export const entries = {
  index: "src/browser.ts",
  element: "src/web/element/define.ts",
  uppy: "src/web/uppy.ts",
  "react-dropzone": "src/web/react-dropzone.ts",
  worker: "src/facts/cross-check/worker.ts",
  "fix-worker": "src/fix/browser/worker.ts",
};

/** Optional packages: users install those that they need, under their own licences. */
const optional = ["@uppy/core", "mediabunny", "@mediabunny/aac-encoder", "@mediabunny/mp3-encoder"];

/**
 * MediaInfo's JavaScript goes into the bundle, although its import is marked so that users' bundlers ignore it; its
 * own default address of the WebAssembly does not, since every bundler would make a copy of 2.6 MB for it.
 */
const bundleMediaInfo: Plugin = {
  name: "bundle mediainfo.js",
  setup({ onLoad }) {
    const read = (path: string): string => readFileSync(path, "utf8");
    onLoad({ filter: /\/facts\/cross-check\/mediainfo\.ts$/ }, ({ path }) => ({
      contents: replaced(read(path), /\/\* (webpackIgnore|turbopackIgnore|@vite-ignore)[^*]*\*\//g, ""),
      loader: "ts",
    }));
    onLoad({ filter: /\/mediainfo\.js\/dist\/esm-bundle\/index\.js$/ }, ({ path }) => ({
      contents: replaced(read(path), /new URL\('MediaInfoModule\.wasm', import\.meta\.url\)\.href/g, "''"),
    }));
  },
};

/** A style sheet is imported as its minified text. */
export const cssAsText: Plugin = {
  name: "css as text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "chrome123",
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** @throws Error if there is nothing to replace: the file has changed */
function replaced(text: string, pattern: RegExp, by: string): string {
  const result = text.replaceAll(pattern, by);
  if (result === text) throw new Error(`nothing matches ${pattern}`);
  return result;
}

export interface Pages {
  /** Scripts by file name. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  metafile: Metafile;
}

const bundles = new Map<string, Promise<Pages>>();

/**
 * Bundles scripts for pages, entries by their names; `external` modules stay imports. A process makes each bundle once:
 * many tests serve the same.
 */
export function bundlePages(
  scripts: Readonly<Record<string, string>>,
  external: readonly string[] = [],
): Promise<Pages> {
  const key = JSON.stringify([scripts, external]);
  const made = bundles.get(key) ?? bundle(scripts, external);
  bundles.set(key, made);
  return made;
}

async function bundle(
  scripts: Readonly<Record<string, string>>,
  external: readonly string[],
): Promise<Pages> {
  const { outputFiles, metafile } = await build({
    entryPoints: { ...scripts },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    external: [...external],
    plugins: [coreInOneFile(core, shared), bundleMediaInfo, cssAsText],
    outdir: "out",
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  // esbuild's own functions are a file that every entry imports, even where nothing is taken from it.
  const own = Object.keys(metafile.outputs).filter(
    (path) => Object.keys(metafile.outputs[path]?.inputs ?? {}).length === 0,
  );
  const idle = own.map((path) => `import"./${basename(path)}";`);
  const files = outputFiles.map(({ path, contents, text }): [string, Uint8Array<ArrayBuffer>] => {
    const lean = idle
      .reduce((code, statement) => code.replace(statement, ""), text)
      // An address known at run time only: other bundlers would warn of it. esbuild drops the comments that say so.
      .replaceAll(/\bimport\((\w+)\)/g, "import(/* webpackIgnore: true *//* @vite-ignore */$1)");
    return [basename(path), lean === text ? new Uint8Array(contents) : new TextEncoder().encode(lean)];
  });
  return { files: new Map(files), metafile };
}

/**
 * What dist/browser is made of. The worker that fixes files is bundled by itself: whatever it shared with the others
 * would become chunks of its own, which every page would load one by one.
 */
export async function bundlePackage(): Promise<Pages> {
  const { "fix-worker": fixWorker, ...others } = entries;
  const [pages, worker] = await Promise.all([
    bundlePages(others, optional),
    bundlePages({ "fix-worker": fixWorker }, optional),
  ]);
  return {
    files: new Map([...worker.files, ...pages.files]),
    metafile: {
      inputs: { ...worker.metafile.inputs, ...pages.metafile.inputs },
      outputs: { ...worker.metafile.outputs, ...pages.metafile.outputs },
    },
  };
}

if (import.meta.main) {
  const folder = join(root, "dist/browser");
  const { files, metafile } = await bundlePackage();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  // What went into it, for the list of licences.
  writeFileSync(`${folder}.meta.json`, JSON.stringify(metafile));
}
