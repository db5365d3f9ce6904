import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { createEmulator, type RunningEmulator } from "../../../src/emulator/index.ts";
import { fileLedger, type SubmitOptions, submit } from "../../../src/index.ts";
import { wav } from "../crash/wav.ts";

let directory: string;
let ledgerPath: string;
let emulator: RunningEmulator;
let storage: Server;
let address: string;
let served: { bytes: Buffer; etag: string | null };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "submit-url-"));
  ledgerPath = join(directory, "ledger.json");
  emulator = await createEmulator({ processingMs: 20, allowFetch: true }).listen();
  served = { bytes: wav(2.5, 1), etag: '"one"' };
  storage = createServer((_, response) => {
    response.writeHead(200, { "content-type": "audio/wav", ...(served.etag && { etag: served.etag }) });
    response.end(served.bytes);
  });
  await new Promise<void>((resolve) => storage.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/sounds/rain.wav?take=1&X-Amz-Signature=secret`;
});
afterEach(async () => {
  await emulator.close();
  storage.close();
  await rm(directory, { recursive: true, force: true });
});

const options = (more: Partial<SubmitOptions> = {}): SubmitOptions => {
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  const atlas = createAtlasClient({ apiBaseUrl, consoleBaseUrl, apiKey: "key", retry: { base: 10 } });
  return {
    atlas,
    ledger: fileLedger(ledgerPath),
    interval: 30,
    recovery: { betweenSearches: 50, afterRequest: 100 },
    crossCheck: "never",
    ...more,
  };
};
const operations = (): (string | null)[] => emulator.requests.map(({ operation }) => operation);

describe("a URL in the user's own storage", () => {
  it("is registered unchanged, without an upload; its query is nowhere in the ledger", async () => {
    const asset = await submit(address, options());
    expect(asset).toMatchObject({ status: "active", reused: false });
    expect(operations()).not.toContain("upload");
    expect(emulator.snapshot().assets[0]).toMatchObject({ url: address });
    const text = await readFile(ledgerPath, "utf8");
    expect(text).not.toContain("secret");
    expect(JSON.parse(text).entries[0]).toMatchObject({
      sourceUrl: address.split("?")[0],
      etag: '"one"',
      step: "active",
    });
  });

  it("is another file if its query differs, except for the signature", async () => {
    await submit(address, options());
    expect(await submit(address.replace("take=1", "take=2"), options())).toMatchObject({ reused: false });
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it("is reused while its strong ETag and size are the same, whatever its signature", async () => {
    const first = await submit(address, options());
    expect(await submit(`${address}2`, options())).toMatchObject({ reused: true, id: first.id });
    served = { bytes: wav(2.5, 2), etag: '"two"' };
    expect(await submit(address, options())).toMatchObject({ reused: false });
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it.each([[null], ['W/"weak"']])("is registered again each time with the ETag %s", async (etag) => {
    served.etag = etag;
    await submit(address, options());
    expect(await submit(address, options())).toMatchObject({ reused: false });
    expect(emulator.snapshot().assets).toHaveLength(2);
  });

  it("whose registration got no response is found by the exact URL", async () => {
    emulator.set({ cutAfter: 1, faultsOn: ["register"] });
    expect(await submit(address, options())).toMatchObject({ status: "active" });
    expect(emulator.snapshot().assets).toHaveLength(1);
  });

  it("that does not pass is not registered", async () => {
    served.bytes = wav(1, 1);
    await expect(submit(new URL(address), options())).rejects.toMatchObject({ code: "refused" });
    served.bytes = Buffer.from("<!doctype html><title>Sign in</title>");
    await expect(submit(address, options())).rejects.toMatchObject({ code: "refused" });
    expect(emulator.snapshot().assets).toHaveLength(0);
  });
});
