import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { clip } from "../../../src/emulator/clip.ts";
import { type RunningEmulator, startEmulator } from "../../../src/emulator/index.ts";
import { type Ran, ran } from "../run.ts";

/* `media-preflight assets` against the emulator: an asset by its id, or by the asset:// URI that push prints. */

let emulator: RunningEmulator;
let asset: { id: string; uri: string };
beforeAll(async () => {
  emulator = await startEmulator({ processingMs: 0 });
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  const atlas = createAtlasClient({ apiKey: "test", apiBaseUrl, consoleBaseUrl });
  const { url } = await atlas.uploadMedia(new Blob([Uint8Array.from(clip())]), { filename: "a.mp4" });
  const registered = await atlas.registerAsset({ type: "Video", url, name: "sunset" });
  const { id, uri } = await atlas.waitUntilActive(registered.id);
  asset = { id, uri: uri ?? "" };
});
afterAll(() => emulator.close());
beforeEach(() => {
  vi.stubEnv("ATLASCLOUD_API_KEY", "test");
  vi.stubEnv("ATLASCLOUD_API_BASE_URL", emulator.apiBaseUrl);
  vi.stubEnv("ATLASCLOUD_CONSOLE_BASE_URL", emulator.consoleBaseUrl);
});
const assets = (...args: string[]): Promise<Ran> =>
  ran(["assets", ...args], { env: process.env as Record<string, string> });

test("an asset is shown, renamed, trashed and restored by its asset:// URI", async () => {
  const { id, uri } = asset;
  expect(await assets("get", uri)).toEqual(await assets("get", id));
  expect(await assets("rename", uri, "--name", "dawn")).toMatchObject({
    code: 0,
    out: expect.stringContaining("dawn"),
  });
  expect(await assets("trash", uri)).toMatchObject({
    code: 0,
    err: expect.stringContaining(`restore ${id}`),
  });
  expect(await assets("list")).toMatchObject({ code: 0, out: "" });
  expect((await assets("list-trash")).out).toContain(uri);
  expect(await assets("restore", uri)).toMatchObject({ code: 0, out: expect.stringContaining(uri) });
});

test("a URI that is not in the list is exit 2, and nothing is trashed for the others", async () => {
  expect(await assets("trash", "--yes", asset.uri, "asset://other")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/asset:\/\/other is not in the list of assets.*assets list/),
  });
  expect((await assets("list")).out).toContain(asset.uri);
});
