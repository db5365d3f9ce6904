import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { fix } from "../../../src/fix/fix.node.ts";
import { readEmbedded } from "../../../src/fix/metadata/embedded-data.ts";

/* The losses of a picture name the metadata that its copy lacks, and no other. */

const root = mkdtempSync(join(tmpdir(), "fix-kept-metadata-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const gps = { IFD0: { Copyright: "me" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "37/1 42/1 0/1" } };
const packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/">DigitalSourceType</x:xmpmeta>';
/** A picture that is too small. */
const small = () => sharp({ create: { width: 280, height: 200, channels: 3, background: "#336699" } });

describe("a copy of a JPEG with a place in EXIF", () => {
  test.each(["jpeg", "png", "webp", "gif", "tiff", "bmp"])("as %s", async (to) => {
    const path = join(root, `place-to-${to}.jpg`);
    await small().withExif(gps).jpeg().toFile(path);
    const { output, plan } = await fix(path, { to: to as "jpeg" });
    const named = plan.losses.some(({ kind }) => kind === "gps");
    const written = to === "bmp" ? undefined : (await sharp(output ?? "").metadata()).exif;
    const kept = written?.includes(Buffer.from("25000000010000002a00000001000000", "hex")) ?? false;
    expect({ named, kept }).toEqual({ named: !kept, kept });
  });
});

test("a PNG keeps XMP, with the label of AI, which libvips compresses there", async () => {
  const path = join(root, "described.jpg");
  await small().withXmp(packet).jpeg().toFile(path);
  const { output, plan } = await fix(path, { to: "png" });
  expect(plan.losses).toEqual([]);
  expect(String((await sharp(output ?? "").metadata()).xmp)).toContain("DigitalSourceType");
});

describe("captions", () => {
  /** A chunk of PNG, its checksum included: Author=Me. */
  const text = Buffer.from("\0\0\0\x09tEXtAuthor\0Me", "latin1");
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(text.subarray(4)));
  /** A segment of JPEG with the IPTC record By-line=Me. */
  const record = Buffer.from("\x1c\x02\x50\0\x02Me\0", "latin1");
  const block = Buffer.from("Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x07", "latin1");
  const segment = Buffer.from([0xff, 0xed, 0, 2 + block.length + record.length]);

  test.each([
    ["IPTC", "jpeg", [segment, block, record], 2],
    ["PNG text", "png", [text, checksum], 33],
  ] as const)("%s are named as lost where the copy has another format", async (_, format, parts, at) => {
    const bytes = await small().toFormat(format).toBuffer();
    const path = join(root, `captions.${format}`);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, at), ...parts, bytes.subarray(at)]));
    const losses = async (to: "jpeg" | "png" | "webp") => (await fix(path, { to, dryRun: true })).plan.losses;
    expect(await losses(format)).toEqual([]);
    expect(await losses(format === "png" ? "jpeg" : "png")).toEqual([{ kind: "metadata", detail: null }]);
    expect(await losses("webp")).toEqual([{ kind: "metadata", detail: null }]);
  });
});

describe("compressed XMP of a PNG", () => {
  const keyword = "XML:com.adobe.xmp\0";
  function png(type: string, before: string, data: Uint8Array): Uint8Array {
    const body = Buffer.concat([Buffer.from(keyword + before, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      length,
      Buffer.from(type),
      body,
      Buffer.alloc(4),
    ]);
  }
  const xmpIn = async (bytes: Uint8Array) => (await readEmbedded(fromBytes(bytes))).xmp;

  test("is read from zTXt and iTXt", async () => {
    expect(await xmpIn(png("zTXt", "\0", deflateSync(packet)))).toBe(packet);
    expect(await xmpIn(png("iTXt", "\x01\0en\0title\0", deflateSync(packet)))).toBe(packet);
  });

  test("is left out where it is damaged, cut off, or inflates to more than 2 MiB", async () => {
    expect(await xmpIn(png("zTXt", "\0", Buffer.from("no deflate")))).toBeNull();
    expect(await xmpIn(png("zTXt", "\0", deflateSync(packet).subarray(0, 20)))).toBeNull();
    const bomb = deflateSync(packet + " ".repeat(64 * 2 ** 20));
    expect(await xmpIn(png("zTXt", "\0", bomb))).toBeNull();
  });
});
