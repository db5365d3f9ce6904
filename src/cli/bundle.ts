/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. media-preflight.js has the commands that send nothing, main.js has
 * all of them and is loaded for the others: a check need not compile code that uploads. The cross-check worker and the
 * SDK of `media-preflight mcp` are two more files. They are CommonJS, because an ES module loads every module of Node
 * that it imports before its first line runs: so a lazily imported part costs nothing until it is used, and an old Node
 * gets a message instead of a missing export.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, transform } from "esbuild";

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

/** The style sheet and the script of HTML reports become texts of the bundle, minified. */
const reportAssets: Plugin = {
  name: "assets of HTML reports",
  setup({ onLoad }) {
    onLoad({ filter: /\/formatters\/html\/assets\.node\.ts$/ }, async ({ path }) => {
      const read = (name: string): string => readFileSync(join(path, "..", name), "utf8");
      const sheet = { loader: "css", minify: true, target: "chrome123" } as const;
      const code = { loader: "ts", minify: true, target: "es2022", format: "iife" } as const;
      const css = JSON.stringify((await transform(read("page.css"), sheet)).code.trim());
      const source = `${read("page-script.ts")}\nrunPage();`;
      const script = JSON.stringify((await transform(source, code)).code.trim());
      return { contents: `export const css = ${css};\nexport const script = ${script};`, loader: "js" };
    });
  },
};

/** What is loaded on demand from a file of its own: all commands, and the SDK of the Model Context Protocol. */
const ownFiles: Plugin = {
  name: "files of their own",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(main|sdk)\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/ts$/, "js"), external: true } : null,
    );
  },
};

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    "src/cli/media-preflight.ts",
    "src/cli/main.ts",
    "src/facts/cross-check/worker.node.ts",
    "src/mcp/sdk.ts",
  ],
  plugins: [reportAssets, ownFiles],
  entryNames: "[name]",
  outdir,
  bundle: true,
  format: "cjs",
  platform: "node",
  // An old Node.js must be able to parse the file to report that it is too old.
  target: "node16.11",
  minifySyntax: true,
  minifyWhitespace: true,
  // Licences are in THIRD-PARTY-LICENSES.txt. Node.js reads and compiles a file of ASCII faster.
  legalComments: "none",
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
