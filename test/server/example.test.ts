import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";

const entry = fileURLToPath(new URL("../../src/server/example.ts", import.meta.url));
let child: ChildProcess;
let endpoint: string;
let log = "";
beforeAll(async () => {
  const { ATLASCLOUD_API_KEY: _, ...env } = process.env;
  child = spawn(process.execPath, [entry], { env: { ...env, PORT: "0", UPLOAD_TOKEN: "s3cret-token" } });
  endpoint = await new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const found = /(http:\/\/127\.0\.0\.1:\d+\/media),/.exec(log)?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(log)));
  });
});
afterAll(() => {
  child.kill();
});

test("the example serves the handler, with an emulator if there is no key", async () => {
  const headers = {
    authorization: "Bearer s3cret-token",
    "content-type": "video/mp4",
    "x-asset-name": "sunset",
  };
  const made = await fetch(`${endpoint}/assets`, { method: "POST", headers, body: clip() });
  expect(made.status).toBe(201);
  const { asset } = (await made.json()) as { asset: { id: string } };
  const status = async (): Promise<unknown> => {
    const { asset: now } = (await (await fetch(`${endpoint}/assets/${asset.id}`, { headers })).json()) as {
      asset: { status: string };
    };
    return now.status;
  };
  await expect.poll(status).toBe("active");
  expect((await fetch(`${endpoint}/assets`, { method: "POST", body: clip() })).status).toBe(401);
  expect(log).toContain('"type":"registered"');
  expect(log).not.toContain("s3cret-token");
});
