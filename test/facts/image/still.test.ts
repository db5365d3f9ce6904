import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { cpuMilliseconds, timed } from "../../timing.ts";
import { readEvidence } from "../read-evidence.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/image/${name}`, import.meta.url));
// The clock stays out of it: a busy machine would end it sooner.
const read = (bytes: Uint8Array) =>
  readEvidence(fromBytes(bytes), { budgets: { milliseconds: Number.POSITIVE_INFINITY } });
const codes = async (bytes: Uint8Array) => (await read(bytes)).damage.map((d) => `${d.code} ${d.certain}`);
const changed = (name: string, change: (bytes: Buffer) => void): Buffer => {
  const bytes = fixture(name);
  change(bytes);
  return bytes;
};

describe.each([
  "png-640x480.png",
  "png-animated-4-frames.png",
  "gif-animated-3-frames.gif",
  "webp-lossy-640x480.webp",
  "webp-lossless-640x480.webp",
  "webp-animated-3-frames.webp",
  "bmp-400x400.bmp",
  "bmp-rle8.bmp",
  "bmp-os2-12-byte-header.bmp",
  "tiff-directory-first.tif",
  "tiff-big-endian.tif",
  "tiff-bigtiff.tif",
  "tiff-3-pages.tif",
  "tiff-jpeg-compressed.tif",
])("%s", (name) => {
  test("is intact", async () => expect((await read(fixture(name))).damage).toEqual([]));

  test("truncated at any byte, is not reported as intact", async () => {
    const bytes = fixture(name);
    const step = Math.max(1, Math.floor(bytes.length / 150));
    // The last byte may be padding, which writers leave out.
    for (let length = 20; length < bytes.length - 3; length += step) {
      const { damage, unread, format } = await read(bytes.subarray(0, length));
      expect(format === null || damage.length + unread.length > 0, `${length} bytes`).toBe(true);
    }
  });
});

describe("a PNG file", () => {
  test("with a wrong header checksum or an undefined bit depth is damaged", async () => {
    expect(await codes(changed("png-640x480.png", (b) => b.writeUInt8(b.readUInt8(32) ^ 1, 32)))).toEqual([
      "checksum true",
    ]);
    // The checksum is recomputed, so that only the depth is wrong.
    expect(
      await codes(
        changed("png-640x480.png", (b) => {
          b.writeUInt8(3, 24);
          b.writeUInt32BE(crc32(b.subarray(12, 29)), 29);
        }),
      ),
    ).toEqual(["malformed true"]);
  });
  test("with thousands of small chunks is walked if the end is not at its offset", async () => {
    const png = fixture("png-640x480.png");
    const idat = png.indexOf("IDAT", 0, "latin1") - 4;
    const small = Buffer.from("\0\0\0\x04teSt\0\0\0\0\0\0\0\0", "latin1");
    const many = Buffer.concat([
      png.subarray(0, idat),
      ...Array<Buffer>(50_000).fill(small),
      png.subarray(idat),
      Buffer.alloc(5000),
    ]);
    const { damage, facts } = await read(many);
    expect([damage, facts.width]).toEqual([[], 640]);
  });
  test("has its missing IDAT bytes counted", async () => {
    const png = fixture("png-640x480.png");
    const { damage } = await read(png.subarray(0, png.length - 12 - 10));
    expect(damage).toMatchObject([{ code: "cut-short", part: "IDAT", missing: 10, certain: true }]);
  });
});

describe("a GIF file", () => {
  test("has the size of its first frame if that is larger than the screen", async () => {
    const { sizes } = await read(changed("gif-640x480.gif", (b) => b.writeUInt16LE(320, 6)));
    expect(sizes).toEqual([{ width: 640, height: 480, from: "display" }]);
  });
  test("with stray bytes before the trailer is intact; without the trailer it is suspected", async () => {
    const gif = fixture("gif-640x480.gif");
    const frames = gif.subarray(0, -1);
    expect(await codes(Buffer.concat([frames, Buffer.from([0, 0, 0x3b])]))).toEqual([]);
    expect(await codes(Buffer.concat([frames, Buffer.from([0x99, 1, 2])]))).toEqual(["no-end-marker false"]);
  });
});

