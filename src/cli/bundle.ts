/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. The command is one file, and the cross-check worker another. They
 * are CommonJS, because an ES module loads every module of Node that it imports before its first line runs: so a lazily
 * imported part costs nothing until it is used, and an old Node gets a message instead of a missing export.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
const outdir = process.argv[2] ?? join(root, "dist/cli");

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  engines: { node: string };
  peerDependencies: Record<string, string>;
};
const minimumNode = manifest.engines.node.replace(">=", "");
const [major, minor] = minimumNode.split(".");
const header = `{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    console.error("media-preflight: needs Node.js ${minimumNode} or later; this is " + process.version);
    process.exit(2);
  }
}
const importMetaUrl = require("node:url").pathToFileURL(__filename).href;`;

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/media-preflight.ts", "src/facts/cross-check/worker.node.ts"],
  entryNames: "[name]",
  outdir,
  bundle: true,
  format: "cjs",
  platform: "node",
  // An old Node has to parse the file before it can say that it is too old.
  target: "node16.11",
  minifySyntax: true,
  minifyWhitespace: true,
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: header },
  // Loaded from where npm installed them: MediaInfo finds its WebAssembly there, the others are seldom needed.
  external: [
    "mediainfo.js",
    "file-type",
    "image-size",
    "music-metadata",
    ...Object.keys(manifest.peerDependencies),
  ],
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(outdir, "package.json"), '{ "type": "commonjs" }\n');
// What went into it, for the list of licences.
writeFileSync(`${outdir}.meta.json`, JSON.stringify(metafile));
