import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
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
  emulator = await startEmulator({ processingMs: 0, ...options });
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
    expect(err).toContain("media-preflight: 2 files: 1 Active, 1 newly registered, 1 refused and not sent; ");
    expect(emulator.requests.filter((line) => line.operation === "upload")).toHaveLength(1);
    expect(existsSync(join(repo.path, "media-preflight.lock.json"))).toBe(true);
    const again = await push("shots/good.jpg");
    expect(again.code).toBe(0);
    expect(again.out).toContain("registered already");
    expect(emulator.requests.filter((line) => line.operation === "upload")).toHaveLength(1);
  });
  test("--dry-run needs no key, sends nothing and writes nothing", async () => {
    delete process.env.ATLASCLOUD_API_KEY;
    const { code, out, err } = await push("shots", "--dry-run");
    expect(code).toBe(1);
    expect(out).toContain("would upload and register it");
    expect(err).toContain("media-preflight: dry run, nothing sent: 2 files: 1 to upload, 1 refused; ");
    expect(emulator.requests.filter((line) => line.method !== "GET")).toEqual([]);
    expect(existsSync(join(repo.path, "media-preflight.lock.json"))).toBe(false);
  });
  test("--name with a folder of several files is exit 2 and sends none; with one file it names the asset", async () => {
    const { code, err } = await push("shots", "--name", "sunset");
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("--name is for a single file") });
    expect(emulator.requests.filter((line) => line.method !== "GET")).toEqual([]);
    repo.put("image/jpeg-640x480.jpg", "one/good.jpg");
    expect((await push("one", "--name", "sunset")).code).toBe(0);
    expect(emulator.snapshot().assets.map((asset) => asset.name)).toEqual(["sunset"]);
  });
  test("a missing key is one line and exit 2", async () => {
    delete process.env.ATLASCLOUD_API_KEY;
    const { code, err, out } = await push("shots/good.jpg");
    expect(code).toBe(2);
    expect(err).toMatch(/^media-preflight: [^\n]*ATLASCLOUD_API_KEY[^\n]*\n$/);
    expect(out).toBe("");
  });
  test("an asset that becomes Failed is exit 1, a missing file exit 2", async () => {
    await start({ failWith: "PixelCountTooLarge" });
    const failed = await push("shots/good.jpg");
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/Failed/);
    const missing = await push("shots/gone.jpg");
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("shots/gone.jpg: no such file");
  });
  test.each(["json", "ndjson"])(
    "%s contains each report with its asset, and ends with the totals",
    async (format) => {
      const { out } = await push("shots", "--format", format);
      const all: Record<string, unknown>[] =
        format === "json"
          ? JSON.parse(out)
          : out
              .trimEnd()
              .split("\n")
              .map((line) => JSON.parse(line));
      const by = Object.fromEntries(all.map((one) => [one.file, one]));
      expect(by["shots/bad.jpg"]).toMatchObject({ verdict: "fail", asset: null });
      expect(by["shots/good.jpg"]).toMatchObject({ asset: { uri: expect.stringMatching(/^asset:\/\//) } });
      expect(all).toHaveLength(3);
      const size = statSync(join(repo.path, "shots/good.jpg")).size;
      expect(all.at(-1)).toMatchObject({
        summary: { files: 2, active: 1, refused: 1, bytes: { sent: size }, estimate: null, fatal: null },
      });
      const { requests, elapsed } = (all.at(-1) as { summary: { requests: number; elapsed: number } })
        .summary;
      expect(requests).toBe(emulator.requests.length);
      expect(elapsed).toBeGreaterThan(0);
    },
  );
  test("--dry-run shows bytes, requests and the least time in JSON and text", async () => {
    const { out, err } = await push("shots", "--dry-run", "--format", "json", "--limit-rate", "1k");
    const size = statSync(join(repo.path, "shots/good.jpg")).size;
    const { summary } = JSON.parse(out).at(-1);
    expect(summary.estimate).toMatchObject({ uploads: 1, bytes: size, seconds: expect.any(Number) });
    expect(err).toMatch(/to send, at least \d+ requests, at least \d+ s\n$/);
  });
  test("--limit-rate slows the upload down", async () => {
    repo.put("audio/wav-pcm-stereo-3s.wav", "long.wav");
    const size = statSync(join(repo.path, "long.wav")).size;
    const started = performance.now();
    const { code } = await push("long.wav", "--limit-rate", String(size));
    expect(code).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(700);
  });
  test("--max-errors stops the run after that many files were rejected by the service", async () => {
    await start({ failWith: "PixelCountTooLarge" });
    // More than are in flight at a time.
    for (let i = 0; i < 40; i++)
      repo.write(
        `many/${i}.jpg`,
        Buffer.concat([readFileSync(join(repo.path, "shots/good.jpg")), Buffer.from([i])]),
      );
    const { code, out } = await push("many", "--max-errors", "1", "--jobs", "1", "--format", "json");
    expect(code).toBe(2);
    const { summary } = JSON.parse(out).at(-1);
    expect(summary.failed).toBeGreaterThanOrEqual(1);
    expect(summary.files).toBeLessThan(40);
    expect(summary.stopped).toBe(true);
  });
  test.each([
    [["--limit-rate", "fast"], "--limit-rate is bytes per second, such as 500k or 2M"],
    [["--limit-rate", "0"], "--limit-rate is bytes per second"],
    [["--max-errors", "0"], "--max-errors is a whole number from 1"],
  ])("%j is a usage error", async (flags, message) => {
    const { code, err } = await push("shots", ...flags);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  });
  test("a file whose name is not UTF-8 is one error, and the others are sent", async () => {
    writeFileSync(
      Buffer.concat([Buffer.from(join(repo.path, "shots/caf")), Buffer.from([0xe9]), Buffer.from(".jpg")]),
      "",
    );
    const { code, err } = await push("shots");
    expect(code).toBe(2);
    expect(err).toContain("shots/caf\\xE9.jpg: the file name is not UTF-8 → rename the file\n");
    expect(err).toContain("1 Active");
  });
  test("the key appears in no output and no file", async () => {
    process.env.ATLASCLOUD_API_KEY = "sk-very-secret";
    const { out, err } = await push("shots", "--verbose");
    expect(out + err + readFileSync(join(repo.path, "media-preflight.lock.json"), "utf8")).not.toContain(
      "very-secret",
    );
  });
});
