import { describe, expect, it } from "vitest";
import { mayBePrivate } from "../../src/bytes/url/get.ts";
import { preflight } from "../../src/index.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { PreflightOptions } from "../../src/preflight/preflight.ts";
import type { SubmitFile } from "../../src/submit/input/submit-file.ts";
import { createSubmit } from "../../src/submit/submit.ts";
import { failure, type ServiceInMemory, serviceInMemory } from "./client-in-memory.ts";
import { bytes, entryOf, submitInMemory } from "./submit-in-memory.ts";

/* The last step of a submission, and the submission of a URL. */

const { sending, passing } = submitInMemory();

describe("waiting until the asset is Active", () => {
  const processing = (more: Parameters<typeof serviceInMemory>[0] = () => ({})): ServiceInMemory => {
    const service = serviceInMemory(more);
    service.fresh = { status: "processing" };
    return service;
  };

  it("uses the caller's deadline and interval", async () => {
    const waits: unknown[] = [];
    const service = processing((_, usual) => ({
      waitUntilActive(id, options) {
        waits.push({ id, ...options });
        return usual.waitUntilActive(id, options);
      },
    }));
    const { signal } = new AbortController();
    const onProgress = (): void => {};
    await sending(service, { deadline: 7, interval: 8, signal, onProgress });
    expect(waits).toEqual([{ id: "100", deadline: 7, interval: 8, signal, onProgress }]);
    // There is no wait for an asset that is Active already, nor with `wait: false`.
    service.fresh = {};
    await sending(service);
    service.fresh = { status: "processing" };
    expect(await sending(service, { wait: false })).toMatchObject({ status: "processing" });
    expect(waits).toHaveLength(1);
  });

  it("explains and records an asset that the service marks Failed", async () => {
    const ledger = memoryLedger();
    const service: ServiceInMemory = processing(() => ({
      async waitUntilActive() {
        for (const one of service.assets) Object.assign(one, { status: "failed", errorCode: "FpsTooLow" });
        throw failure("asset-failed");
      },
    }));
    const failed = {
      code: "asset-failed",
      message: expect.stringMatching(
        /^the service set asset 100 to Failed: FpsTooLow; audio\/frame-rate passed here/,
      ),
      hint: expect.stringContaining("Re-encode at a higher rate."),
      id: "100",
      upstreamCode: "FpsTooLow",
      rule: "audio/frame-rate",
      report: { verdict: "pass" },
    };
    await expect(sending(service, { ledger })).rejects.toMatchObject(failed);
    expect(await entryOf(ledger)).toMatchObject({ step: "failed", errorCode: "FpsTooLow", id: "100" });
    // The next submission reports the same, and sends nothing.
    await expect(sending(service, { ledger })).rejects.toMatchObject(failed);
    expect(service.registrations).toHaveLength(1);
  });

  it("reports an unknown failure without a rule", async () => {
    for (const [more, message, hint] of [
      [
        { errorCode: "Odd", errorMessage: "so it is" },
        /Failed: Odd: so it is$/,
        "ask the service, with this id",
      ],
      [{ errorCode: null }, /Failed: no reason given$/, "ask the service, with this id"],
    ] as const) {
      const service = serviceInMemory();
      service.fresh = { status: "failed", ...more };
      await expect(sending(service)).rejects.toMatchObject({
        code: "asset-failed",
        message: expect.stringMatching(message),
        hint,
        rule: null,
        upstreamCode: more.errorCode,
      });
    }
  });

  it("does not record a failure that the service does not confirm", async () => {
    const failureReported = failure("asset-failed");
    await expect(
      sending(processing(() => ({ waitUntilActive: () => Promise.reject(failureReported) }))),
    ).rejects.toBe(failureReported);
    const late = failure("timeout");
    const ledger = memoryLedger();
    const slow = processing(() => ({ waitUntilActive: () => Promise.reject(late) }));
    await expect(sending(slow, { ledger })).rejects.toBe(late);
    expect([slow.calls.includes("getAsset"), await entryOf(ledger)]).toMatchObject([
      false,
      { step: "registered" },
    ]);
  });
});

