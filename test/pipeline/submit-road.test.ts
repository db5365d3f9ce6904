import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type { Asset, Progress } from "../../src/atlas/types.ts";
import { preflight } from "../../src/index.ts";
import type { Entry, Progressed } from "../../src/pipeline/ledger/entry.ts";
import { ClaimLost, type Ledger } from "../../src/pipeline/ledger/ledger.ts";
import { memoryLedger } from "../../src/pipeline/ledger/memory.ts";
import { createSubmit } from "../../src/pipeline/submit.ts";
import type {
  RunOptions,
  SubmitFile,
  SubmitOptions,
  SubmittedAsset,
} from "../../src/pipeline/submit-options.ts";
import { asset, failure, type ServiceInMemory, serviceInMemory, timeInTests } from "./client-in-memory.ts";
import { wav } from "./crash/wav.ts";

/* The road of one file, over a client in memory: what is sent, under which name, and what begins again. */

const { pass, passing } = timeInTests();
const bytes = wav(2.5, 1);
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** The way to a file, as it is said. */
const road = (file: Partial<SubmitFile> = {}, alwaysHash = true) =>
  createSubmit<string>({
    preflight: (_, options) => preflight(new Uint8Array(bytes), options),
    open: (input) => ({
      name: input,
      payload: new Uint8Array(bytes),
      url: null,
      stamp: async () => "1",
      sha256: async () => sha256,
      probe: async () => null,
      ...file,
    }),
    alwaysHash,
  });
const sending = (
  service: ServiceInMemory,
  options: Partial<SubmitOptions & RunOptions> = {},
  file: Partial<SubmitFile> = {},
  name = "clips/rain on tin.final.mp3",
): Promise<SubmittedAsset> =>
  passing(road(file)(name, { atlas: service.client, witness: "never", ...options }));
const entryOf = async (ledger: Ledger): Promise<Entry | undefined> => (await ledger.entries())[0];

describe("what is sent", () => {
  it("has a name that fits its bytes, its type, and the caller's signal", async () => {
    const service = serviceInMemory();
    const { signal } = new AbortController();
    await sending(service, { signal });
    expect(service.uploads).toMatchObject([
      { options: { filename: "rain on tin.final.wav", contentType: "audio/wav", signal } },
    ]);
    expect(service.registrations).toMatchObject([
      { type: "Audio", name: `rain on tin.final-${sha256.slice(0, 10)}` },
    ]);
  });

  it.each([
    [null, "audio.wav"],
    ["", "audio.wav"],
    ["C:\\clips\\rain.MP3", "rain.wav"],
    [".wav", ".wav.wav"],
    ["rain", "rain.wav"],
  ])("where the file is called %j is called %s", async (name, filename) => {
    const service = serviceInMemory();
    await sending(service, {}, { name });
    expect(service.uploads[0]?.options?.filename).toBe(filename);
  });

  it("is kept under the last part of a path", async () => {
    for (const name of ["a/b.wav", "a\\b.wav", "b.wav"]) {
      const ledger = memoryLedger();
      await sending(serviceInMemory(), { ledger }, { name });
      expect((await entryOf(ledger))?.file).toBe("b.wav");
    }
    const ledger = memoryLedger();
    await sending(serviceInMemory(), { ledger }, { name: null });
    expect((await entryOf(ledger))?.file).toBeNull();
  });

  it("without a hash bears another name each time", async () => {
    const service = serviceInMemory();
    const hashed = vi.fn(async () => sha256);
    for (let i = 0; i < 2; i++)
      await passing(road({ sha256: hashed }, false)("a.wav", { atlas: service.client, witness: "never" }));
    const [first, second] = service.registrations.map(({ name }) => name);
    expect(first).toMatch(/^a-[0-9a-f]{10}$/);
    expect([first === second, hashed.mock.calls.length]).toEqual([false, 0]);
    await passing(
      road({ sha256: hashed }, false)("a.wav", {
        atlas: service.client,
        witness: "never",
        ledger: memoryLedger(),
      }),
    );
    expect(service.registrations[2]?.name).toBe(`a-${sha256.slice(0, 10)}`);
  });
});

