/**
 * Memory of uploadMedia with a sparse file of 1.5 GB against a server that does not read for 3 s: what the process
 * holds above its idle state must stay under 120 MB. Run: node test/bench/upload-memory.ts [bytes] [stall ms]
 * It prints one line of JSON, and exits with 1 if the bound is exceeded.
 */
import { fork } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAtlasClient } from "../../src/atlas/client.node.ts";

const [, , first = String(1.5 * 1024 ** 3), stall = "3000", child] = process.argv;
if (child) await upload(first, child);
else await measure(Number(first), Number(stall));

async function measure(bytes: number, stallMs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "upload-memory-"));
  const path = join(folder, "large.mp4");
  const file = await open(path, "w");
  await file.truncate(bytes);
  await file.close();
  let received = 0;
  const server = createServer(async (request, response) => {
    await sleep(stallMs);
    for await (const chunk of request) received += (chunk as Buffer).byteLength;
    response.end(JSON.stringify({ code: 200, data: { download_url: "https://cdn.example/large.mp4" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const grown = await new Promise<number>((resolve, reject) => {
      const uploader = fork(import.meta.filename, [path, "0", base], { stdio: "inherit" });
      uploader.once("message", (message) => resolve(Number(message)));
      uploader.once("exit", (code) => reject(new Error(`the uploader ended with ${code}`)));
    });
    const ok = grown < 120 * 1024 ** 2 && received > bytes;
    console.log(JSON.stringify({ bytes, stallMs, received, grownMiB: Math.round(grown / 1024 ** 2), ok }));
    if (!ok) process.exitCode = 1;
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  }
}

/** The child: what its memory peaks at above what an idle process of the same code has. */
async function upload(path: string, base: string): Promise<void> {
  const client = createAtlasClient({ apiKey: "none", apiBaseUrl: base, consoleBaseUrl: base });
  await client.getAsset("1").catch(() => {}); // loads what the first call loads
  await sleep(300);
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  await client.uploadMedia(path, { filename: "large.mp4", contentType: "video/mp4" });
  clearInterval(sampling);
  process.send?.(peak - idle);
  process.disconnect();
}
