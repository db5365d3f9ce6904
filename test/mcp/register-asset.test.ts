import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createAtlasClient } from "../../src/index.ts";
import { fixture, scratch } from "../cli/run.ts";
import { ffmpegInstalled } from "../fix/tools.ts";
import {
  connect,
  type EmulatorProcess,
  errorsOf,
  type Session,
  secretKey,
  startEmulatorProcess,
  textOf,
} from "./session.ts";

/* From a question to an asset:// URI, with the official client, against the emulator in a process of its own. */

const { path: home, remove } = scratch("mcp-register");
afterAll(remove);
let emulator: EmulatorProcess;
let session: Session;
let folder = home;
let run = 0;

async function start(...flags: string[]): Promise<void> {
  folder = join(home, `${++run}`);
  cpSync(fixture("image/jpeg-640x480.jpg"), join(folder, "good.jpg"));
  cpSync(fixture("video/pixels-1920x1080.mp4"), join(folder, "wide.mp4"));
  emulator = await startEmulatorProcess("--processing-ms", "0", ...flags);
  session = await connect({ cwd: folder, env: emulator.env });
}
afterEach(async () => {
  await session.close();
  await emulator.stop();
  const { messages, stderr } = session.written();
  expect(messages.length).toBeGreaterThan(100);
  expect(messages + stderr).not.toContain(secretKey);
});

async function assets(): Promise<string[]> {
  const atlas = createAtlasClient({
    apiKey: secretKey,
    apiBaseUrl: emulator.env.ATLASCLOUD_API_BASE_URL,
    consoleBaseUrl: emulator.env.ATLASCLOUD_CONSOLE_BASE_URL,
  });
  const ids: string[] = [];
  for await (const { id } of atlas.listAssets()) ids.push(id);
  return ids;
}

const registrations = (): number =>
  emulator.requests().filter((line) => line.startsWith("POST /api/v1/sd/assets ")).length;

