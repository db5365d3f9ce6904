import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import { Budget } from "../../src/facts/budget.ts";
import { Cursor } from "../../src/facts/cursor.ts";
import { sniff } from "../../src/facts/sniff.ts";

/* Formats whose signatures are weak, so that a second thing must agree; and what is nearly one of them. */

const latin1 = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const zeros = (count: number): Uint8Array => new Uint8Array(count);
const formatOf = async (...parts: (string | Uint8Array)[]): Promise<string | null> =>
  sniff(new Cursor(fromBytes(latin1(...parts)), new Budget()));
const u32 = (value: number): Uint8Array => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value >>> 0);
  return out;
};
const box = (type: string, body: Uint8Array | string = "", size = body.length + 8): Uint8Array =>
  latin1(u32(size), type, body);

describe("the first boxes of an ISO base media file", () => {
  const moov = box("moov", zeros(8));
  const isom = box("ftyp", "isom\0\0\0\0");
  test.each([
    ["a segment", [box("styp", "msdh\0\0\0\0msdhmsix"), box("moof")], "mp4"],
    ["a segment of an unknown brand", [box("styp", "zzzz\0\0\0\0"), box("moof")], "isobmff"],
    ["a fragment", [box("moof", zeros(8))], "mp4"],
    ["a segment index", [box("sidx", zeros(8))], "mp4"],
    ["padding before the movie", [box("free", zeros(20)), moov], "mov"],
    ["seven paddings before the movie", [...Array(7).fill(box("skip", zeros(4))), moov], "mov"],
    ["eight", [...Array(8).fill(box("skip", zeros(4))), moov], null],
    ["padding of 64 bits", [u32(1), "wide", u32(0), u32(24), zeros(8), moov], "mov"],
    ["padding of 64 bits before a brand", [u32(1), "free", u32(0), u32(24), zeros(8), isom], "mp4"],
    ["padding of 64 bits and nothing else", [u32(1), "wide", u32(0), u32(16)], "mov"],
    ["padding of 64 bits that is cut", [u32(1), "wide", u32(0), "\0\0\0"], null],
    ["empty padding before a brand", [box("free"), isom], "mp4"],
    ["padding and no more", [box("free", zeros(20))], "mov"],
    ["samples of half a gigabyte", [u32(0x21000000), "mdat", zeros(20)], "mov"],
    ["a brand list that begins as a word does", ["I'm styptic, and say so", zeros(20)], null],
    ["AV1 pictures in what calls itself a film", [box("ftyp", "isom\0\0\0\0avif")], "mp4"],
    ["padding to the end", [box("free", zeros(20), 0), zeros(9)], "mov"],
    ["padding past the end", [box("free", zeros(20), 99)], "mov"],
    ["padding smaller than its head", [box("free", zeros(20), 7), moov], "mov"],
    ["a movie whose size is text", ["abcdmoov", zeros(20)], null],
    ["a type that is none", [box("zzzz", zeros(20)), moov], null],
    ["a brand list of no stated size", [box("ftyp", "zzzz\0\0\0\0isom", 0)], "mp4"],
    ["a brand after the box", [box("ftyp", "zzzz\0\0\0\0"), "isom"], "isobmff"],
    ["a version that looks like a brand", [box("ftyp", "zzzzisom")], "isobmff"],
    ["a brand that is cut", [box("ftyp", "zzzz\0\0\0\0iso")], "isobmff"],
    ["seven bytes", [u32(16), "fty"], null],
    ["HEIF of AV1 alone", [box("ftyp", "mif1\0\0\0\0mif1avifmiaf")], "avif"],
    ["HEIF of AV1 and HEVC", [box("ftyp", "mif1\0\0\0\0avifheic")], "heif"],
  ] as [string, (string | Uint8Array)[], string | null][])("%s", async (_, parts, format) =>
    expect(await formatOf(...parts)).toBe(format),
  );
});

