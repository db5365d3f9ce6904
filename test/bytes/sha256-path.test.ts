import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256OfPath } from "../../src/bytes/sha256-path.node.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sha256-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([0, 1, 256 * 1024, 256 * 1024 + 1, 700_000])("hashes a file of %i bytes", async (size) => {
  const bytes = Uint8Array.from({ length: size }, (_, i) => i * 31);
  const path = join(folder, `${size}.bin`);
  writeFileSync(path, bytes);
  expect(await sha256OfPath(path)).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test.each([
  ["missing", "not-found", "no such file", "ENOENT"],
  ["0.bin/x", "not-found", "no such file: a part of the path is not a directory", "ENOTDIR"],
  ["", "unreadable", "this is a directory", "EISDIR"],
])("fails with a coded error for the path %j", async (name, code, summary, cause) => {
  const path = join(folder, name);
  await expect(sha256OfPath(path)).rejects.toMatchObject({ code, summary, path, cause: { code: cause } });
});

test("stops when the signal fires", async () => {
  await expect(sha256OfPath(join(folder, "700000.bin"), AbortSignal.abort())).rejects.toMatchObject({
    code: "aborted",
  });
});
