import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

/*
 * What a page loads: `node test/bench/size-core.ts [--modules]`. Bundles `preflight` alone, and apart from it each part
 * that the first file of a kind loads, without what is there already; prints both minified and gzipped. With
 * --modules, what each source file adds. A bundler that shakes per module comes near these figures; what
 * dist/browser itself ships to a plain <script type="module"> is for the package's own size check.
 */

const root = resolve(import.meta.dirname, "../..");
const modules = process.argv.includes("--modules");
let total = 0;

/** Leaves out what is loaded lazily, and the files that are there already. */
const without = (there: ReadonlySet<string>): Plugin => ({
  name: "without",
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) =>
      kind === "dynamic-import" || (path.startsWith(".") && there.has(resolve(resolveDir, path)))
        ? { path, external: true }
        : null,
    );
  },
});

/** Prints a bundle's size; returns the files in it. */
async function tell(name: string, contents: string, there = new Set<string>()): Promise<Set<string>> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    absWorkingDir: root,
    outfile: `${root}/.tmp/size-core.js`,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    metafile: true,
    plugins: [without(there)],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const gzip = gzipSync(code, { level: 9 }).length;
  total += gzip;
  console.log(`${name.padEnd(28)} ${String(code.length).padStart(6)} B ${String(gzip).padStart(6)} B gzip`);
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
  const lived = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  if (modules)
    for (const [path, { bytesInOutput }] of lived.sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput))
      console.log(`${String(bytesInOutput).padStart(37)}   ${path}`);
  return new Set(lived.map(([path]) => resolve(root, path)));
}

const core = await tell("before the first verdict", 'export { preflight } from "./src/browser.ts"');
const parts = {
  "JPEG, PNG, GIF, WebP, BMP": "image/still.ts",
  TIFF: "image/tiff.ts",
  "HEIC, HEIF": "image/heif.ts",
  "MP4, MOV": "video/mp4.ts",
  WAV: "audio/wav.ts",
  MP3: "audio/mp3.ts",
  "others, to name them": "others.ts",
};
for (const [name, path] of Object.entries(parts))
  await tell(`+ ${name}`, `export * from "./src/facts/${path}"`, core);
console.log(`${"together".padEnd(35)} ${String(total).padStart(8)} B gzip`);