describe("short signatures", () => {
  const packets = (size: number, count: number, first = 0, rest = 0): Uint8Array => {
    const out = zeros(first + size * count + rest).fill(1);
    for (let i = 0; first + i * size < out.length; i++) out[first + i * size] = 0x47;
    return out;
  };
  test.each([
    ["Flash", ["FWS\x05", zeros(20)], "swf"],
    ["Flash, compressed", ["CWS\x09", zeros(20)], "swf"],
    ["Flash of no version", ["FWS\0", zeros(20)], null],
    ["Flash of six bytes", ["FWS\x05\0\0"], "swf"],
    ["a bitmap of text", ["P1\n8 8\n", zeros(9)], "pnm"],
    ["a bitmap with a comment", ["P6 # made\n", zeros(9)], "pnm"],
    ["a bitmap of text, with more space", ["P1\n\n8 8\n", zeros(9)], "pnm"],
    ["a map of numbers", ["Pf\n12 9\n", zeros(9)], "pnm"],
    ["a map of numbers, with more space", ["PF \n12 9\n", zeros(9)], "pnm"],
    ["an icon", ["\0\0\x01\0\x02\0\x10\x10\0\0", zeros(20)], "ico"],
    ["a cursor", ["\0\0\x02\0\x02\0\x10\x10\0\0", zeros(20)], "ico"],
    ["an icon of none", ["\0\0\x01\0\0\0\x10\x10\0\0", zeros(20)], null],
    ["an icon with something in a reserved place", ["\0\0\x01\0\x02\0\x10\x10\0\x01", zeros(20)], null],
    ["PCX", ["\x0a\x05\x01\x08", zeros(100)], "pcx"],
    ["PCX with something in a reserved place", ["\x0a\x05\x01\x08", zeros(60), "\x01", zeros(50)], null],
    ["PCX of a version that there is not", ["\x0a\x01\x01\x08", zeros(100)], null],
    ["H.264, three zeros", ["\0\0\0\x01\x67", zeros(20)], "h264-stream"],
    ["H.264, two zeros", ["\0\0\x01\x09", zeros(20)], "h264-stream"],
    ["H.265, two zeros", ["\0\0\x01\x42\x01", zeros(20)], "h265-stream"],
    ["H.265", ["\0\0\0\x01\x40\x01", zeros(20)], "h265-stream"],
    ["H.265 of another layer", ["\0\0\0\x01\x40\x02", zeros(20)], null],
    ["DICOM", [zeros(128), "DICM", zeros(20)], "dicom"],
    ["nearly DICOM", [zeros(128), "DICK", zeros(20)], null],
    ["DICOM, cut in its mark", [zeros(128), "DIC"], null],
    ["AC-3, two frames", ["\x0b\x77", zeros(300), "\x0b\x77", zeros(10)], "ac3"],
    ["AC-3, one", ["\x0b\x77", zeros(300)], null],
    ["AC-3, two frames after something else", [zeros(9), "\x0b\x77", zeros(300), "\x0b\x77"], null],
    ["a transport stream", [packets(188, 5)], "mpeg-ts"],
    ["a transport stream of four packets", [packets(188, 4)], "mpeg-ts"],
    ["a transport stream of three packets", [packets(188, 3)], "mpeg-ts"],
    ["of two packets: none", [packets(188, 2)], null],
    ["of five packets, and something else", [packets(188, 5), zeros(300)], "mpeg-ts"],
    ["of a Blu-ray", [packets(192, 5, 4)], "mpeg-ts"],
    ["with error correction", [packets(204, 5)], "mpeg-ts"],
    ["a RIFF of film", ["RIFF\x24\0\0\0AVI LIST"], "avi"],
    ["a RIFF of sound", ["RIFF\x24\0\0\0WAVEfmt "], "wav"],
    ["a RIFF of something else", ["RIFF\x24\0\0\0PALdata"], null],
    ["Matroska", ["\x1a\x45\xdf\xa3", zeros(10), "matroska"], "mkv"],
    ["WebM", ["\x1a\x45\xdf\xa3", zeros(10), "webm"], "webm"],
    ["Ogg of sound", ["OggS", zeros(24), "\x01vorbis"], "ogg"],
    ["Ogg of pictures", ["OggS", zeros(24), "\x80theora"], "ogv"],
    ["five bytes", ["P6\n8 "], "text"],
    ["a bitmap", ["BM", zeros(12), "\x28\0\0\0", zeros(40)], "bmp"],
    ["a bitmap of the oldest kind", ["BM", zeros(12), "\x0c\0\0\0", zeros(40)], "bmp"],
    ["a bitmap and nothing after its header's size", ["BM", zeros(12), "\x28\0\0\0"], "bmp"],
    ["a number where a bitmap has one", ["XX", zeros(12), "\x28\0\0\0", zeros(40)], null],
    ["bitmaps in a row", ["BA", zeros(12), "BM", zeros(40)], "bmp"],
    ["bitmaps in a row, too near", ["BA", zeros(1), "BM", zeros(40)], null],
    ["bitmaps in a row, a byte late", ["\x01BA", zeros(12), "BM", zeros(40)], null],
    ["three bytes of a JPEG", ["\xff\xd8\xff"], "jpeg"],
    ["with a header of eleven bytes", ["BM", zeros(12), "\x0b\0\0\0", zeros(40)], null],
    ["with a header of 256", ["BM", zeros(12), "\0\x01\0\0", zeros(40)], null],
    ["with a header that is cut", ["BM", zeros(12), "\x28\0\0"], null],
  ] as [string, (string | Uint8Array)[], string | null][])("%s", async (_, parts, format) =>
    expect(await formatOf(...parts)).toBe(format),
  );
  test.each([
    ["Flash", "FWS\x05"],
    ["a bitmap of text", "P1\n8 8\n"],
    ["an icon", "\0\0\x01\0\x02\0\x10\x10\0\0"],
    ["PCX", "\x0a\x05\x01\x08"],
    ["H.264", "\0\0\0\x01\x67"],
    ["H.265", "\0\0\0\x01\x40\x01"],
  ])("of %s begin the file", async (_, signature) => {
    expect(await formatOf(signature, zeros(100))).not.toBeNull();
    expect(await formatOf("\x05", signature, zeros(100))).toBeNull();
  });
  test("a transport stream whose packets lose alignment is not recognised", async () => {
    for (const at of [0, 188, 376, 564, 752]) {
      const broken = packets(188, 6);
      broken[at] = 0x46;
      expect([at, await formatOf(broken)]).toEqual([at, null]);
    }
  });
});

