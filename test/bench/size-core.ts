import { dirname, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

/*
 * What a page loads: `node test/bench/size-core.ts [--modules]`. Bundles `export { preflight } from "media-preflight"`
 * as a page's own bundler would, and prints, minified and gzipped: what comes before the first verdict, the part
 * that each kind of file adds to it, and all of them together. With --modules, what each source file adds.
 */

const root = new URL("../../", import.meta.url).pathname;
const modules = process.argv.includes("--modules");
const { outputFiles, metafile } = await build({
  stdin: { contents: 'export { preflight } from "./src/browser.ts"', resolveDir: root, loader: "ts" },
  absWorkingDir: root,
  outdir: `${root}.tmp/size`,
  entryNames: "preflight",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  legalComments: "none",
  external: ["mediainfo.js", "file-type", "image-size", "music-metadata", "ky", "valibot"],
  write: false,
  metafile: true,
});

type Output = Metafile["outputs"][string];
const outputs = new Map<string, Output & { gzip: number }>(
  outputFiles.map((file) => {
    const path = relative(root, file.path);
    const output = metafile.outputs[path];
    if (!output) throw new Error(`esbuild does not know ${path}`);
    return [path, { ...output, gzip: gzipSync(file.contents, { level: 9 }).length }];
  }),
);

/** A chunk and all that it imports at once. */
function loaded(path: string, into = new Set<string>()): Set<string> {
  if (into.has(path)) return into;
  into.add(path);
  for (const { kind, path: to, external } of outputs.get(path)?.imports ?? [])
    if (kind === "import-statement" && !external) loaded(to, into);
  return into;
}

function tell(name: string, paths: Iterable<string>): number {
  const all = [...paths].flatMap((path) => outputs.get(path) ?? []);
  const bytes = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const gzip = all.reduce((sum, { gzip }) => sum + gzip, 0);
  console.log(
    `${name.padEnd(34)} ${String(bytes).padStart(6)} B  ${(gzip / 1000).toFixed(2).padStart(6)} KB gzip`,
  );
  if (modules)
    for (const { inputs } of all)
      for (const [input, { bytesInOutput }] of Object.entries(inputs))
        if (bytesInOutput > 50) console.log(`${String(bytesInOutput).padStart(43)}   ${input}`);
  return gzip;
}

const entry = [...outputs.keys()].find((path) => path.endsWith("/preflight.js"));
if (!entry) throw new Error("esbuild made no entry");
const atOnce = loaded(entry);
tell("before the first verdict", atOnce);

const chunkOf = (source: string): string | undefined =>
  [...outputs].find(([, { entryPoint }]) => entryPoint === source)?.[0];
const parts = {
  "JPEG, PNG, GIF, WebP, BMP": "src/facts/image/still.ts",
  TIFF: "src/facts/image/tiff.ts",
  "HEIC, HEIF": "src/facts/image/heif.ts",
  "MP4, MOV": "src/facts/video/mp4.ts",
  WAV: "src/facts/audio/wav.ts",
  MP3: "src/facts/audio/mp3.ts",
  "anything else, to be named": "src/facts/others.ts",
};
const whole = new Set(atOnce);
for (const [name, source] of Object.entries(parts)) {
  const chunk = chunkOf(source);
  if (!chunk) throw new Error(`${source} is no chunk of its own in ${dirname(entry)}`);
  const more = [...loaded(chunk)].filter((path) => !atOnce.has(path));
  tell(`+ ${name}`, more);
  for (const path of more) whole.add(path);
}
tell("all of them", whole);
