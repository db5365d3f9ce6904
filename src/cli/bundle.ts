/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. First, esbuild splits the program into what every run needs and
 * what is loaded when it is asked for. Then the fifty-odd pieces that `check` always loads are gathered into one file,
 * since opening a module costs more than parsing it; and those of `check --staged` besides into another. The pieces
 * themselves stay as one line each that hands on what the gathered file holds, so that nothing exists twice. Gathered
 * files are scripts, no modules: only of a script can the compiled code be kept (launch.ts).
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "../..");
const out = process.argv[2] ?? join(root, "dist/cli");
/** What is loaded at once for `media-preflight check clip.mp4`, and what for `check --staged` besides. */
const groups = {
  "check.js": ["src/cli/start.ts", "src/cli/commands/check.ts", "src/report/formatters/text.ts"],
  "staged.js": ["src/cli/git/index.ts", "src/cli/config/tables.ts", "src/cli/absent.ts"],
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
  entryPoints: ["src/cli/start.ts", "src/facts/witness/worker.node.ts"],
  external,
  plugins: [builtins],
  inject: ["src/cli/clock.ts"],
  define: { "performance.now": "millisecondsNow" },
  splitting: true,
  metafile: true,
  outdir: out,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
});
// What went into it, for the list of licences.
writeFileSync(`${out}.meta.json`, JSON.stringify(split.metafile));
const { outputs } = split.metafile;
/** The script that each gathered piece is in, by the piece's name: "./chunk-….js". */
const homes: Record<string, string> = {};
const checksums: Record<string, string> = {};
for (const [script, entries] of Object.entries(groups)) await gather(script, entries);
for (const name of Object.keys(homes)) writeFileSync(join(out, name), handed(name));
const define = { homes: JSON.stringify(homes), checksums: JSON.stringify(checksums) };
const more = { ...common, plugins: [builtins], define };
await build({ ...more, entryPoints: ["src/cli/handed.ts"], outfile: join(out, "handed.js") });
const oldNode = `if (!process.getBuiltinModule) {
  console.error("media-preflight: needs Node 20.16 or later, and this is " + process.version);
  process.exit(2);
}`;
await build({
  ...more,
  entryPoints: ["src/cli/launch.ts"],
  banner: { js: `#!/usr/bin/env node\n${oldNode}` },
  outfile: join(out, "media-preflight.js"),
});
console.log(
  `${relative(root, out)}: ${Object.keys(homes).length} of ${Object.keys(outputs).length} files gathered`,
);

function nameOf(file: string): string {
  return `./${basename(file)}`;
}

/** Bundles what the entries always load into one script, less what another one holds; all else stays where it is. */
async function gather(script: string, entries: readonly string[]): Promise<void> {
  const wanted = new Set<string>();
  const follow = (file: string): void => {
    if (wanted.has(file) || nameOf(file) in homes) return;
    wanted.add(file);
    for (const { kind, path, external } of outputs[file]?.imports ?? [])
      if (kind === "import-statement" && !external) follow(path);
  };
  for (const entry of entries) {
    const file = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
    if (file === undefined) throw new Error(`no output for ${entry}`);
    follow(file);
  }
  const files = [...wanted];
  const statements = files.map((file, i) => `import * as p${i} from ${JSON.stringify(nameOf(file))};`);
  const given = files.map((file, i) => {
    const properties = outputs[file]?.exports.map((name) => `${name}: p${i}.${name}`) ?? [];
    return `${JSON.stringify(nameOf(file))}: () => ({ ${properties.join(", ")} })`;
  });
  await build({
    ...common,
    format: "cjs",
    stdin: {
      contents: `${statements.join("\n")}\nmodule.exports = { ${given.join(", ")} };`,
      resolveDir: out,
    },
    // The package's "sideEffects": false holds for its modules, not for this list of them.
    ignoreAnnotations: true,
    logOverride: { "empty-import-meta": "error" },
    banner: { js: "((load, held) => { const module = {};" },
    footer: { js: "return module.exports; })" },
    outfile: join(out, script),
    allowOverwrite: true,
    plugins: [
      {
        name: "leave the rest where it is",
        setup: ({ onLoad, onResolve }) => {
          onResolve({ filter: /^\./ }, ({ path }) =>
            path in homes ? { path, namespace: "held" } : { path: join(out, path) },
          );
          onLoad({ filter: /.*/, namespace: "held" }, ({ path }) => ({
            contents: `export const { ${exportsOf(path)} } = held(${JSON.stringify(path)});`,
          }));
          onLoad({ filter: /\.js$/ }, ({ path }) => ({ contents: demanding(nameOf(path)) }));
        },
      },
    ],
  });
  for (const file of files) homes[nameOf(file)] = script;
  const text = readFileSync(join(out, script));
  checksums[script] = createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function outputOf(name: string): (typeof outputs)[string] | undefined {
  return Object.entries(outputs).find(([file]) => nameOf(file) === name)?.[1];
}

function exportsOf(name: string): string {
  return outputOf(name)?.exports.join(", ") ?? "";
}

/** A gathered piece as a module that hands on what the script holds. */
function handed(name: string): string {
  const exported = exportsOf(name);
  if (exported === "") return "";
  return `import { held } from "./handed.js";\nexport const { ${exported} } = held(${JSON.stringify(name)});\n`;
}

/** A piece that asks `load` for what it imports on demand: a script's own imports are an experiment, Node warns. */
function demanding(name: string): string {
  let contents = readFileSync(join(out, name), "utf8");
  const imports = outputOf(name)?.imports ?? [];
  const demanded = imports
    .filter(({ kind }) => kind === "dynamic-import")
    .map(({ path, external }) => JSON.stringify(external ? path : nameOf(path)));
  for (const other of new Set(demanded)) {
    if (!contents.includes(`import(${other})`)) throw new Error(`${name} does not import(${other})`);
    contents = contents.replaceAll(`import(${other})`, `load(${other})`);
  }
  return contents;
}
