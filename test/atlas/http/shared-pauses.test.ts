import { expect, test } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import type { ClientEvent } from "../../../src/atlas/types.ts";
import { clientOf, key, refusal } from "../setup.ts";

/* Retry-After and an unreachable host concern all calls of a client, not one file after another. */

const asset = { json: { code: 200, data: { id: 7, status: "Active" } } };

const events = (client: { subscribe?(listener: (event: ClientEvent) => void): () => void }) => {
  const seen: ClientEvent[] = [];
  client.subscribe?.((event) => seen.push(event));
  return seen;
};
const pauses = (seen: ClientEvent[]) => seen.filter((event) => event.kind === "pause");

test.each<[string, () => string]>([
  ["seconds", () => "1"],
  ["a date", () => new Date(Date.now() + 2000).toUTCString()],
])("Retry-After in %s holds back every call to that host, and is announced once", async (_, header) => {
  const times: number[] = [];
  const { client, seen } = await clientOf(({ path }, n) => {
    times.push(performance.now());
    return n === 1 && path.endsWith("/7")
      ? { status: 429, json: {}, headers: { "retry-after": header() } }
      : asset;
  });
  const clientEvents = events(client);
  const first = client.getAsset("7");
  await expect.poll(() => seen.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([first, client.getAsset("7"), client.getAsset("7")]);
  expect(seen).toHaveLength(4);
  // A date has whole seconds, so that up to one of them is gone already.
  for (const at of times.slice(1)) expect(at - (times[0] ?? 0)).toBeGreaterThan(900);
  expect(pauses(clientEvents)).toEqual([
    { kind: "pause", host: "console", reason: "retry-after", milliseconds: expect.any(Number) },
  ]);
});

test("Retry-After is on the error of a call that is not repeated", async () => {
  const { client } = await clientOf(() => ({ status: 429, json: {}, headers: { "retry-after": "5" } }));
  const error = await refusal(client.registerAsset({ type: "Image", url: "https://cdn.example/a.png" }));
  expect(error).toMatchObject({ code: "rate-limited", retryAfter: 5000 });
});

test("Retry-After of one host does not delay the other", async () => {
  const { client } = await clientOf(({ path }) =>
    path.includes("/sd/")
      ? { status: 429, json: {}, headers: { "retry-after": "30" } }
      : { json: { id: "p", status: "starting" } },
  );
  await refusal(client.registerAsset({ type: "Image", url: "https://cdn.example/a.png" }));
  const begun = performance.now();
  expect((await client.getPrediction("p")).id).toBe("p");
  expect(performance.now() - begun).toBeLessThan(10_000);
});

/** An address on loopback where nothing listens any more. */
async function closedAddress(): Promise<string> {
  const { service } = await clientOf(() => asset);
  await service.close();
  return service.url;
}

test("an unreachable host fails all calls after one shared pause, with few attempts", async () => {
  const client = createAtlasClient({
    apiKey: key,
    consoleBaseUrl: await closedAddress(),
    // More attempts than fit into the outage: on a slow machine too, the outage ends the calls.
    retry: { attempts: 100, base: 20, cap: 100, outage: 600 },
  });
  const clientEvents = events(client);
  const begun = performance.now();
  const errors = await Promise.all(Array.from({ length: 40 }, () => refusal(client.getAsset("7"))));
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(errors.every(({ code, hostUnreachable }) => code === "network" && hostUnreachable)).toBe(true);
  expect(pauses(clientEvents)).toEqual([
    { kind: "pause", host: "console", reason: "no-connection", milliseconds: 600 },
  ]);
  // 40 calls and then one attempt at a time; each by itself would make many more.
  expect(clientEvents.filter(({ kind }) => kind === "request").length).toBeLessThan(80);
});

test("calls continue when the host can be reached again", async () => {
  const { client: probe, service } = await clientOf(() => asset);
  const { port } = new URL(service.url);
  expect((await probe.getAsset("7")).id).toBe("7");
  const client = createAtlasClient({
    apiKey: key,
    consoleBaseUrl: `http://127.0.0.1:${port}/console/v1`,
    retry: { base: 10, cap: 50, outage: 20_000 },
  });
  const clientEvents = events(client);
  await service.close();
  const calls = Promise.all(Array.from({ length: 5 }, () => client.getAsset("7")));
  calls.catch(() => {});
  await expect.poll(() => pauses(clientEvents).length).toBe(1);
  await service.reopen();
  expect((await calls).map(({ id }) => id)).toEqual(["7", "7", "7", "7", "7"]);
});

test("a signal ends the wait for an unreachable host", async () => {
  const client = createAtlasClient({
    apiKey: key,
    consoleBaseUrl: await closedAddress(),
    retry: { base: 5, cap: 20, outage: 60_000 },
  });
  const stop = new AbortController();
  const call = client.getAsset("7", { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(call).rejects.toMatchObject({ code: "aborted" });
});
