import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import type { AtlasClient } from "../../src/atlas/types.ts";
import type { EmulatorOptions, RunningEmulator } from "../../src/emulator/index.ts";
import { preflight } from "../../src/index.ts";
import { fileLedger } from "../../src/ledger/file/file-ledger.node.ts";
import type { PushEvent, PushFile, PushOptions } from "../../src/push/options.ts";
import { createNodeSubmitAndPush } from "../../src/push/submit-and-push.node.ts";
import { wav } from "../submit/crash/wav.ts";
import { emulators } from "../submit/start-emulator.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const { push } = createNodeSubmitAndPush(preflight);
const key = "push-test-key-55bb";
const folder = temporaryFolder();
const ledgerPath = (): string => folder.join("media-preflight.lock.json");
const startEmulator = emulators(key);
let emulator: RunningEmulator;
let atlas: AtlasClient;
let events: PushEvent[];

async function start(options: EmulatorOptions = {}): Promise<void> {
  ({ emulator, atlas } = await startEmulator(options));
}
beforeEach(async () => {
  await mkdir(folder.join("media"));
  events = [];
});

/** WAV files in the folder, each with a duration in seconds and a mark that makes it unique. */
async function files(...of: [seconds: number, mark: number][]): Promise<PushFile<string>[]> {
  return Promise.all(
    of.map(async ([seconds, mark], i) => {
      const file = folder.join("media", `${i}.wav`);
      await writeFile(file, wav(seconds, mark));
      return { input: file, file: `media/${i}.wav` };
    }),
  );
}
const options = (more: Partial<PushOptions> = {}): PushOptions => ({
  atlas,
  crossCheck: "never",
  ledger: fileLedger(ledgerPath()),
  recovery: { betweenSearches: 50, afterRequest: 100 },
  interval: 30,
  onEvent: (event) => events.push(event),
  ...more,
});
const changing = (): number => emulator.requests.filter(({ method }) => method !== "GET").length;

