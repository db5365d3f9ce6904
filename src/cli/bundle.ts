/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. First, esbuild splits the program into what every run needs and
 * what is loaded when it is asked for. Then the fifty-odd pieces that `check` always loads are gathered into one file,
 * since opening a module costs more than parsing it; and those of `check --staged` besides into another. The pieces
 * themselves stay as one line each that hands on what the gathered file holds, so that nothing exists twice. Gathered
 * files are scripts, no modules: only of a script can the compiled code be kept (launch.ts). What node is started with
 * is CommonJS, the rest .mjs: to begin with a module costs a start 3 ms.
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "../..");
const out = process.argv[2] ?? join(root, "dist/cli");
/**
 * The scripts, each with the modules that it is for: what every check loads, what `check --staged` loads besides, and
 * what one or another format is read with.
 */
const groups: Record<string, readonly string[]> = {
  "check.js": [
    "src/cli/start.ts",
    "src/cli/commands/check.ts",
    "src/report/formatters/text.ts",
    "src/facts/image/still.ts",
  ],
  "movie.js": ["src/facts/video/mp4.ts"],
  "wav.js": ["src/facts/audio/wav.ts"],
  "mp3.js": ["src/facts/audio/mp3.ts"],
  "heif.js": ["src/facts/image/heif.ts"],
  "tiff.js": ["src/facts/image/tiff.ts"],
  "others.js": ["src/facts/other-formats.ts", "src/cli/files/media-files.ts"],
  "staged.js": ["src/cli/git/index.ts", "src/cli/config/tables.ts", "src/cli/git/missing-object.ts"],
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

const readersApart: Plugin = {
  name: "readers as they are wanted",
  setup({ onResolve }) {
    onResolve({ filter: /\/bundled-parsers\.ts$/ }, () => ({ path: join(root, "src/cli/readers.ts") }));
  },
};

rmSync(out, { recursive: true, force: true });
const split = await build({
  ...common,
  entryPoints: ["src/cli/start.ts", "src/facts/cross-check/worker.node.ts"],
  external,
  plugins: [builtins, readersApart],
  inject: ["src/cli/clock.ts"],
  define: { "performance.now": "millisecondsNow" },
  splitting: true,
  metafile: true,
  outdir: out,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  outExtension: { ".js": ".mjs" },
});
// What went into it, for the list of licences.
writeFileSync(`${out}.meta.json`, JSON.stringify(split.metafile));
const { outputs } = split.metafile;
/** The script that each gathered piece is in, by the piece's name: "./chunk-….mjs". */
const homes: Record<string, string> = {};
const checksums: Record<string, string> = {};
for (const [script, files] of contents()) await gather(script, files);
for (const name of Object.keys(homes)) writeFileSync(join(out, name), handed(name));
const define = { homes: JSON.stringify(homes), checksums: JSON.stringify(checksums) };
const more = { ...common, plugins: [builtins], define };
await build({ ...more, entryPoints: ["src/cli/handed.ts"], outfile: join(out, "handed.mjs") });
const oldNode = `if (!process.getBuiltinModule) {
  console.error("media-preflight: needs Node 20.16 or later, and this is " + process.version);
  process.exit(2);
}`;
await build({
  ...more,
  format: "cjs",
  define: { ...define, "import.meta.dirname": "__dirname" },
  entryPoints: ["src/cli/launch.ts"],
  banner: { js: `#!/usr/bin/env node\n${oldNode}` },
  outfile: join(out, "media-preflight.js"),
});
writeFileSync(join(out, "package.json"), '{ "type": "commonjs" }\n');
console.log(
  `${relative(root, out)}: ${Object.keys(homes).length} of ${Object.keys(outputs).length} files gathered`,
);

function nameOf(file: string): string {
  return `./${basename(file)}`;
}

/** All that modules load by a statement, whether directly or not. */
function loadedBy(entries: readonly string[]): Set<string> {
  const loaded = new Set<string>();
  const follow = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { kind, path, external } of outputs[file]?.imports ?? [])
      if (kind === "import-statement" && !external) follow(path);
  };
  for (const entry of entries) {
    const file = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
    if (file === undefined) throw new Error(`no output for ${entry}`);
    follow(file);
  }
  return loaded;
}

/**
 * What each script holds. What several are in need of is in others.js where that is one of them, else in the one that
 * every run loads.
 */
function contents(): Map<string, string[]> {
  const wanted = Object.entries(groups).map(([script, entries]) => [script, loadedBy(entries)] as const);
  const files = [...new Set(wanted.flatMap(([, loaded]) => [...loaded]))];
  const homeOf = (file: string): string => {
    const scripts = wanted.filter(([, loaded]) => loaded.has(file)).map(([script]) => script);
    if (scripts.length === 1) return `${scripts[0]}`;
    return scripts.includes("others.js") && !scripts.includes("check.js") ? "others.js" : "check.js";
  };
  return new Map(
    Object.keys(groups).map((script) => [script, files.filter((file) => homeOf(file) === script)]),
  );
}

/** Bundles pieces into one script; what another one holds is asked of it, and all else stays where it is. */
async function gather(script: string, files: readonly string[]): Promise<void> {
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
          onLoad({ filter: /\.mjs$/ }, ({ path }) => ({ contents: demanding(nameOf(path)) }));
        },
      },
    ],
  });
  for (const file of files) homes[nameOf(file)] = script;
  const text = readFileSync(join(out, script));
  if (text.some((byte) => byte > 0x7f)) throw new Error(`${script} is not all ASCII, as it is read`);
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
  return `import { held } from "./handed.mjs";\nexport const { ${exported} } = held(${JSON.stringify(name)});\n`;
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
