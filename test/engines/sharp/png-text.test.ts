import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { sharpEngine } from "../../../src/engines/sharp/engine.node.ts";

/* PNGs whose text chunks inflate to far more than the file has. */

const root = mkdtempSync(join(tmpdir(), "png-text-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A 64×64 PNG with `count` chunks of text, each of `characters` when inflated. */
async function pngWithText(name: string, count: number, characters: number): Promise<string> {
  const plain = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#336699" } })
    .png()
    .toBuffer();
  const text = deflateSync(Buffer.alloc(characters, "a"), { level: 9 });
  const texts = Array.from({ length: count }, (_, n) =>
    chunk("zTXt", Buffer.concat([Buffer.from(`key${n}\0\0`, "latin1"), text])),
  );
  const afterHeader = 8 + 25;
  const path = join(root, name);
  writeFileSync(path, Buffer.concat([plain.subarray(0, afterHeader), ...texts, plain.subarray(afterHeader)]));
  return path;
}

const engine = await sharpEngine();

describe("compressed text in a PNG", () => {
  test("is refused before it is inflated, if it may need gigabytes", async () => {
    const path = await pngWithText("bomb.png", 500, 7 * 2 ** 20);
    const refusal = {
      code: "engine-failed",
      message: "the text in this PNG may need too much memory",
      hint: "remove its metadata, for example with exiftool -all=",
    };
    const before = process.memoryUsage.rss();
    await expect(engine?.probe(path, "png")).rejects.toMatchObject(refusal);
    await expect(engine?.decode(path, "png")).rejects.toMatchObject(refusal);
    const job = { type: "image", width: 32, height: 32, rotation: 0, at: null } as never;
    await expect(engine?.thumbnail(job, path, join(root, "small"))).rejects.toMatchObject(refusal);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });
  test("of a usual size is no obstacle", async () => {
    const path = await pngWithText("captions.png", 20, 5000);
    expect(await engine?.probe(path, "png")).toMatchObject({ videos: [{ width: 64, height: 64 }] });
    expect(await engine?.decode(path, "png")).toEqual([]);
  });
});
