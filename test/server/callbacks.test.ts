import { afterEach, beforeEach, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import type { HandlerOptions } from "../../src/server/index.ts";
import { type RunningHandler, signedIn, startHandler } from "./start-handler.ts";

/* A user's callback must never break the handler: nothing it throws leaks a slot, a spooled file or a stream. */

let running: RunningHandler;
const warnings: string[] = [];
const warned = (warning: Error): void => void warnings.push(warning.message);
beforeEach(() => {
  warnings.length = 0;
  process.on("warning", warned);
});
afterEach(async () => {
  process.off("warning", warned);
  await running.close();
});

const throwing = (): never => {
  throw new Error("the log is full");
};
const rejecting = (): never => Promise.reject(new Error("the log is full")) as never;

const upload = (accept = "application/json", body: BodyInit = clip()): Promise<Response> =>
  fetch(`${running.endpoint}/assets`, { method: "POST", headers: { ...signedIn, accept }, body });

for (const [how, onEvent] of [
  ["throws", throwing],
  ["rejects", rejecting],
] as const) {
  test(`an onEvent that ${how} changes no response and frees everything`, async () => {
    running = await startHandler({ spool: "disk", maxConcurrent: 1, onEvent });
    for (let round = 0; round < 3; round++) {
      expect((await upload()).status).toBe(201);
      expect((await upload("application/json", "no media")).status).toBe(422);
      const lines = (await (await upload("application/x-ndjson")).text()).trimEnd().split("\n");
      expect(Object.keys(JSON.parse(lines.at(-1) ?? ""))).toEqual(["result"]);
    }
    expect((await fetch(`${running.endpoint}/nowhere`, { headers: signedIn })).status).toBe(404);
    expect(running.spooled()).toEqual([]);
    await expect.poll(() => warnings.length).toBeGreaterThan(0);
    expect(warnings[0]).toMatch(/the log is full/);
  });

  test(`an authorize that ${how} is a 500 without details, and takes no slot`, async () => {
    let fails = true;
    const authorize: HandlerOptions["authorize"] = () => (fails ? onEvent() : true);
    running = await startHandler({ spool: "disk", maxConcurrent: 1, authorize });
    for (let round = 0; round < 3; round++) {
      const response = await upload();
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("the log is full");
    }
    fails = false;
    expect((await upload()).status).toBe(201);
    expect(running.spooled()).toEqual([]);
  });
}

test("a service client that throws while a response is streamResponse ends it with an error and frees everything", async () => {
  const atlas = { consoleBaseUrl: "https://x.example", uploadMedia: throwing } as never;
  running = await startHandler({ spool: "disk", maxConcurrent: 1, atlas });
  for (let round = 0; round < 3; round++) {
    const lines = (await (await upload("application/x-ndjson")).text()).trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ error: { code: "server" } });
  }
  expect(running.spooled()).toEqual([]);
  expect(running.events.filter(({ type }) => type === "error")).toHaveLength(3);
});