describe("push", () => {
  it("turns each passing file into an asset, refuses the others, and returns a summary", async () => {
    await start();
    const all = await files([2.5, 1], [1, 2], [2.5, 3], [2.5, 4]);
    await writeFile(folder.join("media", "4.wav"), "<html>");
    all.push({ input: folder.join("media", "4.wav"), file: "media/4.wav" });
    all.push({ input: folder.join("media", "none.wav"), file: "media/none.wav" });
    const summary = await push(all, options());
    expect(summary).toMatchObject({
      files: 6,
      passed: 3,
      refused: 2,
      reused: 0,
      uploaded: 3,
      registered: 3,
      active: 3,
      failed: 0,
      errors: 1,
      stopped: false,
      fatal: null,
    });
    const size = wav(2.5, 1).length;
    expect(summary.bytes.sent).toBe(3 * size);
    expect(summary.bytes.checked).toBe(3 * size + wav(1, 2).length + "<html>".length);
    expect(summary.requests).toBe(emulator.requests.length);
    expect(summary.elapsed).toBeGreaterThan(20);
    expect(emulator.snapshot().assets).toHaveLength(3);
    const ends = events.filter(({ kind }) => ["done", "refused", "error"].includes(kind));
    expect(ends.map(({ kind, file }) => `${file} ${kind}`).sort()).toEqual([
      "media/0.wav done",
      "media/1.wav refused",
      "media/2.wav done",
      "media/3.wav done",
      "media/4.wav refused",
      "media/none.wav error",
    ]);
    const refused = events.find((event) => event.kind === "refused");
    expect(refused?.kind === "refused" && refused.report.file).toMatch(/^media\//);
  });

  it("hints how to fetch the object of a Git LFS pointer", async () => {
    await start();
    const input = new URL("../../fixtures/refused/lfs-pointer.mp4", import.meta.url).pathname;
    expect(await push([{ input, file: "clip.mp4" }], options())).toMatchObject({ refused: 1, errors: 0 });
    const refused = events.find((event) => event.kind === "refused");
    expect(refused?.kind === "refused" && refused.report.findings).toMatchObject([
      { rule: "file/format", verdict: "fail", hint: expect.stringContaining("git lfs pull") },
    ]);
    expect(emulator.requests).toEqual([]);
  });

  it("changes nothing at the service and in the ledger the second time", async () => {
    await start();
    const all = await files([2.5, 1], [2.5, 2], [2.5, 3]);
    await push(all, options());
    const before = {
      changes: changing(),
      text: await readFile(ledgerPath(), "utf8"),
      at: (await stat(ledgerPath())).mtimeMs,
    };
    const summary = await push(all, options());
    expect(summary).toMatchObject({ passed: 3, reused: 3, uploaded: 0, registered: 0, active: 3 });
    expect(changing()).toBe(before.changes);
    expect(await readFile(ledgerPath(), "utf8")).toBe(before.text);
    expect((await stat(ledgerPath())).mtimeMs).toBe(before.at);
  });

  it("sends the same bytes once, however many files contain them", async () => {
    await start();
    const all = await files([2.5, 1], [2.5, 1], [2.5, 1], [2.5, 2]);
    expect(await push(all, options())).toMatchObject({ passed: 4, reused: 2, registered: 2, active: 4 });
    expect(emulator.snapshot().assets).toHaveLength(2);
    expect(emulator.snapshot().uploads).toHaveLength(2);
  });

  it("registers each file once when two runs push the same files at once", async () => {
    await start();
    const all = await files(...Array.from({ length: 12 }, (_, i): [number, number] => [2.5, i]));
    const both = await Promise.all([push(all, options()), push(all, options())]);
    expect(both.map(({ active }) => active)).toEqual([12, 12]);
    expect(emulator.snapshot().assets).toHaveLength(12);
  });

  it("plans with dryRun, without a request and without writing a ledger", async () => {
    await start();
    const all = await files([2.5, 1], [2.5, 1], [1, 2], [2.5, 3]);
    const summary = await push(all, options({ dryRun: true }));
    const size = wav(2.5, 1).length;
    expect(summary).toMatchObject({ passed: 3, refused: 1, planned: { upload: 2, reuse: 1 } });
    expect(summary.estimate).toEqual({
      uploads: 2,
      bytes: 2 * size,
      copies: { files: 0, maxBytes: 0 },
      requests: 7,
      seconds: null,
    });
    expect(await push(all, options({ dryRun: true, limitRate: size }))).toMatchObject({
      estimate: { seconds: 2 },
    });
    expect(emulator.requests).toHaveLength(0);
    await expect(stat(ledgerPath())).rejects.toMatchObject({ code: "ENOENT" });
    await push(all, options());
    expect(await push(all, options({ dryRun: true }))).toMatchObject({ planned: { upload: 0, reuse: 3 } });
  });

  it("does not wait until Active with wait: false", async () => {
    await start({ processingMs: 5000 });
    expect(await push(await files([2.5, 1]), options({ wait: false }))).toMatchObject({
      registered: 1,
      active: 0,
      errors: 0,
    });
  });

  it("counts Failed assets separately from errors", async () => {
    await start({ failWith: "FpsTooLow" });
    expect(await push(await files([2.5, 1], [2.5, 2]), options())).toMatchObject({
      failed: 2,
      errors: 0,
      passed: 2,
    });
  });

  it("stops the run when the key is refused", async () => {
    await start();
    const { apiBaseUrl, consoleBaseUrl } = emulator;
    const unauthorized = createAtlasClient({
      apiBaseUrl,
      consoleBaseUrl,
      apiKey: "wrong",
      retry: { attempts: 1 },
    });
    const all = await files(...Array.from({ length: 20 }, (_, i): [number, number] => [2.5, i]));
    const left: string[] = [];
    const onEvent = (event: PushEvent): void => {
      if (event.kind === "error" && event.error.code === "aborted") left.push(event.error.message);
    };
    const summary = await push(all, options({ atlas: unauthorized, inFlight: 2, onEvent }));
    expect(summary).toMatchObject({ stopped: true, fatal: { code: "unauthorized" }, active: 0 });
    expect(summary.files).toBeLessThan(20);
    for (const message of left) expect(message).toMatch(/^not done, because the run stopped: .*401/);
    expect(left).toHaveLength(summary.left);
  });

  it("does not say to run it again if the call itself was wrong", async () => {
    await start();
    const [file] = await files([2.5, 1]);
    const wrong = [{ ...(file as PushFile<string>), assetName: "a".repeat(70) }];
    expect(await push(wrong, options())).toMatchObject({ errors: 1, hint: null });
  });

  it("stops the run after one shared pause when there is no connection", async () => {
    await start();
    const { apiBaseUrl, consoleBaseUrl } = emulator;
    const retry = { base: 20, cap: 100, outage: 500 };
    const offline = createAtlasClient({ apiBaseUrl, consoleBaseUrl, apiKey: key, retry });
    await emulator.close();
    const all = await files(...Array.from({ length: 40 }, (_, i): [number, number] => [2.5, i]));
    const pauses: unknown[] = [];
    const onPause = (pause: unknown): unknown => pauses.push(pause);
    const summary = await push(all, options({ atlas: offline, inFlight: 4, onPause }));
    expect(summary).toMatchObject({
      stopped: true,
      fatal: { code: "network", hostUnreachable: true },
      active: 0,
    });
    expect(summary.files).toBeLessThan(10);
    expect(summary.requests).toBeLessThan(30);
    expect(pauses).toEqual([{ host: "api", reason: "no-connection", milliseconds: 500 }]);
    expect(await push(all, options({ dryRun: true }))).toMatchObject({ planned: { upload: 40 } });
  });

  it("limits the rate of all uploads together", async () => {
    await start();
    const all = await files([2.5, 1], [2.5, 2], [2.5, 3]);
    const bytes = 3 * wav(2.5, 1).length;
    const begun = performance.now();
    expect(await push(all, options({ limitRate: bytes }))).toMatchObject({ active: 3 });
    expect(performance.now() - begun).toBeGreaterThan(700);
    await expect(push(all, options({ limitRate: 0 }))).rejects.toMatchObject({ code: "usage" });
  });

  it("stops the run when the ledger is invalid, and sends nothing", async () => {
    await start();
    await writeFile(ledgerPath(), "{");
    const summary = await push(await files([2.5, 1], [2.5, 2]), options());
    expect(summary).toMatchObject({ stopped: true, fatal: { code: "ledger-invalid" } });
    expect(emulator.requests).toHaveLength(0);
    expect(await readFile(ledgerPath(), "utf8")).toBe("{");
  });

  it("stops at the caller's signal with a hint how to continue, and continues from there", async () => {
    await start({ delayed: 1e9, delayMs: 100 });
    const all = await files(...Array.from({ length: 30 }, (_, i): [number, number] => [2.5, i]));
    const stop = new AbortController();
    const first = await push(
      all,
      options({
        signal: stop.signal,
        inFlight: 4,
        onEvent: (event) => event.kind === "done" && stop.abort(),
      }),
    );
    expect(first).toMatchObject({
      stopped: true,
      errors: 0,
      fatal: null,
      hint: expect.stringContaining("again"),
    });
    expect(first.active).toBeGreaterThan(0);
    expect(first.files).toBeLessThan(30);
    emulator.set({ delayed: 0 });
    expect(await push(all, options())).toMatchObject({ passed: 30, active: 30, errors: 0 });
    expect(emulator.snapshot().assets).toHaveLength(30);
  });

  it("registers each file once though a fifth of all requests fail", async () => {
    await start({
      cutBefore: 0.05,
      cutAfter: 0.05,
      serverError: 0.04,
      serverErrorAfter: 0.03,
      rateLimited: 0.03,
      seed: 7,
    });
    const all = await files(...Array.from({ length: 40 }, (_, i): [number, number] => [2.5, i]));
    for (let runs = 1; ; runs++) {
      const { errors } = await push(all, options());
      if (errors === 0) break;
      expect(runs).toBeLessThan(10);
    }
    expect(emulator.snapshot().assets).toHaveLength(40);
  });
});