test("check, register, status, and again: one asset, and push reuses it", async () => {
  await start("--processing-ms", "300");
  const checked = await session.call("check_media", { paths: ["good.jpg"] });
  expect(checked.structuredContent).toMatchObject({ reports: [{ ok: true }] });
  const made = await session.call(
    "register_asset",
    { path: "good.jpg", assetName: "sunset" },
    { onprogress: () => {} },
  );
  expect(made.structuredContent).toMatchObject({
    uri: expect.stringMatching(/^asset:\/\//),
    status: "active",
    reused: false,
  });
  const { id, uri } = made.structuredContent as { id: string; uri: string };
  expect(textOf(made)).toContain(uri);
  const steps = session.progress();
  expect(steps.map(({ message }) => message)).toEqual(expect.arrayContaining(["upload", "wait"]));
  const values = steps.map(({ progress }) => progress);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  const again = await session.call("register_asset", { path: join(folder, "good.jpg"), assetName: "sunset" });
  expect(again.structuredContent).toEqual({ id, uri, status: "active", reused: true });
  expect(await assets()).toHaveLength(1);
  const status = await session.call("asset_status", { id });
  expect(status.structuredContent).toEqual({ uri, status: "active", error: null });
  const ledger = readFileSync(join(folder, "media-preflight.lock.json"), "utf8");
  expect(ledger).toContain(id);
  expect(ledger).not.toContain(secretKey);
});

test("two calls for one file at the same time make one asset", async () => {
  await start();
  const both = await Promise.all([1, 2].map(() => session.call("register_asset", { path: "good.jpg" })));
  const ids = both.map(({ structuredContent }) => (structuredContent as { id: string }).id);
  expect(ids[0]).toBeDefined();
  expect(ids[1]).toBe(ids[0]);
  expect(await assets()).toHaveLength(1);
});

test("a file that fails is not sent: the error names it, its findings and the next step", async () => {
  await start();
  const result = await session.call("register_asset", { path: "wide.mp4" });
  expect(result.isError).toBe(true);
  expect(errorsOf(result)).toMatchObject([{ code: "refused", path: "wide.mp4", retryable: false }]);
  expect(textOf(result)).toMatch(/wide\.mp4[\s\S]*next: scale to 1280×720; fix_media[\s\S]*video\/pixels/);
  expect(emulator.requests()).toEqual([]);
});

test.skipIf(!ffmpegInstalled)("a file that fails: plan, fix, register the copy (needs ffmpeg)", async () => {
  await start();
  const planned = await session.call("fix_media", { path: "wide.mp4" });
  expect(planned.structuredContent).toMatchObject({
    plan: { steps: [{ kind: "scale", width: 1280, height: 720 }] },
    output: null,
    report: { file: "wide.mp4", verdict: "fail" },
    reason: null,
  });
  const before = readFileSync(join(folder, "wide.mp4"));
  const fixed = await session.call("fix_media", { path: "wide.mp4", apply: true }, { onprogress: () => {} });
  expect(fixed.structuredContent).toMatchObject({ output: "wide.fixed.mp4", report: { verdict: "pass" } });
  expect(session.progress().length).toBeGreaterThan(0);
  expect(readFileSync(join(folder, "wide.mp4")).equals(before)).toBe(true);
  const asset = await session.call("register_asset", { path: "wide.fixed.mp4" });
  expect(asset.structuredContent).toMatchObject({ status: "active", uri: expect.stringMatching(/^asset:/) });
});

describe("a lost answer", () => {
  test("is searched for before anything is sent again", async () => {
    await start("--cut-after", "1", "--faults-on", "register");
    const made = await session.call("register_asset", { path: "good.jpg" });
    expect(made.structuredContent).toMatchObject({ status: "active" });
    expect(await assets()).toHaveLength(1);
    expect(registrations()).toBe(1);
  });
  test("that the list cannot prove is outcome-unknown; the retry finds the one asset", async () => {
    const store = join(home, "store");
    await start("--store", store, "--cut-after", "1", "--faults-on", "register", "--bare-assets");
    const lost = await session.call("register_asset", { path: "good.jpg" }, { timeout: 110_000 });
    expect(lost.isError).toBe(true);
    expect(errorsOf(lost)).toMatchObject([{ code: "outcome-unknown", path: "good.jpg", retryable: true }]);
    expect(textOf(lost)).toMatch(/code: outcome-unknown\nretryable: yes.*\nnext: run it again later/);
    expect(registrations()).toBe(1);
    // The same service, whose list shows names again.
    await emulator.stop();
    const port = (name: string): string => new URL(emulator.env[name] ?? "").port;
    const [api, console] = [port("ATLASCLOUD_API_BASE_URL"), port("ATLASCLOUD_CONSOLE_BASE_URL")];
    emulator = await startEmulatorProcess("--store", store, "--port", api, "--console-port", console);
    const found = await session.call("register_asset", { path: "good.jpg" }, { timeout: 110_000 });
    expect(found.structuredContent).toMatchObject({ status: "active" });
    expect(await assets()).toHaveLength(1);
    expect(registrations()).toBe(0);
  });
});

describe("cancellation", () => {
  test("ends the call's work; the recorded asset is found by the next call", async () => {
    await start("--stuck-processing");
    const stop = new AbortController();
    const call = session.call(
      "register_asset",
      { path: "good.jpg" },
      {
        signal: stop.signal,
        onprogress: ({ message }) => {
          if (message === "wait") stop.abort("enough");
        },
      },
    );
    await expect(call).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const asked = emulator.requests().length;
    // The second question would come after 2 s.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(emulator.requests()).toHaveLength(asked);
    expect(registrations()).toBe(1);
    // The server still answers.
    const [id = ""] = await assets();
    const status = await session.call("asset_status", { id });
    expect(status.structuredContent).toMatchObject({ status: "processing", error: null });
  });
});

test("an asset that the service refuses is an error; asset_status states why", async () => {
  await start("--fail-with", "PixelCountTooLarge");
  const result = await session.call("register_asset", { path: "good.jpg" });
  expect(errorsOf(result)).toMatchObject([{ code: "asset-failed", path: "good.jpg" }]);
  const [id = ""] = await assets();
  const status = await session.call("asset_status", { id });
  expect(status.structuredContent).toMatchObject({
    status: "failed",
    error: { code: "PixelCountTooLarge", rule: "pixels" },
  });
  expect(textOf(status)).toContain("next: ");
});

describe("errors of the service and of the call", () => {
  test("a wrong key, an id that is not one, and both or neither of path and url", async () => {
    await start();
    const wrong = await connect({ cwd: folder, env: { ...emulator.env, ATLASCLOUD_API_KEY: "sk-other" } });
    const refused = await wrong.call("register_asset", { path: "good.jpg" });
    expect(errorsOf(refused)).toMatchObject([{ code: "unauthorized", retryable: false }]);
    expect(JSON.stringify([refused, wrong.written()])).not.toContain("sk-other");
    await wrong.close();
    const none = await connect({ cwd: folder, env: { ...emulator.env, ATLASCLOUD_API_KEY: "" } });
    expect(errorsOf(await none.call("register_asset", { path: "good.jpg" }))).toMatchObject([
      { code: "no-key" },
    ]);
    await none.close();
    expect(errorsOf(await session.call("asset_status", { id: "asset://a/b" }))).toMatchObject([
      { code: "usage" },
    ]);
    expect(errorsOf(await session.call("asset_status", { id: "99999" }))).toMatchObject([
      { code: "not-found-upstream" },
    ]);
    expect(errorsOf(await session.call("register_asset", {}))).toMatchObject([{ code: "usage" }]);
    expect(
      errorsOf(await session.call("register_asset", { path: "good.jpg", url: "https://example.com/a.jpg" })),
    ).toMatchObject([{ code: "usage" }]);
    expect(errorsOf(await session.call("register_asset", { path: "../outside.jpg" }))).toMatchObject([
      { code: "path-refused", path: "../outside.jpg" },
    ]);
    expect(errorsOf(await session.call("register_asset", { url: "file:///etc/hostname" }))).toMatchObject([
      { code: "url-refused" },
    ]);
  });
  test("a ledger that cannot be used is an error that names it", async () => {
    await start();
    writeFileSync(join(folder, "media-preflight.lock.json"), "{ not json");
    expect(errorsOf(await session.call("register_asset", { path: "good.jpg" }))).toMatchObject([
      { code: "ledger-invalid" },
    ]);
    expect(registrations()).toBe(0);
  });
});