describe("news of one file", () => {
  it("are each phase once, in its order, with reports and turns", async () => {
    const news: unknown[] = [];
    const service = serviceInMemory((_, usual) => ({
      uploadMedia(file, options) {
        options?.onProgress?.({ phase: "upload", loaded: 5, total: 5 });
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "processing" };
    await sending(service, {
      onProgress: ({ phase, loaded, total }: Progress) => news.push([phase, loaded, total]),
      turn: async (phase, act) => {
        news.push(`turn ${phase}`);
        return act();
      },
      onReport: ({ verdict }) => news.push(verdict),
      onUploaded: () => news.push("uploaded"),
      onRegistered: ({ id }) => news.push(`registered ${id}`),
    });
    expect(news).toEqual([
      "turn check",
      ["check", 0, null],
      "pass",
      "turn upload",
      ["upload", 5, 5],
      "uploaded",
      ["register", 0, 1],
      ["register", 1, 1],
      "registered 100",
      ["wait", 1, null],
    ]);
  });

  it("are none of a second road: the asset is the ledger's", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const first = await sending(service, { ledger });
    const onRegistered = vi.fn();
    const again = await sending(service, { ledger, onRegistered });
    expect(again).toMatchObject({ id: first.id, reused: true, report: { verdict: "pass" } });
    expect([service.uploads.length, onRegistered.mock.calls]).toEqual([1, []]);
  });
});

describe("a file that keeps changing", () => {
  const changed = {
    code: "changed",
    message: "it kept changing while it was checked and uploaded: nothing was registered",
    hint: "run it again when nothing writes to it any more",
    retryable: true,
  };
  it("while it is checked is begun four times, and not sent", async () => {
    let stamps = 0;
    const service = serviceInMemory();
    const stamp = async (): Promise<string> => String(stamps++);
    await expect(sending(service, {}, { stamp })).rejects.toMatchObject(changed);
    expect([stamps, service.calls]).toEqual([8, []]);
  });

  it.each([
    ["by its stamp", { stamp: (sent: number) => `${sent}`, sha256: () => sha256 }],
    ["by its bytes", { stamp: () => "1", sha256: (sent: number) => `${sent}`.padStart(64, "0") }],
  ])("while it is sent is begun four times, and not registered: %s", async (_, says) => {
    const service = serviceInMemory();
    const onUploaded = vi.fn();
    const file = {
      stamp: async () => says.stamp(service.uploads.length),
      sha256: async () => says.sha256(service.uploads.length),
    };
    await expect(sending(service, { onUploaded }, file)).rejects.toMatchObject(changed);
    expect([service.uploads.length, service.registrations, onUploaded.mock.calls]).toEqual([4, [], []]);
  });

  it("as the client says is begun again", async () => {
    let sends = 0;
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        if (++sends < 4) throw failure("changed");
        return usual.uploadMedia(file, options);
      },
    }));
    expect(await sending(service)).toMatchObject({ status: "active" });
    sends = 0;
    const never = serviceInMemory(() => ({ uploadMedia: () => Promise.reject(failure("changed")) }));
    await expect(sending(never)).rejects.toMatchObject(changed);
  });

  it("ends with the caller's signal before it is begun again", async () => {
    const stop = new AbortController();
    const service = serviceInMemory();
    let stamps = 0;
    const stamp = async (): Promise<string> => {
      if (++stamps === 2) stop.abort();
      return String(stamps);
    };
    await expect(sending(service, { signal: stop.signal }, { stamp })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(stamps).toBe(2);
  });
});

describe("an entry that others keep taking", () => {
  it("is begun four times, and then said to be locked", async () => {
    const ledger = memoryLedger();
    let claims = 0;
    let released = 0;
    const taken: Ledger = {
      ...ledger,
      async claim(...given) {
        claims++;
        const claim = await ledger.claim(...given);
        return {
          key: claim.key,
          entry: null,
          record: async () => {
            throw new ClaimLost(claim.key);
          },
          async release() {
            released++;
            await claim.release();
          },
        };
      },
    };
    await expect(sending(serviceInMemory(), { ledger: taken })).rejects.toMatchObject({
      code: "ledger-locked",
      message: "other processes kept taking its entry in the ledger",
      retryable: true,
    });
    expect([claims, released]).toEqual([4, 4]);
  });
});

