import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../../src/emulator/index.ts";
import { newRepository, type Repository } from "../repository.ts";
import { ran, scratch } from "../run.ts";

/* push against a service on this machine: what is sent, what is not, and the exit status. */

const { path: home, remove } = scratch("push");
afterAll(remove);

let repo: Repository;
let emulator: Awaited<ReturnType<typeof startEmulator>>;
const environment = { ...process.env };

async function start(options: EmulatorOptions = {}): Promise<void> {
  await emulator?.close();
  emulator = await startEmulator(options);
  Object.assign(process.env, {
    ATLASCLOUD_API_KEY: "test",
    ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
    ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
  });
}
beforeEach(async () => {
  repo = newRepository(home);
  await start();
  repo.put("image/jpeg-640x480.jpg", "shots/good.jpg");
  repo.put("image/jpeg-299x300.jpg", "shots/bad.jpg");
  repo.write("shots/notes.txt", "no media\n");
});
afterEach(async () => {
  await emulator.close();
  process.env = { ...environment };
});

const push = (...args: string[]) =>
  ran(["push", ...args], { cwd: repo.path, env: process.env as Record<string, string> });

describe("push", () => {
  test("a folder: what passes is Active, what does not is not sent, exit 1", async () => {
    const { code, out, err } = await push("shots");
    expect(code).toBe(1);
    expect(out).toMatch(/asset:\/\//);
    expect(out).toMatch(/bad\.jpg[\s\S]*not sent/);
    expect(err).toContain("2 files: 1 Active, 1 newly registered, 1 refused and not sent\n");
    expect(emulator.requests.filter((line) => line.operation === "upload")).toHaveLength(1);
    expect(existsSync(join(repo.path, "media-preflight.lock.json"))).toBe(true);
    const again = await push("shots/good.jpg");
    expect(again.code).toBe(0);
    expect(again.out).toContain("was there already");
    expect(emulator.requests.filter((line) => line.operation === "upload")).toHaveLength(1);
  });
  test("--dry-run needs no key, sends nothing and writes nothing", async () => {
    delete process.env.ATLASCLOUD_API_KEY;
    const { code, out, err } = await push("shots", "--dry-run");
    expect(code).toBe(1);
    expect(out).toContain("would upload and register it");
    expect(err).toContain("dry run, nothing sent: 2 files: 1 to upload, 1 refused\n");
    expect(emulator.requests.filter((line) => line.method !== "GET")).toEqual([]);
    expect(existsSync(join(repo.path, "media-preflight.lock.json"))).toBe(false);
  });
  test("without a key it is one line and exit 2", async () => {
    delete process.env.ATLASCLOUD_API_KEY;
    const { code, err, out } = await push("shots/good.jpg");
    expect(code).toBe(2);
    expect(err).toMatch(/^media-preflight: [^\n]*ATLASCLOUD_API_KEY[^\n]*\n$/);
    expect(out).toBe("");
  });
  test("an asset that the service judges Failed is exit 1, a missing file exit 2", async () => {
    await start({ failWith: "PixelCountTooLarge" });
    const failed = await push("shots/good.jpg");
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/Failed/);
    const missing = await push("shots/gone.jpg");
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("shots/gone.jpg: no such file");
  });
  test("json is an array of the reports and what became of each", async () => {
    const { out } = await push("shots", "--format", "json");
    const all = JSON.parse(out) as { file: string; verdict: string; asset: { uri: string } | null }[];
    const by = Object.fromEntries(all.map((one) => [one.file, one]));
    expect(by["shots/bad.jpg"]).toMatchObject({ verdict: "fail", asset: null });
    expect(by["shots/good.jpg"]?.asset?.uri).toMatch(/^asset:\/\//);
  });
  test("the key is in no output and no file", async () => {
    process.env.ATLASCLOUD_API_KEY = "sk-very-secret";
    const { out, err } = await push("shots", "--verbose");
    expect(out + err + readFileSync(join(repo.path, "media-preflight.lock.json"), "utf8")).not.toContain(
      "very-secret",
    );
  });
});
