import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clip } from "../../../src/emulator/clip.ts";
import type { LogLine } from "../../../src/emulator/index.ts";
import { s3Storage } from "../../../src/storage/s3-storage.node.ts";
import { longRun } from "../../property-runs.ts";
import { becomes, row, type Stage, stage, state } from "../stage.ts";

/*
 * A large clip in a real browser: from a drop straight into the user's bucket, through an interruption and a reload. It
 * has 190 MB and parts of the default size in a long run, a third of both in a short one: still more than the service
 * takes itself.
 */

const sizeInBytes = longRun ? 190_000_000 : 60_000_000;
const partInBytes = (longRun ? 16 : 5) * 1024 * 1024;
const partCount = Math.ceil(sizeInBytes / partInBytes);

/** A page hashes the whole file first: seconds, and more on a busy machine. Parts follow quickly. */
const patience = { timeout: 180_000, interval: 10 };

let folder: string;
let file: string;
let sha256: string;
let here: Stage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mp-190-"));
  file = join(folder, "long clip.mp4");
  sha256 = writeClip(file);
  here = await stage({
    emulator: {
      rules: "atlas-seedance-2.5",
      bucket: {
        name: "own",
        cors: [
          {
            allowedOrigins: ["http://127.0.0.1:*"],
            allowedMethods: ["PUT"],
            allowedHeaders: ["content-type", "x-amz-checksum-sha256"],
          },
        ],
      },
    },
    handler: ({ bucket }) => {
      if (!bucket) throw new Error("there is no bucket");
      const { bucket: name, ...keys } = bucket;
      const parts = longRun ? {} : { partSize: partInBytes };
      return { storage: s3Storage({ bucket: name, ...keys, ...parts }), rules: "atlas-seedance-2.5" };
    },
  });
}, 120_000);
afterAll(async () => {
  await here?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A real clip, and a `free` box that makes it as large; no two parts are equal. @returns its SHA-256 */
function writeClip(path: string): string {
  const start = clip();
  writeFileSync(path, start);
  const hash = createHash("sha256").update(start);
  const descriptor = openSync(path, "a");
  const head = Buffer.alloc(8);
  head.writeUInt32BE(sizeInBytes - start.length);
  head.write("free", 4);
  let left = sizeInBytes - start.length - head.length;
  const write = (bytes: Buffer): void => {
    writeSync(descriptor, bytes);
    hash.update(bytes);
  };
  write(head);
  const block = Buffer.alloc(1024 * 1024);
  for (let i = 0; left > 0; i++, left -= block.length) {
    block.fill(i % 251).writeUInt32BE(i);
    write(block.subarray(0, Math.min(left, block.length)));
  }
  closeSync(descriptor);
  return hash.digest("hex");
}

/** Drops a file of this machine on the element, as the window system does. */
async function dropPath(page: Page, path: string): Promise<void> {
  const box = await page.locator("media-preflight").boundingBox();
  if (!box) throw new Error("the element is not visible");
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + 40 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await session.detach();
}

const partsStored = (): LogLine[] =>
  here.demo.emulator.requests.filter(
    ({ operation, status, method }) => operation === "UploadPart" && method === "PUT" && status === 200,
  );

const setRules = (page: Page) =>
  page.evaluate(() => document.querySelector("media-preflight")?.setAttribute("rules", "atlas-seedance-2.5"));

test("goes from a drop to asset:// by signed requests, with a network interruption and a reload", async () => {
  const { page, addresses } = await here.open();
  const name = "long clip.mp4";
  await setRules(page);
  await dropPath(page, file);
  await becomes(page, name, "pass");
  await page.getByRole("button", { name: `Send: ${name}` }).click();
  await becomes(page, name, "sending");
  // Hashing such a file takes seconds.
  const progress = row(page, name).locator(".progress-text");
  const whole = `${sizeInBytes / 1e6} MB`;
  await expect
    .poll(() => progress.textContent(), patience)
    .toMatch(new RegExp(`^Preparing… · [\\d.]+ MB of ${whole}$`));

  // The network is gone for two seconds, in the middle of a part.
  await expect.poll(() => partsStored().length, patience).toBeGreaterThanOrEqual(2);
  await page.context().setOffline(true);
  await page.waitForTimeout(2000);
  expect(await state(page, name)).toBe("sending");
  const before = partsStored().length;
  expect(before).toBeLessThan(partCount);
  await page.context().setOffline(false);
  await expect.poll(() => partsStored().length, patience).toBeGreaterThan(before);

  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  const beforeReload = partsStored().length;
  expect(beforeReload).toBeLessThan(partCount);
  await page.waitForSelector("media-preflight[data-ready]");
  await setRules(page);
  // The user picks the file again; it was being sent, so nothing needs to be pressed.
  await dropPath(page, file);
  await expect.poll(() => state(page, name), { timeout: 180_000 }).toMatch(/^(?:sent|stopped)$/);
  const lastRequests = JSON.stringify(here.demo.emulator.requests.slice(-6));
  expect(await row(page, name).textContent(), lastRequests).toContain("asset://atlas-asset-");
  expect(await state(page, name)).toBe("sent");

  // No part that had arrived was sent again.
  expect(partsStored()).toHaveLength(partCount);
  const { objects, assets } = here.demo.emulator.snapshot();
  expect(objects).toMatchObject([{ key: `${sha256}.mp4`, size: sizeInBytes, sha256 }]);
  expect(assets).toMatchObject([{ outcome: { status: "Active" } }]);
  const { requests } = here.demo.emulator;
  expect(requests.filter(({ operation }) => operation === "upload")).toEqual([]);
  expect(requests.filter(({ code }) => code === "SignatureDoesNotMatch" || code === "AccessDenied")).toEqual(
    [],
  );
  const left = await page.evaluate(() => localStorage.getItem("media-preflight:unfinished-uploads"));
  expect(left).toBe("{}");
  expect(addresses.some((address) => address.includes("X-Amz-Signature"))).toBe(true);
  expect(await page.content()).not.toContain("X-Amz-Signature");
  await page.context().close();
}, 300_000);
