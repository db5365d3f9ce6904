import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const bench = join(import.meta.dirname, "../../bench/upload-memory.ts");

it("an upload of 100 MB to a server that stalls stays flat in memory", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [bench, String(100 * 1024 ** 2), "700"]);
  const { received, grownMiB } = JSON.parse(stdout) as { received: number; grownMiB: number };
  expect(received).toBeGreaterThan(100 * 1024 ** 2);
  expect(grownMiB).toBeLessThan(120);
}, 120_000);
