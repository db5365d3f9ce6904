import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ascii, box, concat, find, parse, serialise, words } from "../../fixtures/make/mp4-edit.ts";
import { fromBytes } from "../../src/bytes/memory.ts";
import { Budget, defaultBudgets, OverBudget } from "../../src/facts/budget.ts";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import { Cursor, EndOfData } from "../../src/facts/cursor.ts";
import { newEvidence } from "../../src/facts/evidence.ts";
import type { Format } from "../../src/facts/formats.ts";
import { readers } from "../../src/facts/parsers.ts";
import { sniff } from "../../src/facts/sniff.ts";
import { cpuMilliseconds, timed } from "../timing.ts";
import { fixture } from "./video/read-counted.ts";

/*
 * 5 MB of the smallest entries that each parser's tables, chunks and lists can have. Every entry that a loop visits counts
 * in the work budget, and the budget ends the work long before anybody waits for it.
 */

const fiveMegabytes = 5 << 20;
/** Measured 1 to 100 ms on an idle machine, the first call of each parser included. */
const mostMilliseconds = 300;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const le16 = (value: number): Uint8Array => bytes(value & 255, value >> 8);
const le32 = (value: number): Uint8Array =>
  bytes(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const be16 = (value: number): Uint8Array => bytes(value >> 8, value & 255);
/** The entry again and again, up to 5 MB. */
function many(entry: Uint8Array, most = fiveMegabytes): Uint8Array {
  const out = new Uint8Array(Math.floor(most / entry.length) * entry.length);
  for (let at = 0; at < out.length; at += entry.length) out.set(entry, at);
  return out;
}

const ftyp = box("ftyp", ascii("isom"), words(512), ascii("isomiso2avc1mp41"));
const mp4 = fixture("mp4-h264-aac.mp4");
/** A real MP4, one box of which holds 5 MB of entries. */
function mp4With(path: string, head: Uint8Array, entry: Uint8Array): Uint8Array {
  const nodes = parse(mp4);
  find(nodes, path).body = concat(head, many(entry));
  return serialise(nodes);
}
const stbl = "moov/trak/mdia/minf/stbl";
const count = (entryBytes: number): Uint8Array => words(0, Math.floor(fiveMegabytes / entryBytes));
/** The first sample entry of the real MP4, followed by such boxes. */
function entryWith(extension: Uint8Array): Uint8Array {
  const nodes = parse(mp4);
  const stsd = find(nodes, `${stbl}/stsd`);
  const fields = stsd.body.slice(16, 16 + 78);
  stsd.body = concat(words(0, 1), box("avc1", fields, many(extension)));
  return serialise(nodes);
}
/** A movie fragment of the real track with such a box in it. */
const fragmentWith = (part: Uint8Array): Uint8Array => {
  const nodes = parse(mp4).filter(({ type }) => type !== "mdat");
  find(nodes, "moov").children?.push({
    type: "mvex",
    body: new Uint8Array(),
    children: [{ type: "trex", body: words(0, 1, 1, 0, 0, 0), children: null }],
  });
  return concat(serialise(nodes), box("moof", box("traf", box("tfhd", words(0x20000, 1)), part)));
};

const heic = (...parts: Uint8Array[]): Uint8Array =>
  concat(
    box("ftyp", ascii("heic"), words(0), ascii("mif1")),
    box(
      "meta",
      words(0),
      box("hdlr", words(0, 0), ascii("pict"), words(0, 0, 0)),
      box("pitm", words(0), be16(1)),
      box("iinf", words(0), be16(1), box("infe", words(0x02000000), be16(1), be16(0), ascii("hvc1\0"))),
      ...parts,
    ),
  );
const associations = (properties: Uint8Array, each: number): Uint8Array => {
  const entry = concat(be16(1), bytes(255), new Uint8Array(255).fill(each));
  const list = many(entry);
  return heic(box("iprp", box("ipco", properties), box("ipma", words(0, list.length / entry.length), list)));
};

const png = concat(bytes(0x89), ascii("PNG\r\n\x1a\n"));
const ihdrBody = concat(ascii("IHDR"), words(640, 480), bytes(8, 2, 0, 0, 0));
const ihdr = concat(words(13), ihdrBody, words(crc32(ihdrBody)));
const gifHead = concat(ascii("GIF89a"), le16(640), le16(480), bytes(0, 0, 0));
const webp = (chunks: Uint8Array): Uint8Array =>
  concat(ascii("RIFF"), le32(chunks.length + 4), ascii("WEBP"), chunks);
const vp8x = concat(ascii("VP8X"), le32(10), bytes(2, 0, 0, 0, 99, 0, 0, 99, 0, 0));
const wav = (chunks: Uint8Array): Uint8Array =>
  concat(ascii("RIFF"), le32(chunks.length + 4), ascii("WAVE"), chunks);
const exifSegment = (entries: number): Uint8Array => {
  const tiff = concat(ascii("II*\0"), le32(8), le16(entries), new Uint8Array(entries * 12));
  const body = concat(ascii("Exif\0\0"), tiff);
  return concat(bytes(0xff, 0xe1), be16(body.length + 2), body);
};
/** Directories of no entries, each of which links to the next. */
function directories(): Uint8Array {
  const out = many(new Uint8Array(6));
  const view = new DataView(out.buffer);
  for (let at = 0; at < out.length; at += 6) view.setUint32(at + 2, 8 + at + 6, true);
  return concat(ascii("II*\0"), le32(8), out);
}
const hugeDirectory = (): Uint8Array =>
  concat(
    ascii("II+\0"),
    le16(8),
    le16(0),
    le32(16),
    le32(0),
    le32(262_143),
    le32(0),
    many(new Uint8Array(20)),
  );

const files: [string, Format, () => Uint8Array][] = [
  ["MP4: boxes of the file", "mp4", () => concat(ftyp, many(box("free")))],
  ["MP4: tracks", "mp4", () => concat(ftyp, box("moov", many(box("trak"))))],
  [
    "MP4: segment indexes",
    "mp4",
    () => concat(ftyp, many(box("sidx", words(0, 1, 1, 0, 0, 5000), many(words(0, 0, 0), 60_000)))),
  ],
  ["MP4: stts", "mp4", () => mp4With(`${stbl}/stts`, count(8), words(1, 512))],
  [
    "MP4: stts of alternating durations",
    "mp4",
    () => mp4With(`${stbl}/stts`, count(16), words(1, 512, 1, 513)),
  ],
  ["MP4: stsc", "mp4", () => mp4With(`${stbl}/stsc`, count(12), words(1, 1, 1))],
  ["MP4: stco", "mp4", () => mp4With(`${stbl}/stco`, count(4), words(48))],
  ["MP4: stsz", "mp4", () => mp4With(`${stbl}/stsz`, words(0, 0, fiveMegabytes / 4), words(1))],
  [
    "MP4: data references",
    "mp4",
    () =>
      mp4With(
        "moov/trak/mdia/minf/dinf",
        new Uint8Array(),
        box("dref", words(0, 60_000), many(box("url ", words(1)), 900_000)),
      ),
  ],
  ["MP4: sample entries", "mp4", () => mp4With(`${stbl}/stsd`, words(0, 600_000), box("avc1"))],
  ["MP4: boxes of a sample entry", "mp4", () => entryWith(box("free"))],
  ["MP4: descriptors", "mp4", () => entryWith(box("esds", words(0), new Uint8Array(16_380)))],
  ["MP4: empty parameter sets", "mp4", () => entryWith(box("hvcC", new Uint8Array(16_384).fill(1)))],
  ["MP4: fragments", "mp4", () => concat(ftyp, many(box("moof")))],
  ["MP4: runs of a fragment", "mp4", () => fragmentWith(many(box("trun", words(0, 1))))],
  [
    "MP4: samples of a run",
    "mp4",
    () => fragmentWith(box("trun", words(0x100, fiveMegabytes / 4), many(words(1)))),
  ],
  ["HEIC: brands", "heic", () => many(box("ftyp", many(ascii("heic"), 1024)))],
  ["HEIC: items", "heic", () => heic(box("iinf", words(0), be16(65535), many(box("infe"))))],
  [
    "HEIC: places",
    "heic",
    () => heic(box("iloc", words(0x01000000), be16(0), be16(65535), many(bytes(0, 1, 0, 0, 0, 0, 0, 0)))),
  ],
  [
    "HEIC: extents",
    "heic",
    () =>
      heic(
        box(
          "iloc",
          words(0),
          bytes(0x44, 0),
          be16(1),
          be16(1),
          be16(0),
          be16(65535),
          many(words(1, 1), 600_000),
        ),
      ),
  ],
  [
    "HEIC: references",
    "heic",
    () => heic(box("iref", words(0), many(box("dimg", be16(1), be16(1), be16(1))))),
  ],
  ["HEIC: properties", "heic", () => heic(box("iprp", box("ipco", many(box("free")))))],
  [
    "HEIC: associations of one item with a rotation",
    "heic",
    () => associations(concat(box("ispe", words(0, 640, 480)), box("irot", bytes(1))), 2),
  ],
  [
    "HEIC: associations of one item with its size",
    "heic",
    () => associations(box("ispe", words(0, 640, 480)), 1),
  ],
  [
    "HEIC: NAL units of configurations",
    "heic",
    () =>
      heic(
        box("iprp", box("ipco", many(box("hvcC", new Uint8Array(22), bytes(255), new Uint8Array(60_000))))),
      ),
  ],
  ["JPEG: segments", "jpeg", () => concat(bytes(0xff, 0xd8), many(bytes(0xff, 0xe0, 0, 2)))],
  ["JPEG: fill bytes", "jpeg", () => concat(bytes(0xff, 0xd8), many(bytes(0xff)))],
  ["JPEG: EXIF entries", "jpeg", () => concat(bytes(0xff, 0xd8), many(exifSegment(5000)))],
  ["PNG: chunks", "png", () => concat(png, ihdr, many(concat(words(0), ascii("teXt"), words(0))))],
  ["GIF: sub-blocks", "gif", () => concat(gifHead, bytes(0x21, 0xfe), many(bytes(1, 1)))],
  ["GIF: extensions", "gif", () => concat(gifHead, many(bytes(0x21, 0xfe, 0)))],
  ["GIF: frames", "gif", () => concat(gifHead, many(bytes(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0)))],
  ["WebP: chunks", "webp", () => webp(concat(vp8x, many(concat(ascii("ICCP"), le32(0)))))],
  [
    "WebP: frames",
    "webp",
    () => webp(concat(vp8x, many(concat(ascii("ANMF"), le32(16), new Uint8Array(16))))),
  ],
  ["TIFF: directories", "tiff", directories],
  ["TIFF: entries of a BigTIFF directory", "tiff", hugeDirectory],
  ["WAV: chunks", "wav", () => wav(many(concat(ascii("LIST"), le32(0))))],
  [
    "WAV: chunks of one byte without padding",
    "wav",
    () => wav(many(concat(ascii("LIST"), le32(1), bytes(65)))),
  ],
  ["MP3: frames", "mp3", () => many(concat(bytes(0xff, 0xe3, 0x18, 0xc4), new Uint8Array(20)))],
  [
    "MP3: headers without frames",
    "mp3",
    () => concat(bytes(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0), many(bytes(0xff, 0xfb, 0x90, 0))),
  ],
  ["MP3: tags", "mp3", () => many(bytes(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0))],
];

/** Processor time in milliseconds and entries that one reading costs. */
async function readAll(made: Uint8Array, expected: Format): Promise<{ spent: number; entries: number }> {
  const budget = new Budget({ milliseconds: Number.POSITIVE_INFINITY });
  const cursor = new Cursor(fromBytes(made), budget);
  const evidence = newEvidence(made.length);
  const started = cpuMilliseconds();
  try {
    evidence.format = await sniff(cursor);
    expect(evidence.format).toBe(expected);
    const parser = readers[expected as keyof typeof readers];
    await (await bundledParsers[parser]())(cursor, evidence);
  } catch (stop) {
    if (!(stop instanceof OverBudget || stop instanceof EndOfData)) throw stop;
  }
  return { spent: cpuMilliseconds() - started, entries: budget.spent.entries };
}

describe("5 MB of tiny entries", () => {
  test.each(files)("%s", timed, async (_, expected, make) => {
    const made = make();
    const { spent, entries } = await readAll(made, expected);
    expect(spent).toBeLessThan(mostMilliseconds);
    // What goes over the budget is stopped by the next part of it, a table's window at most.
    expect(entries).toBeLessThan(defaultBudgets.entries * 1.3);
  });

  test("every parser is covered", () => {
    const tried = new Set<string>(files.map(([, format]) => readers[format as keyof typeof readers]));
    // A BMP has no list of anything.
    for (const [format, parser] of Object.entries(readers))
      if (format !== "bmp") expect(tried).toContain(parser);
  });
});
