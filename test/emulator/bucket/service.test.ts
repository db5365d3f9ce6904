import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { AwsClient } from "aws4fetch";
import { expect, test } from "vitest";
import { clip } from "../../../src/emulator/clip.ts";
import { testCredentials } from "../../../src/emulator/index.ts";
import { longRun } from "../../property-runs.ts";
import { request, settled } from "../wire.ts";
import { bytes, startBucket, type TestBucket } from "./start-bucket.ts";

/* The emulated service fetches registered URLs from the bucket, and nothing else changes about it. */

const cli = fileURLToPath(new URL("../../../src/cli/media-preflight.ts", import.meta.url));

async function register({ emulator }: TestBucket, url: string): Promise<Record<string, unknown>> {
  const assets = `${emulator.consoleBaseUrl}/sd/assets`;
  const { data } = await request(assets, { method: "POST", json: { type: "Video", url } });
  return settled(emulator.consoleBaseUrl, data.id);
}

test("a signed URL becomes an Active asset, and a tampered or expired one fails to download", async () => {
  let now = Date.now();
  await using bucket = await startBucket({ bucket: { name: "media", now: () => now } });
  await bucket.send("clip.mp4", { method: "PUT", body: clip() });
  await bucket.send("noise.mp4", { method: "PUT", body: bytes(1000) });
  const url = await bucket.presign("clip.mp4", { expires: 60 });
  expect((await register(bucket, url)).status).toBe("Active");
  expect((await register(bucket, await bucket.presign("noise.mp4"))).status).toBe("Failed");
  const download = { status: "Failed", error_code: "DownloadFailed" };
  expect(await register(bucket, bucket.url("clip.mp4"))).toMatchObject(download);
  expect(await register(bucket, url.replace("clip", "noise"))).toMatchObject(download);
  expect(await register(bucket, await bucket.presign("missing.mp4"))).toMatchObject(download);
  expect(await register(bucket, await bucket.presign("clip.mp4", { method: "PUT" }))).toMatchObject(download);
  now += 61_000;
  expect(await register(bucket, url)).toMatchObject(download);
});

test("objects survive a restart, their parts do not, and removed bytes leave no file", async () => {
  const store = mkdtempSync(join(tmpdir(), "mp-bucket-"));
  try {
    {
      await using first = await startBucket({ store });
      await first.send("kept", { method: "PUT", body: "kept" });
      await first.send("replaced", { method: "PUT", body: "one" });
      await first.send("replaced", { method: "PUT", body: "two" });
      await first.send("deleted", { method: "PUT", body: "x" });
      await first.send("deleted", { method: "DELETE" });
      await first.send("refused", {
        method: "PUT",
        body: "x",
        headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" },
      });
    }
    await using second = await startBucket({ store });
    expect(await (await second.send("kept")).text()).toBe("kept");
    expect(await (await second.send("replaced")).text()).toBe("two");
    expect(second.emulator.snapshot().objects.map(({ key }) => key)).toEqual(["kept", "replaced"]);
    expect(readdirSync(join(store, "media"))).toHaveLength(2);
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
});

const rounds = longRun ? 2 : 1;
test.skipIf(process.platform !== "linux")(
  `${10 * rounds} puts of 40 MB, ten at a time, and their downloads do not grow the emulator's memory`,
  async () => {
    const flags = ["emulator", "--bucket", "media", "--quiet"];
    const child = spawn(process.execPath, [cli, ...flags], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const endpoint = await endpointOf(child.stdout);
      const aws = new AwsClient({ ...testCredentials, region: "us-east-1", service: "s3", retries: 0 });
      const peak = (): number =>
        Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024;
      const body = new Blob([bytes(40_000_000)]);
      const put = async (i: number): Promise<void> => {
        const url = `${endpoint}/media/big-${i}`;
        const sent = await aws.fetch(url, { method: "PUT", body });
        expect(sent.status).toBe(200);
        const got = await aws.fetch(url);
        let size = 0;
        for await (const chunk of got.body ?? []) size += chunk.byteLength;
        expect(size).toBe(40_000_000);
        expect((await aws.fetch(url, { method: "DELETE" })).status).toBe(204);
      };
      await put(0);
      const before = peak();
      for (let i = 0; i < 10 * rounds; i += 10)
        await Promise.all(Array.from({ length: 10 }, (_, j) => put(i + j)));
      expect(before).toBeGreaterThan(20_000_000);
      expect(peak() - before).toBeLessThan(100_000_000);
    } finally {
      child.kill();
    }
  },
  240_000,
);

async function endpointOf(output: Readable): Promise<string> {
  let text = "";
  for await (const chunk of output) {
    text += chunk;
    const endpoint = /^export AWS_ENDPOINT_URL_S3=(.*)$/m.exec(text)?.[1];
    if (endpoint !== undefined && text.includes("AWS_SECRET_ACCESS_KEY=")) return endpoint;
  }
  throw new Error(`the emulator ended: ${text}`);
}
