import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { bundlePackage, cssAsText, entries } from "../package/pages.ts";

/* What a page loads: nothing of Node, and nothing before it is needed. */

const { outputs } = (await bundlePackage()).metafile;

const outputOf = (entry: string): string =>
  Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry) ?? "";

/** Files that come with an entry, and those that come later, on demand. */
function filesOf(entry: string, lazily: boolean): Set<string> {
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
      if (!external && (lazily || kind === "import-statement")) follow(next);
  };
  follow(outputOf(entry));
  return seen;
}

const reached = (entry: string, lazily: boolean): Set<string> =>
  new Set([...filesOf(entry, lazily)].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})));

test("no Node module can be reached, not even on demand", () => {
  const outside = (...from: readonly string[]): string[] => {
    const files = new Set(from.flatMap((entry) => [...filesOf(entry, true)]));
    const imports = [...files].flatMap((path) => outputs[path]?.imports ?? []);
    return [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))].sort();
  };
  const { "fix-worker": fixWorker, ...others } = entries;
  expect(outside(...Object.values(others))).toEqual(["@uppy/core"]);
  // Optional packages, which go into the worker's script only.
  expect(outside(fixWorker)).toEqual(["@mediabunny/aac-encoder", "@mediabunny/mp3-encoder", "mediabunny"]);
  for (const entry of Object.values(entries)) expect(outputOf(entry)).not.toBe("");
  const inputs = [...reached(entries.index, true), ...reached(entries.element, true)];
  expect(inputs.length).toBeGreaterThan(80);
  expect(inputs.filter((input) => /\.node\.ts$|^src\/(cli|server|emulator)\//.test(input))).toEqual([]);
});

test.each(["index", "element", "uppy", "react-dropzone"] as const)(
  "%s brings neither a crossCheck, another language nor a client of the service",
  (name) => {
    const heavy =
      /node_modules\/(mediainfo\.js|music-metadata|image-size|file-type|ky|valibot)\/|zh-CN|atlas\/(calls|transport)|server-client\/calls|submit\/submit\.ts|web\/element\/(list|card)\/|send-file\.ts/;
    expect([...reached(entries[name], false)].filter((input) => heavy.test(input))).toEqual([]);
    expect([...reached(entries[name], true)].some((input) => heavy.test(input))).toBe(true);
  },
);

test("what every page loads first is one file, and a worker has none of it", () => {
  const core = [...filesOf(entries.uppy, false)].filter(
    (path) => outputs[path]?.inputs["src/rules/evaluate.ts"],
  );
  expect(core).toHaveLength(1);
  const inputs = Object.keys(outputs[core[0] ?? ""]?.inputs ?? {});
  expect(inputs).toEqual(
    expect.arrayContaining(["src/facts/cursor.ts", "src/report/render.ts", "src/rules/limit.ts"]),
  );
  expect(inputs.filter((input) => /^src\/(facts\/(image|video|audio)|atlas|web)\//.test(input))).toEqual([]);
  expect(filesOf(entries.worker, true).has(core[0] ?? "")).toBe(false);
});

/** Bytes of all that comes with these lines at once, minified and compressed. */
async function weight(contents: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: ".", loader: "ts" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    outdir: "out",
    write: false,
    metafile: true,
    plugins: [cssAsText],
    logLevel: "silent",
  });
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === "import-statement") follow(next);
  };
  follow(
    Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === "<stdin>") ?? "",
  );
  const text = outputFiles
    .filter(({ path }) => [...seen].some((wanted) => path.endsWith(`/${wanted}`)))
    .map((file) => file.text);
  expect(text).toHaveLength(seen.size);
  return gzipSync(text.join("\n"), { level: 9 }).length;
}

test("the element weighs at most 25 kB, the core included", async () => {
  const core = await weight('export { browserPreflight } from "./src/preflight/preflight.browser.ts";');
  const element = await weight(`
    import { MediaPreflightElement } from "./src/web/element/element.ts";
    import { english } from "./src/web/locales/en.ts";
    import { addLocale } from "./src/web/element/locale.ts";
    customElements.define("media-preflight", MediaPreflightElement);
    export { addLocale, english, MediaPreflightElement };
  `);
  expect(core).toBeGreaterThan(8000);
  expect(element - core).toBeGreaterThan(5000);
  expect(element).toBeLessThanOrEqual(25_000);
});
