/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. Two passes of esbuild. The first splits the program into what
 * every run needs and what is loaded when it is asked for. The second gathers into one file the thirty-odd pieces
 * that `check FILE` always loads, since opening a module costs more than parsing it; the pieces themselves stay as
 * one line each that hands on what the gathered file holds, so that nothing exists twice.
 */
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "../..");
const out = process.argv[2] ?? join(root, "dist/cli");
/** What is loaded at once for `media-preflight check clip.mp4`, and what for `check --staged` besides. */
const groups = {
  "check-a-file.js": ["src/cli/start.ts", "src/cli/commands/check.ts", "src/report/formatters/text.ts"],
  "check-staged.js": ["src/cli/git/index.ts"],
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "warning",
};
// Loaded only where they are wanted, from where npm put them.
const external = "mediainfo.js file-type image-size music-metadata ky hono @hono/node-server".split(" ");

/**
 * Node's modules as `process.getBuiltinModule` hands them out (Node 20.16, 22.3): an import statement would make a
 * namespace of them, and with it load all that hangs on their getters, streams and promises among them.
 */
const builtins: Plugin = {
  name: "Node's modules without their namespaces",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ kind, path }) =>
      kind === "import-statement" ? { path, namespace: "builtin", sideEffects: false } : null,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => {
      const properties = Object.getOwnPropertyDescriptors(createRequire(import.meta.url)(path) as object);
      const names = Object.keys(properties).filter((name) => properties[name]?.get === undefined);
      const exported = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => m.${name})();`);
      return { contents: [`const m = process.getBuiltinModule("${path}");`, ...exported].join("\n") };
    });
  },
};

rmSync(out, { recursive: true, force: true });
const split = await build({
  ...common,
  entryPoints: ["src/cli/media-preflight.ts", "src/cli/start.ts", "src/facts/witness/worker.node.ts"],
  external,
  plugins: [builtins],
  splitting: true,
  metafile: true,
  outdir: out,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
});
// What went into it, for the list of licences.
writeFileSync(`${out}.meta.json`, JSON.stringify(split.metafile));
const { outputs } = split.metafile;
/** Pieces that are gathered already, each with the statement that gives its exports. */
const place = new Map<string, string>();
for (const [file, entries] of Object.entries(groups)) await gather(file, entries);
hand(out);
console.log(`${relative(root, out)}: ${place.size} of ${Object.keys(outputs).length} files gathered`);

/** The output of a source file that is loaded by itself. */
function outputOf(source: string): string {
  const file = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === source);
  if (file === undefined) throw new Error(`no output for ${source}`);
  return file;
}

/** Bundles what the entries always load, less what another file holds. */
async function gather(into: string, entries: readonly string[]): Promise<void> {
  const wanted = new Set<string>();
  const follow = (file: string): void => {
    if (wanted.has(file) || place.has(file)) return;
    wanted.add(file);
    for (const { kind, path, external } of outputs[file]?.imports ?? [])
      if (kind === "import-statement" && !external) follow(path);
  };
  for (const entry of entries) follow(outputOf(entry));
  const names = [...wanted].map((file) => basename(file));
  const statement = (name: string, i: number): string =>
    `import * as p${i} from ${JSON.stringify(`./${name}`)}; export { p${i} };`;
  await build({
    ...common,
    stdin: { contents: names.map(statement).join("\n"), resolveDir: out },
    // The package's "sideEffects": false holds for its modules, not for this list of them.
    ignoreAnnotations: true,
    outfile: join(out, into),
    plugins: [
      {
        name: "leave the rest where it is",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /.*/ }, ({ kind, path }) => {
            if (kind === "entry-point" || names.includes(basename(path))) return null;
            const held = kind === "import-statement" && handed(basename(path)) !== undefined;
            return held ? { path, namespace: "piece" } : { path, external: true };
          });
          onLoad({ filter: /.*/, namespace: "piece" }, ({ path }) => ({
            contents: handed(basename(path)) ?? "",
            resolveDir: out,
          }));
        },
      },
    ],
  });
  for (const [i, file] of [...wanted].entries())
    place.set(file, `import { p${i} as piece } from ${JSON.stringify(`./${into}`)};`);
}

/** A gathered piece as what hands its exports on; undefined for any other file. */
function handed(name: string): string | undefined {
  const file = [...place.keys()].find((path) => basename(path) === name);
  if (file === undefined) return undefined;
  const exported = outputs[file]?.exports.join(", ") ?? "";
  return exported === "" ? "" : `${place.get(file)}\nexport const { ${exported} } = piece;\n`;
}

/** Writes each piece anew, as what hands its exports on, and the program that begins with the gathered file. */
function hand(folder: string): void {
  for (const file of place.keys()) writeFileSync(join(folder, basename(file)), handed(basename(file)) ?? "");
  const start = /\{ (p\d+) /.exec(place.get(outputOf("src/cli/start.ts")) ?? "")?.[1];
  const program = JSON.stringify(`./${Object.keys(groups)[0]}`);
  writeFileSync(
    join(folder, "media-preflight.js"),
    `#!/usr/bin/env node
if (process.getBuiltinModule) import(${program}).then(({ ${start} }) => ${start}.start());
else {
  console.error("media-preflight: needs Node 20.16 or later, and this is " + process.version);
  process.exitCode = 2;
}
`,
  );
}
