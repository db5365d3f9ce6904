import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { Budget } from "../../../src/facts/budget.ts";
import { Cursor } from "../../../src/facts/cursor.ts";
import { sniff } from "../../../src/facts/sniff.ts";

/* Windows Media without a video stream is audio. */

const formatOf = (bytes: Uint8Array) => sniff(new Cursor(fromBytes(bytes), new Budget()));
const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../fixtures/refused/${name}`, import.meta.url));

/** An object: a GUID, a size of 8 bytes, and content. */
function object(guid: string, content: Uint8Array, size = 24 + content.length): Buffer {
  const sizeBytes = Buffer.alloc(8);
  sizeBytes.writeBigUInt64LE(BigInt(size));
  return Buffer.concat([Buffer.from(guid, "hex"), sizeBytes, content]);
}
const stream = (type: string): Buffer =>
  object(
    "9107dcb7b7a9cf118ee600c00c205365",
    Buffer.concat([Buffer.from(type, "hex"), Buffer.alloc(16 + 8 + 14)]),
  );
const audio = stream("409e69f84d5bcf11a8fd00805f5c442b");
const video = stream("c0ef19bc4d5bcf11a8fd00805f5c442b");
const padding = (bytes: number): Buffer => object("74d40618dfca0945a4ba9aabcb96aae8", Buffer.alloc(bytes));
function file(objects: readonly Buffer[], size?: number): Uint8Array {
  const content = Buffer.concat([Buffer.from([objects.length, 0, 0, 0, 1, 2]), ...objects]);
  return Buffer.concat([object("3026b2758e66cf11a6d900aa0062ce6c", content, size), Buffer.alloc(64)]);
}

test.each([
  ["windows-media.wmv", "wmv"],
  ["windows-audio.wma", "wma"],
])("FFmpeg's %s is %s", async (name, format) => {
  expect(await formatOf(fixture(name))).toBe(format);
});

test.each<[string, Uint8Array, string]>([
  ["audio", file([audio]), "wma"],
  ["two of audio", file([audio, audio]), "wma"],
  ["audio and video", file([audio, video]), "wmv"],
  ["video behind 100 KB of metadata", file([audio, padding(100_000), video]), "wmv"],
  ["audio behind 100 KB of metadata", file([padding(100_000), audio]), "wma"],
  ["none", file([padding(10)]), "wmv"],
  ["more objects than are read", file([audio, ...Array(80).fill(padding(4))]), "wmv"],
  ["an object of no size", file([audio, object("00".repeat(16), Buffer.alloc(0), 0)]), "wmv"],
  [
    "an object that reaches past the header",
    file([audio, object("00".repeat(16), Buffer.alloc(8), 900)]),
    "wmv",
  ],
  ["a header that reaches past the file", file([audio], 2 ** 50), "wmv"],
])("a header with streams of %s", async (_, bytes, format) => {
  expect(await formatOf(bytes)).toBe(format);
});

test("a file that is cut in its header stays a video", async () => {
  const whole = file([padding(100), audio]);
  for (let end = 16; end < 24 + 6 + audio.length; end++)
    expect(await formatOf(whole.subarray(0, end))).toBe("wmv");
});
