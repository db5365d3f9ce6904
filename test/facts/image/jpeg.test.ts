import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { fromPath } from "../../../src/bytes/path.node.ts";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { readEvidence } from "../read-evidence.ts";

const folder = new URL("../../../fixtures/image/", import.meta.url);
const plain = readFileSync(new URL("jpeg-640x480.jpg", folder));
const frameAt = plain.indexOf(Buffer.from([0xff, 0xc0]));
// The clock stays out of it: a busy machine would end it sooner.
const read = (bytes: Uint8Array) =>
  readEvidence(fromBytes(bytes), { budgets: { milliseconds: Number.POSITIVE_INFINITY } });
const sizeOf = async (bytes: Uint8Array) => {
  const { facts } = await read(bytes);
  return `${facts.width}x${facts.height}`;
};
const withFrame = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(plain);
  change(bytes);
  return bytes;
};
const behindSoi = (...parts: (Uint8Array | number[])[]): Buffer =>
  Buffer.concat([plain.subarray(0, 2), ...parts.map((p) => Buffer.from(p)), plain.subarray(2)]);

describe("JPEG frame headers", () => {
  for (let code = 0xc0; code <= 0xcf; code++) {
    const frame = ![0xc4, 0xc8, 0xcc].includes(code);
    test(`FF${code.toString(16)} is ${frame ? "one" : "none"}`, async () => {
      const bytes = withFrame((b) => b.writeUInt8(code, frameAt + 1));
      expect(await sizeOf(bytes)).toBe(frame ? "640x480" : "nullxnull");
    });
  }
});

describe("EXIF orientation of a JPEG", () => {
  const exif = (orientation: number, little: boolean, type = 3): Buffer => {
    const body = Buffer.alloc(6 + 8 + 2 + 12 + 4);
    body.write(`Exif\0\0${little ? "II*\0" : "MM\0*"}`, "latin1");
    const [u16, u32] = little
      ? (["writeUInt16LE", "writeUInt32LE"] as const)
      : (["writeUInt16BE", "writeUInt32BE"] as const);
    body[u32](8, 10);
    body[u16](1, 14);
    body[u16](0x112, 16);
    body[u16](type, 18);
    body[u32](1, 20);
    body[type === 3 ? u16 : u32](orientation, 24);
    return Buffer.concat([Buffer.from([0xff, 0xe1, 0, body.length + 2]), body]);
  };
  test.each([
    [1, "640x480", 0],
    [2, "640x480", 0],
    [3, "640x480", 180],
    [4, "640x480", 180],
    [5, "480x640", 270],
    [6, "480x640", 90],
    [7, "480x640", 90],
    [8, "480x640", 270],
    [0, "640x480", 0],
    [9, "640x480", 0],
  ])("%i", async (orientation, size, rotation) => {
    for (const little of [true, false]) {
      for (const type of [3, 4]) {
        const { facts } = await read(behindSoi(exif(orientation, little, type)));
        expect([`${facts.width}x${facts.height}`, facts.rotation]).toEqual([size, rotation]);
        expect([facts.codedWidth, facts.codedHeight]).toEqual([640, 480]);
      }
    }
  });
  test("an entry count that is too large is limited to its segment", async () => {
    const lying = exif(6, false);
    lying.writeUInt16BE(0xffff, 18);
    expect(await sizeOf(behindSoi(lying))).toBe("480x640");
  });
});

test("height 0 without a DNL segment is unknown, never zero", async () => {
  const { facts, unread, sizes } = await read(withFrame((b) => b.writeUInt16BE(0, frameAt + 5)));
  expect([facts.height, sizes.length, unread[0]?.fact]).toEqual([null, 0, "height"]);
});

test("stray bytes between segments are skipped, as decoders do", async () => {
  const tables = plain.indexOf(Buffer.from([0xff, 0xdb]));
  const strays = Buffer.from([0, 1, 2, 0xff, 0, 3, 4]);
  expect(await sizeOf(Buffer.concat([plain.subarray(0, tables), strays, plain.subarray(tables)]))).toBe(
    "640x480",
  );
});

test("a frame header with width 0 is malformed", async () => {
  const { damage } = await read(withFrame((b) => b.writeUInt16BE(0, frameAt + 7)));
  expect(damage.map((d) => [d.code, d.certain])).toEqual([["malformed", true]]);
});

test("a JPEG truncated at any byte has damage", async () => {
  for (let length = 3; length < plain.length; length += 7) {
    const { damage, unread } = await read(plain.subarray(0, length));
    expect(damage.length + unread.length, `${length} bytes`).toBeGreaterThan(0);
  }
});

test("only the beginning and end of a large JPEG are read", async () => {
  const scan = Buffer.alloc(5e6, 0x55);
  const bytes = Buffer.concat([plain.subarray(0, -2), scan, plain.subarray(-2)]);
  let got = 0;
  const counted: ByteSource = {
    ...fromBytes(bytes),
    minReadSize: 4096,
    read(offset, length) {
      got += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  expect((await readEvidence(counted)).damage).toEqual([]);
  expect(got).toBeLessThan(20_000);
});

test("the end marker of a JPEG is found far from the end, and across two reads", async () => {
  for (const after of [1, 1022, 1023, 1024, 1025, 17_000, 300_000, 1_000_000])
    expect((await read(Buffer.concat([plain, Buffer.alloc(after, 0x20)]))).damage, `${after}`).toEqual([]);
});

test("a path gives the same facts as bytes", async () => {
  const source = fromPath(new URL("jpeg-orientation-6.jpg", folder).pathname);
  const { facts } = await readEvidence(source);
  source.close?.();
  expect([facts.width, facts.height, facts.rotation]).toEqual([480, 640, 90]);
});
