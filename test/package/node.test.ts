import { resolve } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { newProject, run } from "./stranger.ts";

/* The tarball in a plain project, on every supported version of Node.js. */

const fixtures = resolve("fixtures");
const folder = `${inject("scratch")}/plain`;

const program = `
import { preflight, inspect, submit, createAtlasClient, loadTable, memoryLedger } from "media-preflight";
import { createHandler } from "media-preflight/server";
import { startEmulator } from "media-preflight/emulator";
import table from "media-preflight/rules/atlas-seedance-2.0.json" with { type: "json" };
import schema from "media-preflight/report.schema.json" with { type: "json" };
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const clip = ${JSON.stringify(`${fixtures}/video/rate-23.976.mp4`)};
const emulator = await startEmulator();
const atlas = createAtlasClient({ apiKey: "k", apiBaseUrl: emulator.apiBaseUrl, consoleBaseUrl: emulator.consoleBaseUrl });
const asset = await submit(clip, { atlas, type: "video", ledger: memoryLedger() });
const refused = await preflight(${JSON.stringify(`${fixtures}/video/rate-23.mp4`)});
const seen = await inspect(clip, { crossCheck: "always" });
const handler = createHandler({ atlas, authorize: () => ({ ok: true, label: "me" }) });
const answer = await handler(new Request("http://me.test/media/nowhere"));
await emulator.close();
console.log(JSON.stringify({
  uri: asset.uri, verdict: refused.verdict, rules: refused.findings.map((f) => f.rule),
  crossChecked: seen.readings.frameRates.some((r) => r.from === "mediainfo"),
  table: (await loadTable(table)).id, schema: schema.title, answer: answer.status,
  wasm: existsSync(fileURLToPath(import.meta.resolve("media-preflight/mediainfo.wasm"))),
}));
`;

const typed = `
import { preflight, type Report, createAtlasClient, submit } from "media-preflight";
import { createHandler, type HandlerOptions } from "media-preflight/server";
import { startEmulator, type RunningEmulator } from "media-preflight/emulator";
import { english, MediaPreflightElement } from "media-preflight/element";
import "media-preflight/cross-check-worker";
const report: Report = await preflight(new Uint8Array(8), { type: "video" });
export const width: number | null = report.facts.width;
export const emulator: RunningEmulator = await startEmulator();
export const options: HandlerOptions = { authorize: () => false, apiKey: "k" };
export const handler: (request: Request) => Promise<Response> = createHandler(options);
export const zone: HTMLElement = new MediaPreflightElement();
export const texts: object = english;
const atlas = createAtlasClient({ apiKey: "k" });
// @ts-expect-error: a type there is not
await submit(new Blob([]), { atlas, type: "film" });
`;

beforeAll(() => {
  newProject(folder, { "main.mjs": program, "typed.ts": typed }, [inject("tarball")]);
});

describe.each(["22", "24", "26"])("Node %s", (major) => {
  test("checks, submits, serves and emulates; the command runs", () => {
    const brought = newProject(`${inject("scratch")}/node-${major}`, {}, [`node@${major}`]);
    const node = `${brought}/node_modules/node/bin/node`;
    expect(run(folder, node, ["--version"])).toMatch(new RegExp(`^v${major}\\.`));
    expect(JSON.parse(run(folder, node, ["main.mjs"]))).toEqual({
      uri: expect.stringMatching(/^asset:\/\//),
      verdict: "fail",
      rules: ["video/frame-rate"],
      crossChecked: true,
      table: "atlas-seedance-2.0",
      schema: "A media-preflight report",
      answer: 404,
      wasm: true,
    });
    const command = [
      "node_modules/media-preflight/dist/cli/media-preflight.js",
      "check",
      "--format",
      "ndjson",
    ];
    const said = run(folder, node, [...command, `${fixtures}/image/jpeg-640x480.jpg`]);
    expect(JSON.parse(said)).toMatchObject({ verdict: "pass", facts: { width: 640, height: 480 } });
  });
});

test.each([
  ["NodeNext", ["--module", "NodeNext"]],
  ["a bundler's resolution", ["--module", "ESNext", "--moduleResolution", "bundler"]],
  [
    "a browser's condition",
    ["--module", "ESNext", "--moduleResolution", "bundler", "--customConditions", "browser"],
  ],
])("the types compile in a strict project with %s, with skipLibCheck off", (_name, module) => {
  const args = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "ES2023"];
  const types = ["--lib", "ES2023,DOM,DOM.Iterable,ESNext.Disposable", "--types", "node"];
  const roots = ["--typeRoots", resolve("node_modules/@types")];
  expect(
    run(folder, resolve("node_modules/.bin/tsc"), [...args, ...types, ...roots, ...module, "typed.ts"]),
  ).toBe("");
});

test("its dependencies are installed with it, and none needs a compiler or a download", () => {
  const listed = JSON.parse(run(folder, "npm", ["ls", "--all", "--json"]));
  expect(Object.keys(listed.dependencies)).toEqual(["media-preflight"]);
  const scripts = run(folder, "npm", ["query", ":attr(scripts, [install]), :attr(scripts, [postinstall])"]);
  expect(JSON.parse(scripts)).toEqual([]);
});
