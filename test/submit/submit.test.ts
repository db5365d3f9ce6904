import { readFile, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import type { AtlasClient, Progress } from "../../src/atlas/types.ts";
import type { EmulatorOptions, RunningEmulator } from "../../src/emulator/index.ts";
import { preflight } from "../../src/index.ts";
import { fileLedger } from "../../src/ledger/file/file-ledger.node.ts";
import { createNodeSubmitAndPush } from "../../src/push/submit-and-push.node.ts";
import type { SubmitOptions } from "../../src/submit/options.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { wav } from "./crash/wav.ts";
import { emulators } from "./start-emulator.ts";

const { submit } = createNodeSubmitAndPush(preflight);
const key = "submit-test-key-77aa";
const folder = temporaryFolder();
const ledgerPath = (): string => folder.join("media-preflight.lock.json");
const startEmulator = emulators(key);
let emulator: RunningEmulator;
let atlas: AtlasClient;
let file: string;

async function start(options: EmulatorOptions = {}): Promise<void> {
  ({ emulator, atlas } = await startEmulator(options));
}
beforeEach(async () => {
  file = folder.join("rain on tin.wav");
  await writeFile(file, wav(2.5, 1));
});

const recovery = { betweenSearches: 50, afterRequest: 100 };
const options = (more: Partial<SubmitOptions> = {}): SubmitOptions => ({
  atlas,
  crossCheck: "never",
  ledger: fileLedger(ledgerPath()),
  recovery,
  interval: 30,
  ...more,
});
const requestsFor = (operation: string): number =>
  emulator.requests.filter((line) => line.operation === operation && line.status !== 429).length;
const steps = async (): Promise<Record<string, unknown>[]> =>
  JSON.parse(await readFile(ledgerPath(), "utf8")).entries;

describe("submit", () => {
  it("reports each phase in order", async () => {
    await start({ stuckProcessing: true });
    const phases: string[] = [];
    const onProgress = ({ phase }: Progress): void => {
      phases.push(phase);
      if (phase === "wait") emulator.set({ stuckProcessing: false });
    };
    await submit(file, options({ onProgress }));
    expect([...new Set(phases)]).toEqual(["check", "upload", "register", "wait"]);
  });
  it("takes a file from its bytes to an Active asset, and records each step", async () => {
    await start();
    const asset = await submit(file, options());
    expect(asset).toMatchObject({
      status: "active",
      reused: false,
      report: { verdict: "pass", type: "audio" },
    });
    expect(asset.uri).toMatch(/^asset:\/\//);
    const [entry] = await steps();
    expect(entry).toMatchObject({
      step: "active",
      file: "rain on tin.wav",
      type: "audio",
      uri: asset.uri,
      namedBy: "tool",
    });
    expect(entry?.assetName).toBe(`rain on tin-${String(entry?.sha256).slice(0, 32)}`);
    expect(entry).not.toHaveProperty("owner");
  });

  it("sends nothing that changes anything the second time, and fetches the asset once", async () => {
    await start();
    const first = await submit(file, options());
    const before = emulator.requests.length;
    const again = await submit(file, options());
    expect(again).toMatchObject({ reused: true, uri: first.uri });
    const later = emulator.requests.slice(before);
    expect(later.map(({ method }) => method)).toEqual(later.map(() => "GET"));
    expect(later.filter(({ operation }) => operation === "get")).toHaveLength(1);
  });

  it("sends nothing that did not pass: one coded error, with the report", async () => {
    await start();
    await writeFile(file, wav(1, 1));
    await expect(submit(file, options())).rejects.toMatchObject({
      code: "refused",
      report: { verdict: "fail", findings: [{ rule: "audio/duration" }] },
    });
    expect(emulator.requests).toHaveLength(0);
  });

  it("works without a ledger, for Blobs and bytes too", async () => {
    await start();
    const bytes = new Uint8Array(wav(2.5, 2));
    for (const input of [bytes, new Blob([bytes]), new File([bytes], "x.wav")])
      expect(await submit(input, { atlas, crossCheck: "never", interval: 30 })).toMatchObject({
        status: "active",
        reused: false,
      });
    expect(requestsFor("register")).toBe(3);
  });

  it("returns after the registration with wait: false, and can be continued later", async () => {
    await start({ processingMs: 300 });
    const early = await submit(file, options({ wait: false }));
    expect(early.status).toBe("processing");
    expect((await steps())[0]?.step).toBe("registered");
    expect(await submit(file, options())).toMatchObject({ status: "active", reused: true, id: early.id });
    expect(requestsFor("register")).toBe(1);
  });

  it("refuses a name of more than 64 characters before anything is sent", async () => {
    await start();
    await expect(submit(file, options({ assetName: "x".repeat(65) }))).rejects.toMatchObject({
      code: "usage",
    });
    expect(emulator.requests).toHaveLength(0);
  });

  it("separates accounts", async () => {
    await start();
    await submit(file, options());
    expect(await submit(file, options({ account: "work" }))).toMatchObject({ reused: false });
  });

  it("records neither the key nor the query of an upload's URL", async () => {
    await start({ signedUrls: true });
    await submit(file, options());
    const text = await readFile(ledgerPath(), "utf8");
    expect(text).not.toContain("Signature");
    expect(text).not.toContain(key);
    expect(JSON.parse(text).entries[0].urlSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a recorded asset", () => {
  it("that no longer exists or is in the trash is reported, not returned, and registered again only if the user wants it", async () => {
    await start();
    const asset = await submit(file, options());
    await atlas.trashAsset(asset.id);
    await expect(submit(file, options())).rejects.toMatchObject({
      code: "asset-gone",
      id: asset.id,
      message: expect.stringMatching(/trash|gone/),
    });
    const second = await submit(file, options({ again: ["gone"] }));
    expect(second).toMatchObject({ reused: false, status: "active" });
    expect((await steps())[0]).toMatchObject({ id: second.id, formerIds: [asset.id] });
  });

  it("that Failed is reported with the service's code and the local rule", async () => {
    await start({ failWith: "InvalidParameter.DurationTooLong" });
    for (const round of [1, 2]) {
      const error = await submit(file, options()).catch((caught: unknown) => caught);
      expect(error, `round ${round}`).toMatchObject({
        code: "asset-failed",
        upstreamCode: "DurationTooLong",
        rule: "audio/duration",
        report: { verdict: "pass" },
      });
    }
    expect(requestsFor("register")).toBe(1);
    emulator.set({ failWith: "" });
    expect(await submit(file, options({ again: ["failed"] }))).toMatchObject({ status: "active" });
  });

  it("that Failed for a reason without a local rule is reported so", async () => {
    await start({ policyFailure: true });
    await expect(submit(file, options())).rejects.toMatchObject({ code: "asset-failed", rule: null });
  });

  it("of another type is not returned: a ledger is never trusted", async () => {
    await start();
    await submit(file, options());
    const picture = await atlas.listAssets()[Symbol.asyncIterator]().next();
    const text = await readFile(ledgerPath(), "utf8");
    await writeFile(ledgerPath(), text.replace(/"id": "[^"]+"/, '"id": "999999"'));
    await expect(submit(file, options())).rejects.toMatchObject({ code: "asset-gone", id: "999999" });
    expect(picture.done).toBe(false);
  });
});

describe("a lost response", () => {
  it("after the registration took effect is found by a search, and nothing is sent twice", async () => {
    await start();
    await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ cutAfter: 1, faultsOn: ["register"] });
    const notes: string[] = [];
    const asset = await submit(file, options({ onNote: (note) => notes.push(note) }));
    expect(asset.status).toBe("active");
    expect(emulator.snapshot().assets).toHaveLength(2);
    expect(notes.join()).toMatch(/lost.*taken effect/s);
  });

  it("before the registration took effect is sent again after two searches without a result", async () => {
    await start();
    await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ cutBefore: 1, faultsOn: ["register"] });
    expect(await submit(file, options())).toMatchObject({ status: "active" });
    expect(emulator.snapshot().assets).toHaveLength(2);
    expect(requestsFor("list")).toBeGreaterThanOrEqual(4);
  });

  it("for a presigned upload is found by its exact URL although the ledger has none", async () => {
    await start({ signedUrls: true });
    await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ serverErrorAfter: 1, faultsOn: ["register"], signedUrls: true });
    await submit(file, options({ assetName: "of the user" }));
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it("ends in outcome-unknown if the list shows neither names nor URLs, also on the next run", async () => {
    await start({ bareAssets: true });
    await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ bareAssets: true, cutAfter: 1, faultsOn: ["register"] });
    for (const round of [1, 2])
      await expect(submit(file, options()), `round ${round}`).rejects.toMatchObject({
        code: "outcome-unknown",
        hint: expect.stringContaining("again"),
      });
    expect(emulator.snapshot().assets).toHaveLength(2);
    expect((await steps()).map(({ step }) => step).sort()).toEqual(["active", "registering"]);
  });

  it("ends in outcome-unknown if the list ends before the service's own count of it", async () => {
    await start();
    const first = await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ cutAfter: 1, faultsOn: ["register"] });
    const short = createAtlasClient({
      apiBaseUrl: emulator.apiBaseUrl,
      consoleBaseUrl: emulator.consoleBaseUrl,
      apiKey: key,
      timeout: 20_000,
      retry: { base: 10, cap: 50 },
      // Of every list it keeps back what is newest.
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!/\/sd\/assets\?/.test(input instanceof Request ? input.url : String(input))) return response;
        const body = await response.json();
        body.data.items = body.data.items.filter(({ id }: { id: unknown }) => String(id) === first.id);
        return Response.json(body);
      },
    });
    await expect(submit(file, options({ atlas: short }))).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(emulator.snapshot().assets).toHaveLength(2);
    expect(await submit(file, options())).toMatchObject({ status: "active" });
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it("of unknown outcome is sent again with the user's permission", async () => {
    await start({ bareAssets: true });
    emulator.set({ bareAssets: true, cutBefore: 1, faultsOn: ["register"] });
    await expect(submit(file, options())).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(await submit(file, options({ again: ["unknown"] }))).toMatchObject({ status: "active" });
    expect(emulator.snapshot().assets).toHaveLength(1);
  });

  it("is not searched for if the service refused: after a 429 the request is sent again", async () => {
    await start({ rateLimited: 1, faultsOn: ["register"] });
    expect(await submit(file, options())).toMatchObject({ status: "active" });
    expect(requestsFor("list")).toBe(0);
  });

  it("is searched for if a proxy's page replaced the response", async () => {
    await start();
    await submit(file, options());
    await writeFile(file, wav(2.5, 3));
    emulator.set({ html403: 1, faultsOn: ["register"] });
    expect(await submit(file, options())).toMatchObject({ status: "active" });
    expect(requestsFor("list")).toBeGreaterThan(0);
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it("leaves the intent in the ledger if the caller aborts meanwhile", async () => {
    await start({ delayed: 1, delayMs: 2000, faultsOn: ["register"] });
    const stop = new AbortController();
    const going = submit(file, options({ signal: stop.signal }));
    const step = async (): Promise<unknown> => (await steps().catch(() => []))[0]?.step;
    await expect.poll(step, { interval: 5 }).toBe("registering");
    // The request follows the record; its answer takes two seconds.
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort();
    await expect(going).rejects.toMatchObject({ code: "aborted" });
    expect(["registering", "registered"]).toContain((await steps())[0]?.step);
    expect(await submit(file, options())).toMatchObject({ status: "active" });
    expect(emulator.snapshot().assets).toHaveLength(1);
  });
});

