import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type PluginBuild } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { has } from "../bench/tools.ts";
import { bundleLibrary, librarySources } from "../package/library.ts";
import { entries } from "./api.ts";
import { type Block, blocks } from "./blocks.ts";

/*
 * Every sample of every page runs as it stands: TypeScript as a program, commands in a shell, JSON as JSON, each in a
 * folder with the files that the pages mention, and with an emulator instead of the service. They load what the package
 * contains, the bundles of the library and of the command: each starts in half the time that the sources take.
 */

const root = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "media-preflight-docs-"));
// Below the repository, where bundles find the packages that they import.
mkdirSync(join(root, ".tmp"), { recursive: true });
const bundles = mkdtempSync(join(root, ".tmp/docs-"));
const all = blocks();
const run = promisify(execFile);
let emulator: RunningEmulator;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  copyFileSync(join(root, "package.json"), join(bundles, "package.json"));
  await Promise.all([
    bundleLibrary(join(bundles, "dist/node")),
    run(process.execPath, [join(root, "src/cli/bundle.ts"), join(bundles, "dist/cli")]),
  ]);
  emulator = await startEmulator({ bucket: "my-bucket", processingMs: 0 });
  env = {
    ...process.env,
    PATH: `${join(folder, "bin")}:${join(root, "node_modules/.bin")}:${process.env.PATH}`,
    ATLASCLOUD_API_KEY: "emulator",
    ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
    ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
    AWS_ENDPOINT_URL_S3: emulator.bucket?.endpoint,
    AWS_ACCESS_KEY_ID: emulator.bucket?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.bucket?.secretAccessKey,
    AWS_REGION: emulator.bucket?.region,
  };
  for (const made of ["bin", "assets", "shots", "stills"]) mkdirSync(join(folder, made));
  const clip = join(root, "fixtures/video/mp4-h264-aac.mp4");
  copyFileSync(join(root, "fixtures/image/jpeg-640x480.jpg"), join(folder, "b.jpg"));
  for (const name of [
    "clip.mp4",
    "a.mp4",
    "-odd-name.mp4",
    "shots/one.mp4",
    "assets/two.mp4",
    "stills/three.mp4",
  ])
    copyFileSync(clip, join(folder, name));
  execFileSync("cp", ["-r", join(root, "rules"), folder]);
  for (const { name, text } of all) if (name?.endsWith(".json")) writeFileSync(join(folder, name), text);
  const command = `#!/bin/sh\nexec node ${join(bundles, "dist/cli/media-preflight.js")} "$@"\n`;
  for (const name of ["a.lock.json", "b.lock.json"])
    writeFileSync(join(folder, name), '{ "schemaVersion": 1, "entries": [] }');
  writeFileSync(join(folder, "bin/media-preflight"), command, { mode: 0o755 });
  // npx finds what is installed; here that is the command above.
  writeFileSync(join(folder, "bin/npx"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  execFileSync("git", ["init", "-q"], { cwd: folder });
});
afterAll(async () => {
  await emulator.close();
  for (const made of [folder, bundles]) rmSync(made, { recursive: true, force: true });
});

/** Declarations that samples assume: a chosen file, an app, the reader's own sign-in. */
const given: Record<string, string> = {
  file: 'const file = new File([await (await import("node:fs")).openAsBlob("clip.mp4")], "clip.mp4");',
  app: "const app = { all() {}, use() {}, get() {} };",
  userOf: 'const userOf = async (_: Request) => ({ id: "somebody" });',
};

const bundleNames = new Map(Object.entries(librarySources()).map(([name, source]) => [source, name]));

