/**
 * Memory of a push of many large files: node test/bench/push-memory.ts [--files 50] [--megabytes 40] [--most 120]
 *
 * The files are sparse WAVs of 15 s whose data chunk fills them; the rule table lets them pass by size. The server
 * reads and counts, slowly at first. What is measured is the resident set of the pushing process over its own
 * before the push. On Linux only: it reads /proc.
 */
import { spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "50" },
    megabytes: { type: "string", default: "40" },
    most: { type: "string", default: "120" },
    uploads: { type: "string", default: "" },
  },
});

/** 15 s of `bytes` bytes: the byte rate makes up for the size. */
async function sparseWav(path: string, bytes: number, mark: number): Promise<void> {
  const seconds = 15;
  const rate = Math.floor((bytes - 44) / (seconds * 16));
  const data = rate * 16 * seconds;
  const head = Buffer.alloc(48);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(8, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 16, 28);
  head.writeUInt16LE(16, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data, 40);
  head.writeUInt32LE(mark, 44);
  const file = await open(path, "w");
  await file.write(head);
  await file.truncate(44 + data);
  await file.close();
}

const child = `
  const { createAtlasClient, fileLedger, push } = await import(process.argv[1]);
  const { readdir, readFile } = await import("node:fs/promises");
  const { folder, base, uploads } = JSON.parse(process.argv[2]);
  const rss = async () => Number(/VmRSS:\\s+(\\d+)/.exec(await readFile("/proc/self/status", "utf8"))[1]) / 1024;
  const atlas = createAtlasClient({ apiKey: "bench", apiBaseUrl: base + "/api", consoleBaseUrl: base + "/console" });
  const rules = { id: "bench", title: "Bench", source: "https://example.com", checked: "2026-11-22",
    types: { audio: { format: { in: ["wav"] }, size: { max: 2000, unit: "MiB" } } } };
  const names = (await readdir(folder)).filter((name) => name.endsWith(".wav"));
  const idle = await rss();
  let peak = idle;
  const timer = setInterval(async () => { peak = Math.max(peak, await rss()); }, 20);
  const start = performance.now();
  const summary = await push(names.map((name) => ({ input: folder + "/" + name, file: name })),
    { atlas, rules, ledger: fileLedger(folder + "/ledger.json"), interval: 100, uploads,
      onEvent: (e) => e.kind === "error" && console.error(e.error.message) });
  clearInterval(timer);
  console.log(JSON.stringify({ idle, peak, milliseconds: performance.now() - start, active: summary.active }));
`;

const folder = await mkdtemp(join(tmpdir(), "push-memory-"));
let received = 0;
let made = 0;
const server = createServer(async (request, response) => {
  // A server that stalls is when a careless client buffers.
  if (request.url?.includes("uploadMedia") && received === 0)
    await new Promise((resolve) => setTimeout(resolve, 3000));
  for await (const part of request) received += (part as Buffer).length;
  const id = request.method === "POST" ? ++made : Number(request.url?.split("/").at(-1));
  const data = request.url?.includes("uploadMedia")
    ? { download_url: `https://cdn.test/${id}.wav` }
    : { id, atlas_asset_id: `atlas-asset-${id}`, status: "Active" };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ code: 200, data }));
});
try {
  const count = Number(values.files);
  for (let i = 0; i < count; i++)
    await sparseWav(join(folder, `${i}.wav`), Number(values.megabytes) * 2 ** 20, i);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const entry = new URL("../../src/index.ts", import.meta.url).href;
  const pushing = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      child,
      entry,
      JSON.stringify({ folder, base, uploads: Number(values.uploads) || undefined }),
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  pushing.stdout.on("data", (data) => {
    output += data;
  });
  await new Promise((resolve) => pushing.once("close", resolve));
  const { idle, peak, milliseconds, active } = JSON.parse(output) as Record<string, number>;
  const over = (peak ?? 0) - (idle ?? 0);
  const rows = (await readFile(join(folder, "ledger.json"), "utf8")).match(/"step": "active"/g)?.length;
  console.log({
    files: count,
    active,
    rows,
    received,
    idle,
    peak,
    over,
    seconds: (milliseconds ?? 0) / 1000,
  });
  if (active !== count || over > Number(values.most)) process.exitCode = 1;
} finally {
  server.close();
  await rm(folder, { recursive: true, force: true });
}
