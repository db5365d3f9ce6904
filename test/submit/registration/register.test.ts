import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type { LedgerEntry } from "../../../src/ledger/entry.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { allEntries } from "../../ledger/entries.ts";
import { failure, serviceInMemory, stepping, timeInTests } from "../client-in-memory.ts";
import { after, failing, listings, registrations, sending } from "./registering.ts";

/* One registration: what is written before it and after it, and when it is sent again. */

const { now, pass, passing } = timeInTests();

describe("a registration", () => {
  it("is recorded before it is sent, and with its ids once it is answered", async () => {
    const seen: LedgerEntry[] = [];
    const ledger = memoryLedger();
    const service = serviceInMemory((_, usual) => ({
      async registerAsset(given, options) {
        seen.push(...(await allEntries(ledger)));
        return usual.registerAsset(given, options);
      },
    }));
    service.fresh = { status: "processing", atlasAssetId: "atlas-1", arkAssetId: "ark-1" };
    await passing(sending(service, ledger, { wait: false }));
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const sent = {
      url: "https://cdn.test/1/a.wav",
      uploadedAt: at,
      assetName: expect.stringMatching(/^rain-[0-9a-f]{32}$/),
      namedBy: "tool",
      file: "rain.wav",
    };
    expect(seen).toMatchObject([{ ...sent, step: "registering", sentAt: at }]);
    expect(service.registrations).toEqual([
      { type: "Audio", url: "https://cdn.test/1/a.wav", name: seen[0]?.assetName },
    ]);
    const [entry] = await allEntries(ledger);
    expect(entry).toMatchObject({
      ...sent,
      step: "registered",
      id: "100",
      atlasAssetId: "atlas-1",
      arkAssetId: "ark-1",
      uri: "asset://a-100",
    });
    expect(entry).not.toHaveProperty("errorCode");
    expect(entry).not.toHaveProperty("sentAt");
  });

  it.each([
    [35_000, {}],
    [660_000, { registrationTimeout: 660_000 }],
  ])("counts as lost after %i milliseconds if its client states %j", async (expected, stated) => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    await passing(
      sending(
        serviceInMemory(() => stated),
        memoryLedger(),
        { wait: false },
      ),
    );
    expect(timeout.mock.calls).toEqual([[expected]]);
  });

  it("that the service temporarily refuses is retried up to six times, with growing delays", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const busy = failure("rate-limited", { outcome: "none", retryable: true });
    const times: number[] = [];
    const service = serviceInMemory(() => ({
      async registerAsset() {
        times.push(now());
        throw busy;
      },
    }));
    const ledger = memoryLedger();
    await expect(passing(sending(service, ledger))).rejects.toBe(busy);
    expect(times.map((time, i) => time - (times[i - 1] ?? time))).toEqual([0, 500, 1000, 2000, 4000, 8000]);
    expect([listings(service), (await allEntries(ledger))[0]?.step]).toEqual([0, "uploaded"]);
  });

  it("waits at least half of each delay, by chance, and never more than eight seconds", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const service = failing(...Array(4).fill(failure("rate-limited", { outcome: "none", retryable: true })));
    await passing(sending(service, memoryLedger()));
    expect(now()).toBe(250 + 500 + 1000 + 2000);
  });

  it("ends if the caller aborts between two retries", async () => {
    const busy = failure("rate-limited", { outcome: "none", retryable: true });
    const service = failing(busy, busy);
    const stop = new AbortController();
    const sent = sending(service, memoryLedger(), { signal: stop.signal });
    await pass(10);
    stop.abort();
    await expect(passing(sent)).rejects.toMatchObject({ code: "aborted" });
    expect(registrations(service)).toBe(1);
  });

  it.each([
    "no-key",
    "unauthorized",
    "payment-required",
    "forbidden",
    "not-found-upstream",
    "too-large",
    "invalid-request",
    "unprocessable",
    "rate-limited",
    "legally-unavailable",
    "usage",
    "network, before anything was sent",
  ])("that ends in %s was refused: no search follows", async (name) => {
    const [code = "", unsent] = name.split(", ");
    const refusal = failure(code, unsent ? { outcome: "none" } : {});
    const service = failing(refusal);
    await expect(passing(sending(service, memoryLedger()))).rejects.toBe(refusal);
    expect([registrations(service), listings(service)]).toEqual([1, 0]);
  });

  it.each([
    ["network", {}],
    ["server", {}],
    ["timeout", {}],
    ["protocol", {}],
    ["rate-limited", { outcome: "unknown" }],
    ["aborted", { outcome: "none" }],
    // A proxy's page, in place of the service's answer.
    ["forbidden", { retryable: true }],
    ["forbidden", { retryable: true, outcome: "none" }],
  ])("that ends in %s %j may have taken effect: the asset is searched for and found", async (code, more) => {
    const service = failing(Object.assign(failure(code, more), after));
    const asset = await passing(sending(service, memoryLedger()));
    expect(asset).toMatchObject({ id: "100", status: "active", reused: false });
    expect([registrations(service), listings(service)]).toEqual([1, 1]);
  });
});

describe("the ledger entry of a registration", () => {
  it("gets each step once", async () => {
    const { ledger, steps } = stepping();
    const service = serviceInMemory();
    service.fresh = { status: "processing", errorCode: "not yet" };
    await passing(sending(service, ledger));
    expect(steps.map(({ step }) => step)).toEqual([
      "checked",
      "uploaded",
      "registering",
      "registered",
      "active",
    ]);
    expect(steps.filter(({ errorCode }) => errorCode)).toEqual([]);
    // Done once, it is not written again.
    steps.length = 0;
    expect(await passing(sending(service, ledger))).toMatchObject({ reused: true });
    expect(steps).toEqual([]);
  });

  it("gets the service's error code if the asset Failed", async () => {
    const { ledger, steps } = stepping();
    const service = serviceInMemory();
    service.fresh = { status: "failed", errorCode: "FpsTooLow" };
    await expect(passing(sending(service, ledger))).rejects.toMatchObject({
      code: "asset-failed",
      id: "100",
    });
    expect(steps.slice(-2)).toMatchObject([
      { step: "registered", errorCode: undefined },
      { step: "failed", errorCode: "FpsTooLow", id: "100" },
    ]);
  });

  it("of a signed URL has the hash of the full URL, by which it is found", async () => {
    const ledger = memoryLedger();
    const url = "https://cdn.test/1/a.wav?sig=SECRET";
    const service = serviceInMemory((_, usual) => ({
      uploadMedia: async () => ({ url, filename: null, size: null, type: null, raw: {} }),
      async registerAsset(given, options) {
        await usual.registerAsset({ ...given, name: "renamed" }, options);
        throw failure("network");
      },
    }));
    expect(await passing(sending(service, ledger))).toMatchObject({ id: "100", name: "renamed" });
    const [entry] = await allEntries(ledger);
    expect(entry).toMatchObject({
      url: "https://cdn.test/1/a.wav",
      urlSha256: createHash("sha256").update(url).digest("hex"),
    });
    expect(JSON.stringify(entry)).not.toContain("SECRET");
  });
});