describe("a registration that proves lost each time", () => {
  it("is sent four times, and then left for later", async () => {
    const service = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("network")) }));
    service.assets.push(asset({ id: "3", name: "other" }));
    await expect(sending(service)).rejects.toMatchObject({
      code: "network",
      message: "its registration was lost on the way each time it was sent",
      hint: "run it again later",
      retryable: true,
      report: { verdict: "pass" },
    });
    // The upload's address is good for some minutes: the file itself is sent once.
    expect([service.calls.filter((name) => name === "registerAsset").length, service.uploads.length]).toEqual(
      [4, 1],
    );
  });
});

describe("an upload on record", () => {
  const at = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();
  const uploaded = async (more: Partial<Progressed>): Promise<Ledger> => {
    const ledger = memoryLedger();
    const refusing = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("forbidden")) }));
    await sending(refusing, { ledger }).catch(() => {});
    const { sha256: hash, type, origin, account } = (await entryOf(ledger)) as Entry & { sha256: string };
    const claim = await ledger.claim({ sha256: hash, type, origin, account }, null);
    await claim.record({ ...(claim.entry as Entry), ...more });
    await claim.release();
    return ledger;
  };
  it.each([
    ["a moment old is registered", {}, 0, 0],
    ["almost five minutes old is registered", {}, 299_999, 0],
    ["five minutes old is sent again", {}, 300_000, 1],
    ["made in the future is sent again", {}, -1000, 1],
    ["of which only a part is known is sent again", { urlSha256: sha256 }, 0, 1],
    ["of which no time is known is sent again", { uploadedAt: undefined }, 0, 1],
    ["that is only checked is sent", { step: "checked" as const }, 0, 1],
  ])("%s", async (_, more, age, uploads) => {
    const ledger = await uploaded({ uploadedAt: at(age), ...more });
    const service = serviceInMemory();
    expect(await sending(service, { ledger })).toMatchObject({ reused: false, status: "active" });
    expect(service.uploads).toHaveLength(uploads);
    if (uploads === 0) expect(service.registrations[0]?.url).toBe("https://cdn.test/1/a.wav");
  });

  it("that was refused is still on record, and nobody's", async () => {
    const ledger = await uploaded({});
    expect(await entryOf(ledger)).toMatchObject({ step: "uploaded", owner: undefined });
  });
});

describe("until it is Active", () => {
  const processing = (more: Parameters<typeof serviceInMemory>[0] = () => ({})): ServiceInMemory => {
    const service = serviceInMemory(more);
    service.fresh = { status: "processing" };
    return service;
  };

  it("is waited for as the caller says", async () => {
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
    // What is Active already is not waited for, nor what nobody wants to wait for.
    service.fresh = {};
    await sending(service);
    service.fresh = { status: "processing" };
    expect(await sending(service, { wait: false })).toMatchObject({ status: "processing" });
    expect(waits).toHaveLength(1);
  });

  it("what the service judges Failed is looked up, and put on record", async () => {
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
        /^the service judged asset 100 Failed: FpsTooLow; audio\/frame-rate passed here/,
      ),
      hint: expect.stringContaining("Re-encode at a higher rate."),
      id: "100",
      upstreamCode: "FpsTooLow",
      rule: "audio/frame-rate",
      report: { verdict: "pass" },
    };
    await expect(sending(service, { ledger })).rejects.toMatchObject(failed);
    expect(await entryOf(ledger)).toMatchObject({ step: "failed", errorCode: "FpsTooLow", id: "100" });
    // The next road says the same, and sends nothing.
    await expect(sending(service, { ledger })).rejects.toMatchObject(failed);
    expect(service.registrations).toHaveLength(1);
  });

  it("what nobody can say more of is failed without a rule", async () => {
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

  it("is not failed because a client said so of an asset that is not", async () => {
    const told = failure("asset-failed");
    await expect(sending(processing(() => ({ waitUntilActive: () => Promise.reject(told) })))).rejects.toBe(
      told,
    );
    const late = failure("timeout");
    const ledger = memoryLedger();
    const slow = processing(() => ({ waitUntilActive: () => Promise.reject(late) }));
    await expect(sending(slow, { ledger })).rejects.toBe(late);
    expect([slow.calls.includes("getAsset"), await entryOf(ledger)]).toMatchObject([
      false,
      { step: "registered", owner: undefined },
    ]);
  });
});