/** A sample as a program: with imports resolved to the bundles, after the declarations that it assumes. */
function program(text: string): string {
  const led = text.replace(/from "(media-preflight(?:\/[\w-]+)?)"/g, (whole, entry: string) => {
    const source = entries[entry];
    if (source === undefined) return whole;
    const name = bundleNames.get(source);
    return `from ${JSON.stringify(name ? join(bundles, `dist/node/${name}.js`) : join(root, source))}`;
  });
  const used = Object.entries(given).filter(
    ([name]) =>
      new RegExp(`\\b${name}\\b`).test(led) && !new RegExp(`(const|let|function) ${name}\\b`).test(led),
  );
  const client = /createAtlasClient\(\{ apiKey: process/.test(led)
    ? led.replace(
        "createAtlasClient({ apiKey: process.env.ATLASCLOUD_API_KEY })",
        "createAtlasClient({ apiKey: process.env.ATLASCLOUD_API_KEY, apiBaseUrl: process.env.ATLASCLOUD_API_BASE_URL, consoleBaseUrl: process.env.ATLASCLOUD_CONSOLE_BASE_URL })",
      )
    : led;
  return `${used.map(([, line]) => line).join("\n")}\n${client}\n`;
}

const of = (...languages: string[]): [string, Block][] =>
  all
    .filter(({ language }) => languages.includes(language))
    .map((block) => [`${block.page}:${block.line}`, block]);
/** Samples that need a page: test/browser and test/package have pages that do the same. */
const forPages =
  /media-preflight\/(element|uppy|react-dropzone)|createServerClient|(?:wasm|worker)-?url|document\.|<\w/i;

describe("TypeScript", () => {
  const programs = of("ts", "js").filter(([, { text }]) => !forPages.test(text));
  test("there are some", () => expect(programs.length).toBeGreaterThan(4));
  test.each(programs)("%s runs", async (at, { text }) => {
    const path = join(folder, `${at.replaceAll(/\W/g, "-")}.mts`);
    writeFileSync(path, program(text));
    const { stderr } = await run(process.execPath, [path], { cwd: folder, env });
    expect(stderr).toBe("");
  });
});

test.each(of("ts", "js", "jsx", "tsx").filter(([, { text }]) => forPages.test(text)))(
  "%s, for a page, bundles, and imports names that exist",
  async (at, { text }) => {
    await build({
      stdin: { contents: text, loader: "tsx", sourcefile: at, resolveDir: root },
      bundle: true,
      write: false,
      format: "esm",
      jsx: "preserve",
      loader: { ".css": "text" },
      platform: "browser",
      logLevel: "silent",
      plugins: [{ name: "entries", setup: toSources }],
    });
  },
);

/** Resolves the package's own entries to their sources; other packages and deeper paths stay external. */
function toSources(bundler: PluginBuild): void {
  bundler.onResolve({ filter: /^[^./]/ }, ({ path }) => {
    const source = path === "media-preflight" ? "src/browser.ts" : entries[path];
    return source ? { path: join(root, source) } : { path, external: true };
  });
}

describe("commands", () => {
  /** Run elsewhere (npm, bundlers), endless, or for a service that is not there. */
  const left =
    /^(npm|npx (vitest|tsc|lefthook|husky)|pre-commit|curl|claude mcp add|media-preflight push --watch |.* https:\/\/example\.com|media-preflight emulator|npx media-preflight emulator)/;
  const lines = of("sh", "bash").flatMap(([at, { text }]) =>
    text
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => line.replace(/^\$ /, "").trim())
      .filter((line) => line !== "" && !line.startsWith("#") && !left.test(line))
      .filter((line) => /media-preflight|ffmpeg/.test(line))
      .map((line): [string, string] => [at, line]),
  );
  test("there are some", () => expect(lines.length).toBeGreaterThan(8));
  const ffmpeg = has("ffmpeg");
  test.each(lines)("%s: %s", async (_at, line) => {
    if (!ffmpeg && /ffmpeg|inside\.mp4/.test(line)) return;
    const done = await run("sh", ["-c", line.replace("$ ", "")], { cwd: folder, env }).then(
      () => ({ code: 0, stderr: "" }),
      (error: { code: number; stderr: string }) => error,
    );
    // Exit status 1 is a result (a file does not pass); 2 is a command that failed.
    expect([0, 1], done.stderr).toContain(done.code);
  });
});

test.each(of("json"))("%s is JSON", (_at, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});