describe("text formats", () => {
  test.each([
    ["a PDF", "%PDF-1.7", "pdf"],
    ["a PDF after other lines", `${"x\n".repeat(400)}%PDF-1.7`, "pdf"],
    ["a PDF in Latin-1", latin1("\xe9\xe8\n%PDF-1.4\n\xff"), "pdf"],
    ["a PDF after too many other lines", `${"x\n".repeat(600)}%PDF-1.7`, "text"],
    ["a page in Latin-1", latin1("<html><body>\xe9\xff"), "html"],
    ["a page in Latin-1, after white space", latin1(" \n<html><body>\xe9\xff"), "html"],
    ["no page in Latin-1", latin1("caf\xe9 \xff"), null],
    ["an object in Latin-1, with a mark in it", latin1('{"a": "\xe9 <b>"}'), null],
    ["a character that the end cuts in two", latin1("caf\xc3"), null],
    ["a page in Latin-1 with a zero in it", latin1("<html>\xe9\xff\0"), null],
    ["XHTML", '<?xml version="1.0"?>\n<!DOCTYPE html><html/>', "html"],
    ["SVG after a declaration", '<?xml version="1.0"?><!-- x --><svg>', "svg"],
    ["SVG with a type", "<!DOCTYPE svg PUBLIC>", "svg"],
    ["a comment that never ends", "<!-- on and on", "html"],
    ["two comments, then XML", "<!-- a --> <!-- b --> <feed xmlns='x'>", "xml"],
    ["a page of one paragraph", "<p>hello", "html"],
    ["a list", "[1, 2]", "json"],
    ["a list of nothing", "[]", "json"],
    ["an object over lines", '{\n  "a": 1\n}', "json"],
    ["a brace in prose", "{ see below }", "text"],
    ["white space", "  \n\t ", null],
    ["a bell", "ding \x07", null],
    ["a colour", "\x1b[31mred", "text"],
    ["big-endian UTF-16", latin1("\xfe\xff\0<\0h\0t\0m\0l\0>"), "html"],
    ["a Git LFS pointer's older form", "version https://hawser.github.com/spec/v1\n", "git-lfs-pointer"],
  ] as [string, string | Uint8Array, string | null][])("%s", async (_, content, format) =>
    expect(await formatOf(typeof content === "string" ? new TextEncoder().encode(content) : content)).toBe(
      format,
    ),
  );
});

