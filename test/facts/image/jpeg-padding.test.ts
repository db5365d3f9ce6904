import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ByteSource } from "../../../src/bytes/source.ts";
import { readEvidence } from "../read-evidence.ts";

const plain = readFileSync(new URL("../../../fixtures/image/jpeg-640x480.jpg", import.meta.url));

/** The bytes followed by zeros, which are not stored in memory. */
function padded(bytes: Uint8Array, size: number): ByteSource {
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    out.set(bytes.subarray(offset, offset + out.length));
    return out;
  };
  return { name: null, size, minReadSize: 4096, read };
}

test.each([1, 10, 31])(
  "the end marker of a JPEG is found under %d MB of trailing zeros",
  async (megabytes) => {
    const { damage, facts } = await readEvidence(padded(plain, megabytes * 1_000_000));
    expect(damage).toEqual([]);
    expect(facts).toMatchObject({ width: 640, height: 480, truncated: false });
  },
);

test.each([-2, -1, 0, 1])(
  "the end marker of a JPEG is found 8 MB and %d bytes before the end",
  async (more) => {
    const { damage } = await readEvidence(padded(plain, plain.length + 8 * 1024 * 1024 + more));
    expect(damage).toEqual([]);
  },
);

test("the end marker of a JPEG of unknown size is searched for within the byte budget", async () => {
  const long = 33 * 1024 * 1024;
  const whole = padded(plain.subarray(0, -2), long);
  const read = async (offset: number, length: number) => {
    const bytes = await whole.read(offset, length);
    if (offset + length >= long && bytes.length > 1) bytes.set([0xff, 0xd9], bytes.length - 2);
    return bytes;
  };
  const { damage, unread } = await readEvidence({ ...whole, size: null, read });
  expect([damage, unread]).toEqual([[], []]);
});

test("a missing end marker of a JPEG is detected within the budget", async () => {
  const { damage, unread } = await readEvidence(padded(plain.subarray(0, -2), 100_000_000));
  expect(unread).toEqual([]);
  expect(damage).toMatchObject([{ code: "zero-filled", certain: false }]);
});
