/*
 * Builds dist/cli: `node src/cli/bundle.ts [folder]`. Two passes of esbuild. The first splits the program into what
 * every run needs and what is loaded when it is asked for. The second gathers into one file the thirty-odd pieces
 * that `check FILE` always loads, since opening a module costs more than parsing it; the pieces themselves stay as
 * one line each that hands on what the gathered file holds, so that nothing exists twice.
 */
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "../..");
const out = process.argv[2] ?? join(root, "dist/cli");
const gathered = "check-a-file.js";
const fromGathered = JSON.stringify(`./${gathered}`);

/** What is loaded at once for `media-preflight check clip.mp4`. */
const hot = ["src/cli/start.ts", "src/cli/commands/check.ts", "src/report/formatters/text.ts"];

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
const external =
  "mediainfo.js file-type image-size music-metadata ky hono @hono/node-server write-file-atomic".split(" ");

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
const pieces = await gather(split.metafile);
console.log(
  `${relative(root, out)}: ${pieces} of ${Object.keys(split.metafile.outputs).length} files gathered`,
);

async function gather({ outputs }: Metafile): Promise<number> {
  const files = Object.keys(outputs);
  const wanted = new Set<string>();
  const follow = (file: string): void => {
    if (wanted.has(file)) return;
    wanted.add(file);
    for (const { kind, path, external } of outputs[file]?.imports ?? [])
      if (kind === "import-statement" && !external) follow(path);
  };
  for (const entry of hot) {
    const file = files.find((name) => outputs[name]?.entryPoint === entry);
    if (file === undefined) throw new Error(`no output for ${entry}`);
    follow(file);
  }
  const names = [...wanted].map((file) => basename(file));
  await build({
    ...common,
    stdin: {
      contents: names
        .map((name, i) => `import * as p${i} from ${JSON.stringify(`./${name}`)}; export { p${i} };`)
        .join("\n"),
      resolveDir: out,
    },
    // The package's "sideEffects": false holds for its modules, not for this list of them.
    ignoreAnnotations: true,
    outfile: join(out, gathered),
    plugins: [
      {
        name: "leave the rest where it is",
        setup: ({ onResolve }) => {
          onResolve({ filter: /.*/ }, ({ kind, path }) =>
            kind === "entry-point" || names.includes(basename(path)) ? null : { path, external: true },
          );
        },
      },
    ],
  });
  for (const [i, file] of [...wanted].entries()) {
    const exported = outputs[file]?.exports.join(", ") ?? "";
    const text =
      exported === ""
        ? ""
        : `import { p${i} } from ${fromGathered};\nexport const { ${exported} } = p${i};\n`;
    writeFileSync(join(out, basename(file)), text);
  }
  const start = names.indexOf("start.js");
  writeFileSync(
    join(out, "media-preflight.js"),
    `#!/usr/bin/env node
if (process.getBuiltinModule) import(${fromGathered}).then(({ p${start} }) => p${start}.start());
else {
  console.error("media-preflight: needs Node 20.16 or later, and this is " + process.version);
  process.exitCode = 2;
}
`,
  );
  return names.length;
}
