import { afterEach, describe, expect, test } from "vitest";
import type { AtlasClient, Progress } from "../../src/atlas/types.ts";
import { clip } from "../../src/emulator/clip.ts";
import { preflight } from "../../src/index.ts";
import { createBrowserSubmitAndPush } from "../../src/push/submit-and-push.browser.ts";
import { createServerClient } from "../../src/server-client/client.ts";
import { key, type RunningHandler, signedIn, startHandler } from "./start-handler.ts";

let running: RunningHandler;
afterEach(() => running?.close());

const { submit } = createBrowserSubmitAndPush(preflight);
const client = (): AtlasClient => createServerClient({ endpoint: running.endpoint, headers: signedIn });
const file = (): File => new File([clip()], "sunset.mp4", { type: "video/mp4" });

describe("createServerClient with the handler", () => {
  test("submit works with it as with the service's client", async () => {
    running = await startHandler();
    const steps: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      steps.push({ ...progress });
    };
    const asset = await submit(file(), { atlas: client(), type: "video", assetName: "sunset", onProgress });
    expect(asset).toMatchObject({
      status: "active",
      name: "sunset",
      type: "Video",
      uri: expect.stringMatching(/^asset:\/\/atlas-asset-/),
    });
    expect(running.emulator.snapshot().assets.map(({ atlasAssetId }) => `asset://${atlasAssetId}`)).toEqual([
      asset.uri,
    ]);
    expect(running.emulator.snapshot().uploads).toMatchObject([
      { filename: "sunset.mp4", contentType: "video/mp4" },
    ]);
    const sent = steps.filter((step) => step.phase === "upload").map((step) => step.loaded);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    expect([sent[0], sent.at(-1)]).toEqual([0, clip().length]);
    expect(JSON.stringify(asset)).not.toContain(key);
  });

  test("headers may be computed for each request", async () => {
    running = await startHandler();
    let requests = 0;
    const headers = async (): Promise<Record<string, string>> => {
      requests += 1;
      return signedIn;
    };
    await submit(file(), {
      atlas: createServerClient({ endpoint: running.endpoint, headers }),
      type: "video",
    });
    expect(requests).toBeGreaterThanOrEqual(3);
  });

  test("a refusal by the server's check arrives as refused, with its report", async () => {
    running = await startHandler();
    const sent = client().uploadMedia(new Blob([clip().slice(0, 3000)], { type: "video/mp4" }));
    await expect(sent).rejects.toMatchObject({ code: "refused", status: 422, report: { verdict: "fail" } });
  });

  test("its errors are coded, and say whether anything took effect", async () => {
    running = await startHandler();
    const upload = (options: Parameters<typeof createServerClient>[0]): Promise<unknown> =>
      createServerClient(options).uploadMedia(file());
    await expect(upload({ endpoint: running.endpoint })).rejects.toMatchObject({
      code: "unauthorized",
      outcome: "none",
    });
    await expect(
      upload({
        endpoint: `${running.endpoint}/no`,
        headers: { origin: "https://evil.example", ...signedIn },
      }),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(upload({ endpoint: "http://127.0.0.1:9/media" })).rejects.toMatchObject({
      code: "network",
      retryable: true,
    });
    await expect(upload({ endpoint: running.emulator.apiBaseUrl, headers: signedIn })).rejects.toMatchObject({
      code: "unauthorized",
    });
    running.emulator.set({ serverError: 1 });
    await expect(client().uploadMedia(file())).rejects.toMatchObject({ code: "server" });
    running.emulator.set({ serverError: 0, failWith: "FpsTooLow" });
    await expect(submit(file(), { atlas: client(), type: "video" })).rejects.toMatchObject({
      code: "asset-failed",
      upstreamCode: "FpsTooLow",
      rule: "video/frame-rate",
    });
    const { url } = await client().uploadMedia(file());
    await expect(client().registerAsset({ type: "Image", url })).rejects.toMatchObject({
      code: "invalid-request",
      outcome: "none",
    });
    await expect(
      client().registerAsset({ type: "Video", url: `${url.slice(0, -30)}AAAA` }),
    ).rejects.toMatchObject({ code: "not-found", outcome: "none" });
    await expect(client().getAsset("nobody's")).rejects.toMatchObject({ code: "not-found" });
  });

  test("a registration whose answer was lost is retried, and registers nothing twice", async () => {
    running = await startHandler();
    let lost = 0;
    const flaky: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).endsWith("/assets") || lost === 2) return response;
      lost += 1;
      await response.body?.cancel();
      throw new TypeError("fetch failed");
    };
    const atlas = createServerClient({ endpoint: running.endpoint, headers: signedIn, fetch: flaky });
    const asset = await submit(file(), { atlas, type: "video" });
    expect([asset.status, lost, running.emulator.snapshot().assets.length]).toEqual(["active", 2, 1]);
  });

  test("a file whose registration was lost and not found is searched for when it is sent again", async () => {
    running = await startHandler({}, { serverErrorAfter: 1, faultsOn: ["register"], bareAssets: true });
    const lost = file();
    const send = () => submit(lost, { atlas: client(), type: "video" });
    await expect(send()).rejects.toMatchObject({ code: "outcome-unknown" });
    running.emulator.set({ bareAssets: false });
    const asset = await send();
    expect([asset.status, running.emulator.snapshot().assets.length]).toEqual(["active", 1]);
    // What was found is settled: the file can be sent as another asset.
    await send();
    expect(running.emulator.snapshot().assets.length).toBe(2);
  });

  test("the signal stops it, and nothing is registered", async () => {
    running = await startHandler({ spool: "disk" }, { delayed: 1, delayMs: 1000, faultsOn: ["upload"] });
    const stop = new AbortController();
    const sent = submit(file(), { atlas: client(), type: "video", signal: stop.signal });
    await expect.poll(() => running.spooled().length).toBeGreaterThan(0);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => running.spooled()).toEqual([]);
    expect(running.emulator.snapshot().assets).toEqual([]);
  });

  test("waiting ends at its deadline with an error that has the id", async () => {
    running = await startHandler({}, { stuckProcessing: true });
    const sent = await client().uploadMedia(file());
    const { id } = await client().registerAsset({ type: "Video", url: sent.url });
    await expect(client().waitUntilActive(id, { deadline: 100, interval: 30 })).rejects.toMatchObject({
      code: "timeout",
      id,
    });
  });

  test("a call that the handler does not offer is refused by name", async () => {
    running = await startHandler();
    const atlas = client();
    expect(() => atlas.listAssets()).toThrow(/listAssets is not offered by the server handler/);
    expect(() => atlas.listTrash()).toThrow(expect.objectContaining({ code: "usage" }));
    await expect(atlas.renameAsset("1", "x")).rejects.toThrow(/not offered/);
    await expect(atlas.generateVideo({ model: "m" })).rejects.toThrow(/not offered/);
    await expect(atlas.uploadMedia("/etc/hostname")).rejects.toMatchObject({ code: "usage" });
    await expect(
      atlas.registerAsset({ type: "Image", url: "https://example.com/a.png" }),
    ).rejects.toMatchObject({ code: "usage" });
    await expect(createServerClient({ endpoint: "/media" }).getAsset("1")).rejects.toThrow(
      /can only be used in a page/,
    );
  });
});
