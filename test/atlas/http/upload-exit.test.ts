import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";

/* After its answer an upload keeps the process alive no longer: it ends at once, not when a timer fires. */

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ code: 200, data: { download_url: "https://files.example/a.wav" } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

test("a process ends after its last upload", { timeout: 60_000 }, async () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const client = new URL("../../../src/atlas/client.node.ts", import.meta.url).href;
  const script = `
    import { createAtlasClient } from ${JSON.stringify(client)};
    const atlas = createAtlasClient({ apiKey: "k", apiBaseUrl: "${base}", consoleBaseUrl: "${base}" });
    const file = new Blob([new Uint8Array(40e6)]);
    const upload = () => atlas.uploadMedia(file, { filename: "a.wav", contentType: "audio/wav" });
    await Promise.all([upload(), upload(), upload()]);
    console.log("answered", Date.now());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  const status = await new Promise((resolve) => child.on("exit", resolve));
  expect(status).toBe(0);
  expect(Date.now() - Number(said.replace("answered ", ""))).toBeLessThan(15_000);
});