describe("MPEG audio frames", () => {
  const frame = (head: string, bytes: number): Uint8Array => latin1(head, zeros(bytes - head.length));
  const dicom = latin1("\xff\xfb\x90\0", zeros(124), "DICM", zeros(285));
  const three = (head: string, bytes: number, count = 3): Uint8Array =>
    latin1(...Array(count).fill(frame(head, bytes)));
  const adts = (length: number, rate = 0x50): Uint8Array =>
    latin1(
      "\xff\xf1",
      Uint8Array.of(rate, 0x80 | (length >> 11), (length >> 3) & 255, ((length & 7) << 5) | 0x1f, 0xfc),
      zeros(length - 7),
    );
  test.each([
    ["two frames", [three("\xff\xfb\x90\0", 417, 2)], "mp3"],
    ["two frames, and something else", [three("\xff\xfb\x90\0", 417, 2), zeros(3000)], "mp3"],
    ["two frames that a PDF is named in", [three("\xff\xfb\x90\0%PDF-1.4", 417, 2), zeros(3000)], "mp3"],
    ["two frames with a mark of DICOM's", [dicom, dicom, zeros(3000)], "mp3"],
    ["the same after a tag", ["ID3\x04\0\0\0\0\0\x02\0\0", dicom, dicom, zeros(3000)], "mp3"],
    ["a sync of three bytes", ["\xff\xf1\x50"], null],
    [
      "one frame, and one of another layer",
      [frame("\xff\xfb\x90\0", 417), frame("\xff\xfd\x90\0", 417), zeros(9)],
      null,
    ],
    ["four frames at the end of what is searched", [zeros(65_536), three("\xff\xfb\x90\0", 417, 4)], "mp3"],
    ["and a byte further", [zeros(65_537), three("\xff\xfb\x90\0", 417, 4)], null],
    ["one frame and the start of the next", [frame("\xff\xfb\x90\0", 417), "\xff\xfb"], "mp3"],
    ["one frame and something else", [frame("\xff\xfb\x90\0", 417), zeros(50)], null],
    [
      "one frame, and one of another rate",
      [frame("\xff\xfb\x90\0", 417), frame("\xff\xfb\x94\0", 384), zeros(9)],
      null,
    ],
    ["free format at the start", [three("\xff\xfb\0\0", 500, 5)], "mp3"],
    [
      "free format, and the last header at the very end",
      [three("\xff\xfb\0\0", 500, 4), "\xff\xfb\0\0"],
      "mp3",
    ],
    ["free format, the longest frames", [three("\xff\xfb\0\0", 2881, 5)], "mp3"],
    ["free format of longer ones than there are", [three("\xff\xfb\0\0", 6000, 5)], null],
    ["free format of one frame", ["\xff\xfb\0\0", zeros(1000)], null],
    ["free format after junk", ["\x01\x02", three("\xff\xfb\0\0", 500, 9)], null],
    ["layer II", [three("\xff\xfd\x80\0", 417, 5)], "mp2"],
    ["layer II after junk", ["\x01\x02", three("\xff\xfd\x80\0", 417, 9)], null],
    ["layer I, three frames", [three("\xff\xff\xc4\0", 384, 3), zeros(90)], null],
    ["ADTS", [adts(100), adts(200), adts(50)], "aac"],
    ["ADTS, long frames", [adts(5000), adts(8000), adts(50)], "aac"],
    ["ADTS, one frame and the next one's header", [adts(100), adts(100).subarray(0, 7)], "aac"],
    ["ADTS of frames without sound", [adts(7), adts(7), adts(7), adts(7)], null],
    ["ADTS of a byte a frame", [adts(8), adts(8), adts(8), adts(8)], "aac"],
    ["ADTS of a reserved rate", [adts(100, 0x74), adts(100, 0x74), adts(100, 0x74)], null],
    ["ADTS after junk", ["\x01\x02", adts(100), adts(100), adts(100), adts(100), adts(100)], "aac"],
    ["three of ADTS after junk", ["\x01\x02", adts(100), adts(100), adts(100), zeros(300)], null],
  ] as [string, (string | Uint8Array)[], string | null][])("%s", async (_, parts, format) =>
    expect(await formatOf(...parts)).toBe(format),
  );
  test("are searched for within the budget", async () => {
    const syncs = new Uint8Array(5000).fill(255);
    const budget = new Budget({ entries: 4000, milliseconds: Number.POSITIVE_INFINITY });
    const cursor = new Cursor(fromBytes(syncs), budget);
    await expect(sniff(cursor)).rejects.toMatchObject({ which: "entries" });
  });
});