describe("a file that changes between check and upload", () => {
  it("is checked again, and sent in its new version", async () => {
    await start();
    const changing: AtlasClient = { ...atlas };
    let uploads = 0;
    changing.uploadMedia = async (path, how) => {
      const answer = await atlas.uploadMedia(path, how);
      if (++uploads === 1) await writeFile(file, wav(2.5, 9));
      return answer;
    };
    expect(await submit(file, options({ atlas: changing }))).toMatchObject({ status: "active" });
    expect(uploads).toBe(2);
    expect(requestsFor("register")).toBe(1);
  });

  it("to one that does not pass is not registered", async () => {
    await start();
    const changing: AtlasClient = { ...atlas };
    changing.uploadMedia = async (path, how) => {
      await writeFile(file, wav(1, 9));
      return atlas.uploadMedia(path, how);
    };
    await expect(submit(file, options({ atlas: changing }))).rejects.toMatchObject({ code: "refused" });
    expect(requestsFor("register")).toBe(0);
  });

  it("each time ends with the code changed", async () => {
    await start();
    let mark = 10;
    const changing: AtlasClient = { ...atlas };
    changing.uploadMedia = async (path, how) => {
      const answer = await atlas.uploadMedia(path, how);
      await writeFile(file, wav(2.5, mark++));
      return answer;
    };
    await expect(submit(file, options({ atlas: changing }))).rejects.toMatchObject({ code: "changed" });
    expect(requestsFor("register")).toBe(0);
  });
});

describe("an upload that was not registered", () => {
  it("is registered without another upload while its URL is recent, and uploaded again later", async () => {
    await start();
    const deaf: AtlasClient = {
      ...atlas,
      registerAsset: () => Promise.reject(Object.assign(new Error("no"), { code: "forbidden" })),
    };
    await expect(submit(file, options({ atlas: deaf }))).rejects.toMatchObject({ code: "forbidden" });
    expect((await steps())[0]).toMatchObject({ step: "uploaded" });
    const text = await readFile(ledgerPath(), "utf8");
    await submit(file, options());
    expect(requestsFor("upload")).toBe(1);
    await writeFile(
      ledgerPath(),
      text.replace(/"uploadedAt": "[^"]+"/, '"uploadedAt": "2026-01-01T00:00:00.000Z"'),
    );
    await submit(file, options());
    expect(requestsFor("upload")).toBe(2);
  });
});
