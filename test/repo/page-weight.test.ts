import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";

/* The code that a page with only `preflight` loads before its first verdict. */

const root = resolve(import.meta.dirname, "../..");
let files: string[] = [];
let code: Uint8Array = new Uint8Array();

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'export { preflight } from "./src/browser.ts"', resolveDir: root, loader: "ts" },
    absWorkingDir: root,
    outfile: `${root}/.tmp/page-weight.js`,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    plugins: [
      {
        name: "leave what is loaded lazily",
        setup: (bundler) =>
          bundler.onResolve({ filter: /./ }, ({ kind, path }) =>
            kind === "dynamic-import" ? { path, external: true } : null,
          ),
      },
    ],
  });
  code = outputFiles[0]?.contents ?? code;
  const inputs = Object.values(metafile.outputs)[0]?.inputs ?? {};
  files = Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0);
});

test("it is at most 15 kB, minified and gzipped", () => {
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(15_000);
});

test("it has the rules, and neither messages nor parsers before there is a file to check", () => {
  expect(files).toEqual(expect.arrayContaining(["src/rules/evaluate.ts", "src/report/render.ts"]));
  expect(
    files.filter((file) =>
      /^src\/(facts\/(image|video|audio|isobmff)|report\/(describe|messages\/(en|zh)))/.test(file),
    ),
  ).toEqual([]);
});

test("it has no code of other exports", () => {
  const others =
    /^src\/(atlas|web|server)\/|ledger|references|media-schema|submit|push|rules\/(sets|schema|validate)|facts\/(formats|others)\.ts|zh-CN/;
  expect(files.filter((file) => others.test(file))).toEqual([]);
});