describe("a URL", () => {
  const url = "https://cdn.test/mine/rain.wav?sig=S";
  const address = (probe: { etag: string | null; bytes: number | null }): Partial<SubmitFile> => ({
    name: "rain.wav",
    payload: null,
    url,
    stamp: async () => null,
    sha256: () => Promise.reject(new TypeError("not read")),
    probe: async () => probe,
  });

  it("is registered unchanged and recorded without its query", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    await sending(service, { ledger }, address({ etag: '"1"', bytes: 9 }));
    expect([service.uploads, service.registrations[0]?.url]).toEqual([[], url]);
    const entry = await entryOf(ledger);
    expect(entry).toMatchObject({
      sourceUrl: "https://cdn.test/mine/rain.wav",
      etag: '"1"',
      bytes: 9,
      origin: "https://console.test",
      step: "active",
    });
    expect(entry).not.toHaveProperty("uploadedAt", expect.any(String));
  });

  it.each([
    ['"1"', true],
    [null, false],
  ])("with the ETag %s is reused: %s", async (etag, reused) => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    await sending(service, { ledger }, address({ etag, bytes: 9 }));
    expect((await sending(service, { ledger }, address({ etag, bytes: 9 }))).reused).toBe(reused);
  });

  it("returns to step checked if the service refuses it, and can be sent again", async () => {
    const ledger = memoryLedger();
    const refusing = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("forbidden")) }));
    const mine = address({ etag: '"1"', bytes: 9 });
    await expect(sending(refusing, { ledger }, mine)).rejects.toMatchObject({ code: "forbidden" });
    expect((await entryOf(ledger))?.step).toBe("checked");
    expect(await sending(serviceInMemory(), { ledger }, mine)).toMatchObject({ reused: false });
  });

  it("does not start again if the client reports a change: its bytes are not read here", async () => {
    const failureReported = failure("changed");
    const service = serviceInMemory(() => ({ waitUntilActive: () => Promise.reject(failureReported) }));
    service.fresh = { status: "processing" };
    await expect(sending(service, {}, address({ etag: null, bytes: null }))).rejects.toBe(failureReported);
    expect(service.registrations).toHaveLength(1);
  });

  const metadata = "http://169.254.169.254/latest";
  it.each([
    ["https://console.test/api", undefined, []],
    ["http://127.0.0.1:9/api", undefined, ["http://127.0.0.1:8/a", "http://[::1]/a"]],
    ["http://localhost", undefined, ["http://127.0.0.1:8/a", "http://[::1]/a"]],
    ["/api", undefined, []],
    ["http://127.0.0.1:9/api", false, []],
    [
      "https://console.test/api",
      true,
      ["http://127.0.0.1:8/a", "http://[::1]/a", metadata, "http://10.0.0.1/"],
    ],
  ])("for a service at %s (allowPrivate: %s) may be at %j", async (consoleBaseUrl, given, allowed) => {
    const service = serviceInMemory(() => ({ consoleBaseUrl }));
    const passedOptions: unknown[] = [];
    const submit = createSubmit<string>({
      preflight: (_, options) => {
        passedOptions.push(options.allowPrivate);
        return preflight(new Uint8Array(bytes), { ...options, allowPrivate: false });
      },
      open: (_, { allowPrivate }) => {
        passedOptions.push(allowPrivate);
        return { ...(address({ etag: null, bytes: 9 }) as SubmitFile) };
      },
      rulesVersion: async () => "2026-11-22",
      alwaysHash: true,
    });
    await passing(submit("x", { atlas: service.client, crossCheck: "never", allowPrivate: given }));
    const urls = ["http://127.0.0.1:8/a", "http://[::1]/a", metadata, "http://10.0.0.1/"];
    for (const allowPrivate of passedOptions as PreflightOptions["allowPrivate"][])
      expect(urls.filter((one) => mayBePrivate({ allowPrivate }, new URL(one)))).toEqual(allowed);
    expect(passedOptions).toHaveLength(2);
  });
});
