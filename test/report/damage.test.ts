import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { preflight } from "../../src/index.ts";

/* Messages on damage: each file is a valid one, damaged in one way. */

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/image/${name}`, import.meta.url));
const png = fixture("png-640x480.png");
const jpeg = fixture("jpeg-640x480.jpg");
const gif = fixture("gif-640x480.gif");

async function damage(bytes: Uint8Array, expected = "fail"): Promise<string> {
  const { verdict, findings } = await preflight(bytes, { type: "image" });
  expect(verdict).toBe(expected);
  const [first] = findings;
  return `${first?.rule}: ${first?.message} → ${first?.hint}`;
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

test("names an IHDR chunk whose checksum does not match", async () => {
  expect(await damage(changed(png, 29))).toBe(
    "image/integrity: the checksum of IHDR does not match: the file is damaged → export or download it again",
  );
  expect(await damage(changed(png, 18))).toContain("the checksum of IHDR does not match");
});

describe("line endings converted by a copy in text mode", () => {
  const latin1 = png.toString("latin1");
  test.each([
    ["CR LF to LF", latin1.replaceAll("\r\n", "\n")],
    ["LF to CR LF", latin1.replaceAll("\n", "\r\n")],
    ["LF to CR LF, where none is yet", latin1.replaceAll(/(?<!\r)\n/g, "\r\n")],
    ["CR to LF", latin1.replaceAll("\r", "\n")],
  ])("%s", async (_, text) =>
    expect(await damage(Buffer.from(text, "latin1"))).toMatch(
      /^image\/integrity: line endings were converted, as a copy in text mode does: .* → copy it again in binary mode/,
    ),
  );
});

test("names a file that consists of zeros", async () => {
  for (const length of [1, 5000, 3_000_000])
    expect(await damage(new Uint8Array(length))).toMatch(
      /^image\/format: every byte of the file is zero: .* → copy or download it again$/,
    );
  const almost = new Uint8Array(100_000);
  almost[99_999] = 1;
  expect(await damage(almost)).toContain("not a known image, video or audio format");
});

describe("picture data followed by zeros", () => {
  const zerosAfter = (bytes: Buffer, share: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.fill(0, Math.round(bytes.length * share));
    return copy;
  };
  test("JPEG: unsure, since a flat area can be coded as zeros", async () =>
    expect(await damage(Buffer.concat([zerosAfter(jpeg, 0.7), Buffer.alloc(5000)]), "unsure")).toMatch(
      /^image\/integrity: from some point on, the data of the scan is zeros: .* → copy or download it again$/,
    ));
  test("PNG", async () =>
    expect(await damage(Buffer.concat([zerosAfter(png, 0.7), Buffer.alloc(5000)]))).toMatch(
      /^image\/integrity: from some point on, the data of IDAT is zeros: /,
    ));
  test("zeros after the end marker are not damage", async () => {
    for (const whole of [jpeg, png, gif]) {
      const { findings } = await preflight(Buffer.concat([whole, Buffer.alloc(5000)]), { type: "image" });
      expect(findings.filter(({ rule }) => rule === "image/integrity")).toEqual([]);
    }
  });
});

test("names a GIF that ends inside an image block", async () => {
  expect(await damage(gif.subarray(0, gif.length - 60))).toMatch(
    /^image\/integrity: the file ends in the middle of an image block, at least \d+ bytes short; the copy was cut → copy or download it again$/,
  );
});
