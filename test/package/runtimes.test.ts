import { execFile } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { newProject } from "./stranger.ts";

/*
 * The tarball under Bun and Deno, whose binaries come with registry packages: the library and the handler upload a file
 * completely and register it, and the command runs.
 */

const clip = resolve("fixtures/video/rate-23.976.mp4");
const bytes = statSync(clip).size;
const folder = `${inject("scratch")}/runtimes`;

const program = `
import { createAtlasClient, preflight, submit } from "media-preflight";
import { createHandler } from "media-preflight/server";
const { default: process } = await import("node:process");
const { default: fs } = await import("node:fs");

const atlas = createAtlasClient();
const report = await preflight(${JSON.stringify(clip)});
const uploaded = [];
const spying = { ...atlas, async uploadMedia(...args) { const upload = await atlas.uploadMedia(...args); uploaded.push(upload.url); return upload; } };
const asset = await submit(${JSON.stringify(clip)}, { atlas: spying, type: "video", acceptUnsure: true });
const stored = (await (await fetch(uploaded[0])).arrayBuffer()).byteLength;
const handler = createHandler({ atlas, authorize: () => ({ ok: true, label: "me" }), secret: "0123456789abcdef0123456789abcdef" });
const answer = await handler(new Request("http://page.test/media/uploads", {
  method: "POST", body: fs.readFileSync(${JSON.stringify(clip)}), headers: { "content-type": "video/mp4", "x-file-name": "clip.mp4" },
}));
console.log(JSON.stringify({ verdict: report.verdict, uri: asset.uri, stored, status: answer.status }));
process.exit(0);
`;

let emulator: RunningEmulator;
beforeAll(async () => {
  newProject(folder, { "main.mjs": program }, [inject("tarball"), "bun@1", "deno@2"]);
  emulator = await startEmulator({ processingMs: 0 });
});
afterAll(() => emulator.close());

const runtimes = [
  ["Bun", "node_modules/{@oven/bun-linux-x64*/bin/bun,bun/bin/bun.exe}", []],
  ["Deno", "node_modules/@deno/linux-x64*/deno", ["run", "--allow-all", "--node-modules-dir=manual"]],
] as const;

describe.runIf(process.platform === "linux" && process.arch === "x64").each(runtimes)(
  "%s",
  (_name, binary, flags) => {
    const runs = async (...args: string[]): Promise<string> => {
      const [program] = globSync(binary, { cwd: folder });
      if (program === undefined) throw new Error(`${binary} is not installed`);
      const env = {
        ...process.env,
        ATLASCLOUD_API_KEY: "emulator",
        ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
        ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
      };
      const { stdout } = await promisify(execFile)(join(folder, program), [...flags, ...args], {
        cwd: folder,
        env,
      });
      return stdout;
    };

    test("checks, uploads every byte, registers, and serves", async () => {
      expect(JSON.parse(await runs("main.mjs"))).toEqual({
        verdict: "pass",
        uri: expect.stringMatching(/^asset:\/\//),
        stored: bytes,
        status: 201,
      });
    });

    test("runs the command", async () => {
      const command = "node_modules/media-preflight/dist/cli/media-preflight.js";
      const output = await runs(command, "check", "--no-config", "--format", "ndjson", clip);
      expect(JSON.parse(output)).toMatchObject({ verdict: "pass", facts: { bytes } });
    });
  },
);
