import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sha256Of, startBucket } from "../../storage/start-bucket.ts";
import { wav } from "../../submit/crash/wav.ts";
import { type Ran, ran } from "../run.ts";

/* `push --storage` and `storage check|cors` on the command line; the bucket's keys are in the environment only. */

let started: Awaited<ReturnType<typeof startBucket>>;
let folder: string;
beforeAll(async () => {
  started = await startBucket();
});
afterAll(() => started.emulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-storage-"));
  const { endpoint = "", region = "", accessKeyId = "", secretAccessKey = "" } = started.settings;
  vi.stubEnv("AWS_ENDPOINT_URL_S3", endpoint);
  vi.stubEnv("AWS_REGION", region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("ATLASCLOUD_API_KEY", "test");
  vi.stubEnv("ATLASCLOUD_API_BASE_URL", started.emulator.apiBaseUrl);
  vi.stubEnv("ATLASCLOUD_CONSOLE_BASE_URL", started.emulator.consoleBaseUrl);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: string[]): Promise<Ran> =>
  ran(args, { cwd: folder, env: process.env as Record<string, string> });

describe("push --storage", () => {
  test("puts what passes, prints no signature, and a second push sends nothing", async () => {
    const bytes = wav(2.5, 77);
    writeFileSync(join(folder, "good.wav"), bytes);
    writeFileSync(join(folder, "short.wav"), wav(1, 78));
    const push = [
      "push",
      "good.wav",
      "short.wav",
      "--storage",
      "s3://media/clips",
      "--cross-check",
      "never",
      "--verbose",
    ];
    const first = await run(...push);
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining("asset://") });
    const key = `clips/${sha256Of(bytes)}.wav`;
    expect(started.emulator.snapshot().objects.map((object) => object.key)).toEqual([key]);
    const before = started.log.length;
    const second = await run(...push);
    expect(second.out).toContain("registered already");
    expect(started.log.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
    const ledger = readFileSync(join(folder, "media-preflight.lock.json"), "utf8");
    expect(ledger).toContain(key);
    expect(`${first.out}${first.err}${second.out}${second.err}${ledger}`).not.toMatch(
      /X-Amz|Signature|wJalrXUtnFEMI/,
    );
    const object = await run(
      "push",
      `s3://media/${key}`,
      "--storage",
      "s3://media/clips/",
      "--cross-check",
      "never",
    );
    expect(object).toMatchObject({ code: 0, out: expect.stringContaining("registered already") });
    const dry = ["push", `s3://media/${key}`, ...push.slice(3), "--dry-run", "--format", "json"];
    const planned = JSON.parse((await run(...dry, "--account", "other")).out).at(-1).summary;
    // The object is there: it is registered as it is.
    expect(planned.estimate).toMatchObject({ uploads: 0, bytes: 0, requests: 2 });
    const listed = await run("assets", "list", "--format", "json");
    expect(listed.out).toContain(key);
    expect(listed.out).not.toMatch(/X-Amz|Signature/);
  });

  test.each([
    [["push", "a.wav", "--storage", "https://media.example"], "s3://my-bucket/prefix/"],
    [["push", "a.wav", "--storage", "s3://user:secret@media/"], "s3://my-bucket/prefix/"],
    [["push", "a.wav", "--public-base-url", "https://cdn.example"], "--public-base-url needs --storage"],
    [["push", "a.wav", "--storage", "s3://media/../x/"], "prefix"],
    [["push", "s3://media/clips/a.wav"], "s3: URLs cannot be read"],
  ])("%j is a usage error that says what to write", async (args, said) => {
    writeFileSync(join(folder, "a.wav"), wav(2.5, 1));
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toContain("user:secret");
  });

  test("without keys it says which variables to set, and sends nothing", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "");
    writeFileSync(join(folder, "a.wav"), wav(2.5, 1));
    const before = started.log.length;
    const { code, err } = await run("push", "a.wav", "--storage", "s3://media/clips/");
    expect(code).toBe(2);
    expect(err).toContain("AWS_SECRET_ACCESS_KEY");
    expect(started.log).toHaveLength(before);
  });
});

describe("storage", () => {
  test("check tries everything and says what to change", async () => {
    const text = await run("storage", "check", "s3://media/clips/", "--origin", "https://app.example");
    expect(text.code).toBe(1);
    expect(text.out).toMatch(
      /✓ put:[\s\S]*✗ cors:[\s\S]*storage cors --origin https:\/\/app\.example[\s\S]*! lifecycle:/,
    );
    const json = await run("storage", "check", "s3://media/clips/", "--format", "json");
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out).map(({ step }: { step: string }) => step)).toContain("delete");
  });

  test("cors prints JSON on stdout, and how to apply it on stderr", async () => {
    const origin = ["--origin", "https://app.example", "--origin", "http://localhost:5173"];
    const aws = await run("storage", "cors", "s3://media/", ...origin);
    expect(JSON.parse(aws.out).CORSRules[0].AllowedOrigins).toEqual([
      "https://app.example",
      "http://localhost:5173",
    ]);
    expect(aws.err).toContain("put-bucket-cors --bucket media");
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "https://storage.googleapis.com");
    expect((await run("storage", "cors", ...origin)).err).toContain("gcloud storage buckets update");
    expect((await run("storage", "cors", "--provider", "r2", ...origin)).err).toContain("R2");
  });

  test.each([
    [["storage"], "check or cors"],
    [["storage", "check"], "s3://my-bucket/prefix/"],
    [["storage", "cors"], "--origin"],
    [["storage", "cors", "--origin", "*"], "not an origin"],
    [["storage", "cors", "--origin", "https://app.example/path"], "not an origin"],
  ])("%j is a usage error", async (args, said) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });
});