describe("a WebP file", () => {
  test("may omit the pad byte at its very end", async () => {
    const webp = fixture("webp-lossy-640x480.webp");
    const padded = Buffer.concat([webp, Buffer.from("EXIF\x01\0\0\0a", "latin1")]);
    padded.writeUInt32LE(padded.length - 8 + 1, 4);
    expect(await codes(padded)).toEqual([]);
  });
  test("with VP8X but without a picture is damaged", async () => {
    const bytes = Buffer.from("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0", "latin1");
    expect(await codes(bytes)).toEqual(["no-media-data true"]);
  });
});

describe("a BMP file", () => {
  /** A BMP of 400×320 at 24 bit with a header of `bytes` bytes. */
  const bmp = (bytes: number, compression = 0): Buffer => {
    const out = Buffer.alloc(14 + bytes + 1200 * 320);
    out.write("BM", "latin1");
    out.writeUInt32LE(14 + bytes, 10);
    out.writeUInt32LE(bytes, 14);
    const core = bytes === 12;
    core ? out.writeUInt16LE(400, 18) : out.writeInt32LE(400, 18);
    core ? out.writeUInt16LE(320, 20) : out.writeInt32LE(320, 22);
    out.writeUInt16LE(24, core ? 24 : 28);
    if (bytes > 16) out.writeUInt32LE(compression, 30);
    return out;
  };
  test.each([12, 16, 40, 52, 56, 64, 108, 124])("may have a header of %i bytes", async (bytes) => {
    const { facts, damage } = await read(bmp(bytes));
    expect([facts.width, facts.height, damage]).toEqual([400, 320, []]);
    expect(await codes(bmp(bytes).subarray(0, -10))).toEqual(["cut-short true"]);
  });
  test("of the OS/2 bitmap array kind is recognised and does not pass", async () => {
    const array = Buffer.concat([Buffer.from("BA\x28\0\0\0\0\0\0\0\0\0\0\0", "latin1"), bmp(12)]);
    const { format, unread } = await read(array);
    expect([format, unread.length]).toEqual(["bmp", 1]);
  });
});

describe("a TIFF file", () => {
  test("with a cyclic chain of directories is read once around", async () => {
    const loop = changed("tiff-directory-first.tif", (b) => b.writeUInt32LE(8, 8 + 2 + 9 * 12));
    const { facts, damage } = await read(loop);
    expect([facts.frames, damage]).toEqual([1, []]);
  });
  test("with a link to nowhere is suspected", async () => {
    const astray = changed("tiff-directory-first.tif", (b) => b.writeUInt32LE(0x7fffffff, 8 + 2 + 9 * 12));
    expect(await codes(astray)).toEqual(["cut-short false"]);
  });
  test("with a directory without a size has no picture", async () => {
    const bare = changed("tiff-directory-first.tif", (b) => b.writeUInt16LE(9999, 10));
    expect(await codes(bare)).toEqual(["no-picture true"]);
  });
  test("with an implausible strip count has it ignored", timed, async () => {
    const hostile = changed("tiff-directory-first.tif", (b) =>
      b.writeUInt32LE(0xffffffff, 8 + 2 + 5 * 12 + 4),
    );
    const start = cpuMilliseconds();
    const { damage, unread } = await read(hostile);
    expect(damage.length + unread.length).toBeGreaterThan(0);
    expect(cpuMilliseconds() - start).toBeLessThan(250);
  });
  test("with sensor data in a second directory is a camera raw", async () => {
    const tiff = fixture("tiff-directory-first.tif");
    const second = Buffer.from(tiff.subarray(8, 8 + 2 + 9 * 12 + 4));
    second.writeUInt16LE(32803, 2 + 4 * 12 + 8);
    tiff.writeUInt32LE(tiff.length, 8 + 2 + 9 * 12);
    expect((await read(Buffer.concat([tiff, second]))).format).toBe("raw");
  });
});