describe("an asset that the user wants anew", () => {
  it("leaves up to 64 former ones on record", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const first = await sending(service, { ledger });
    const claim = await ledger.claim({ ...((await entryOf(ledger)) as Entry) }, null);
    const formerIds = Array.from({ length: 64 }, (_, i) => `${i}`);
    await claim.record({ ...(claim.entry as Entry), formerIds });
    await claim.release();
    service.trash.push(...service.assets.splice(0));
    const anew = await sending(service, { ledger, again: ["gone"] });
    expect(await entryOf(ledger)).toMatchObject({
      id: anew.id,
      formerIds: [...formerIds.slice(1), first.id],
    });
  });

  it("is on record as checked, with the former one, before it is sent", async () => {
    const ledger = memoryLedger();
    const seen: (Entry | undefined)[] = [];
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        seen.push(await entryOf(ledger));
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "failed" };
    await sending(service, { ledger }).catch(() => {});
    service.fresh = {};
    await sending(service, { ledger, again: ["failed"] });
    expect(seen).toMatchObject([{ step: "checked" }, { step: "checked", formerIds: ["100"] }]);
    expect(seen[1]).not.toHaveProperty("id");
  });
});

describe("an address", () => {
  const url = "https://cdn.test/mine/rain.wav?sig=S";
  const address = (probe: { etag: string | null; bytes: number | null }): Partial<SubmitFile> => ({
    name: "rain.wav",
    payload: null,
    url,
    stamp: async () => null,
    sha256: () => Promise.reject(new TypeError("not read")),
    probe: async () => probe,
  });

  it("is registered as it is, and kept without its query", async () => {
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
  ])("with the ETag %s is used again: %s", async (etag, reused) => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    await sending(service, { ledger }, address({ etag, bytes: 9 }));
    expect((await sending(service, { ledger }, address({ etag, bytes: 9 }))).reused).toBe(reused);
  });

  it("that the service refuses goes back to what was checked, and may be sent again", async () => {
    const ledger = memoryLedger();
    const refusing = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("forbidden")) }));
    const mine = address({ etag: '"1"', bytes: 9 });
    await expect(sending(refusing, { ledger }, mine)).rejects.toMatchObject({ code: "forbidden" });
    expect((await entryOf(ledger))?.step).toBe("checked");
    expect(await sending(serviceInMemory(), { ledger }, mine)).toMatchObject({ reused: false });
  });

  it("that the client calls changed is not begun again: nothing of it is read here", async () => {
    const told = failure("changed");
    const service = serviceInMemory(() => ({ waitUntilActive: () => Promise.reject(told) }));
    service.fresh = { status: "processing" };
    await expect(sending(service, {}, address({ etag: null, bytes: null }))).rejects.toBe(told);
    expect(service.registrations).toHaveLength(1);
  });

  it.each([
    ["https://console.test/api", undefined, false],
    ["http://127.0.0.1:9/api", undefined, true],
    ["http://localhost", undefined, true],
    ["/api", undefined, false],
    ["http://127.0.0.1:9/api", false, false],
    ["https://console.test/api", true, true],
  ])("for a service at %s (allowed: %s) may be a private one: %s", async (consoleBaseUrl, given, allowed) => {
    const service = serviceInMemory(() => ({ consoleBaseUrl }));
    const asked: unknown[] = [];
    const submit = createSubmit<string>({
      preflight: (_, options) => {
        asked.push(options.allowPrivate);
        return preflight(new Uint8Array(bytes), { ...options, allowPrivate: false });
      },
      open: (_, { allowPrivate }) => {
        asked.push(allowPrivate);
        return { ...(address({ etag: null, bytes: 9 }) as SubmitFile) };
      },
      alwaysHash: true,
    });
    await passing(submit("x", { atlas: service.client, witness: "never", allowPrivate: given }));
    expect(asked).toEqual([allowed, allowed]);
  });
});

describe("two roads of the same bytes at once", () => {
  it("wait for each other, and send them once", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const both = await Promise.all([sending(service, { ledger }), sending(service, { ledger })]);
    expect(both.map(({ reused }: Asset & { reused: boolean }) => reused).sort()).toEqual([false, true]);
    expect(service.registrations).toHaveLength(1);
    await pass(0);
  });
});
