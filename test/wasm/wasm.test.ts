import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explainWasmFailure, wasmRequest } from "../../wasm/fetch.ts";
import { locateWasm, verifiedWasmPath } from "../../wasm/locate.node.ts";
import { integrity, pin } from "../../wasm/pin.ts";

const folder = mkdtempSync(join(tmpdir(), "wasm-"));
afterAll(() => rmSync(folder, { recursive: true }));
const good = readFileSync(locateWasm());
const changed = join(folder, "changed.wasm");
beforeAll(() => {
  const bytes = Buffer.from(good);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
  writeFileSync(changed, bytes);
});

describe("the pin", () => {
  test("is the file of the installed package", () => {
    const manifest: unknown = createRequire(import.meta.url)("mediainfo.js/package.json");
    expect(manifest).toMatchObject({ name: pin.package, version: pin.packageVersion });
    expect(good.length).toBe(pin.bytes);
    expect(createHash("sha256").update(good).digest("hex")).toBe(pin.sha256);
    expect(good.includes(`MediaInfoLib - v${pin.libraryVersion}`)).toBe(true);
  });

  test("is said again as an integrity value", () => {
    expect(integrity).toBe(`sha256-${createHash("sha256").update(good).digest("base64")}`);
  });
});

describe("on Node", () => {
  test("found in the package, or where the caller says", async () => {
    const own = join(folder, "own.wasm");
    copyFileSync(locateWasm(), own);
    expect(await verifiedWasmPath()).toBe(locateWasm());
    expect(await verifiedWasmPath(own)).toBe(own);
    expect(await verifiedWasmPath(pathToFileURL(own))).toBe(own);
    expect(await verifiedWasmPath(pathToFileURL(own).href)).toBe(own);
  });

  test("one changed bit, or one missing byte, is refused", async () => {
    const short = join(folder, "short.wasm");
    writeFileSync(short, good.subarray(1));
    await expect(verifiedWasmPath(changed)).rejects.toMatchObject({ code: "wasm-mismatch" });
    await expect(verifiedWasmPath(short)).rejects.toMatchObject({
      code: "wasm-mismatch",
      hint: `use ${pin.file} of ${pin.package} ${pin.packageVersion}`,
    });
  });

  test("an absent file is said to be absent", async () => {
    await expect(verifiedWasmPath(join(folder, "none.wasm"))).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("over HTTP", () => {
  const server = createServer((request, response) => {
    if (request.url === "/none") response.writeHead(404).end("no such file");
    else
      response
        .writeHead(200, { "content-type": "application/wasm" })
        .end(request.url === "/good" ? good : readFileSync(changed));
  });
  let base = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test("the platform gives the bytes only if they are the pinned ones", async () => {
    const answer = await fetch(wasmRequest(`${base}/good`), { credentials: "same-origin" });
    expect((await answer.arrayBuffer()).byteLength).toBe(pin.bytes);
    await expect(
      fetch(wasmRequest(`${base}/changed`), { credentials: "same-origin" }).then((a) => a.arrayBuffer()),
    ).rejects.toThrow();
  });

  test("why it failed is found out", async () => {
    await expect(explainWasmFailure(`${base}/changed`, null)).rejects.toMatchObject({
      code: "wasm-mismatch",
    });
    await expect(explainWasmFailure(`${base}/none`, null)).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining("HTTP 404"),
    });
    await expect(explainWasmFailure(`${base}/good`, null)).rejects.toMatchObject({
      hint: expect.stringContaining("wasm-unsafe-eval"),
    });
  });
});
