import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { heifDecoder } from "../../src/engines/heif/decode.node.ts";

/* libheif's program on a full disk: it ends with success, and what it wrote is cut. */

const root = mkdtempSync(join(tmpdir(), "heif-decoder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const png = join(root, "whole.png");
await sharp({ create: { width: 40, height: 30, channels: 3, background: "#f00" } })
  .png()
  .toFile(png);

/** Decodes with a program that runs `script`, whose second argument is the output. */
async function decodeBy(script: string): Promise<Buffer> {
  const program = join(root, "heif-convert");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const output = join(root, "decoded.png");
  const decoder = await heifDecoder({ PATH: root });
  await decoder?.toPng(png, output, { width: 40, height: 30 });
  return readFileSync(output);
}

test.skipIf(process.platform === "win32").each([
  ["that it reports", 'head -c 60 "$2" > "$3"; echo "libpng error: Write Error" >&2'],
  ["that it does not notice", 'head -c 60 "$2" > "$3"'],
  ["before the first byte", ': > "$3"'],
])("a disk that is full, %s, is no picture that cannot be decoded", async (_, script) => {
  await expect(decodeBy(script)).rejects.toMatchObject({
    code: "unreadable",
    message: expect.stringContaining("the disk may be full"),
    hint: expect.stringContaining("--out"),
  });
});

test.skipIf(process.platform === "win32")("a picture that is written whole is taken", async () => {
  expect(await decodeBy('cat "$2" > "$3"')).toEqual(readFileSync(png));
  await expect(decodeBy('echo "Could not read it" >&2; exit 1')).rejects.toMatchObject({
    code: "engine-failed",
  });
});
