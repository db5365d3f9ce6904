import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { preflight } from "../../../src/index.ts";
import { bytesOf, chunk, evidenceOf, fmt, riff } from "./audio-bytes.ts";

const pcm = fmt(1, 1, 8000, 8);
const seconds = (n: number): Uint8Array => new Uint8Array(8000 * n).fill(128);
const data = chunk("data", seconds(3));

async function durationOf(...parts: (Uint8Array | string | number)[]): Promise<number | null> {
  const evidence = await evidenceOf(...parts);
  expect(evidence.format).toBe("wav");
  expect(evidence.damage).toEqual([]);
  return evidence.facts.duration;
}

describe("WAV chunks are found at any offset", () => {
  test("2 MB of junk before the samples are skipped without reading them", async () => {
    const bytes = riff(chunk("JUNK", new Uint8Array(2 << 20)), pcm, data);
    expect(await durationOf(bytes)).toBe(3);
  });

  test.each([
    ["samples before format", riff(data, pcm)],
    ["tags first", riff(chunk("LIST", bytesOf("INFOISFT", 4, "abc\0")), pcm, data)],
    ["tags last", riff(pcm, data, chunk("LIST", bytesOf("INFO")))],
    ["an odd chunk, padded", riff(chunk("note", bytesOf("odd\0"), 3), pcm, data)],
    ["an odd chunk, not padded", riff(chunk("note", bytesOf("odd")), pcm, data)],
    ["an odd data chunk at the end, not padded", riff(pcm, chunk("data", seconds(3).subarray(1)))],
    ["noise after all chunks", bytesOf(riff(pcm, data), "\x01\x02\xff\xfe noise, not a chunk")],
    ["an ID3 tag after all chunks", bytesOf(riff(pcm, data), "ID3\x03\0\0\0\0\x07\x76", new Uint8Array(10))],
  ])("%s", async (_, bytes) => {
    expect(await durationOf(bytes)).toBeCloseTo(3, 3);
  });
});

describe("placeholder sizes of a streaming writer", () => {
  const head = (riffSize: number, size: number): Uint8Array =>
    bytesOf("RIFF", riffSize, "WAVE", pcm, "data", size, seconds(3));

  test.each([
    [0, 0],
    [36, 0],
    [0xffffffff, 0xffffffff],
    [0x7fffffff, 0x7fffffff],
    [0x7ffff024, 0x7ffff000],
    [0xffffffff, 0xffffffff - 36],
  ])("RIFF %i, data %i: the samples extend to the end of the file", async (riffSize, size) => {
    expect(await durationOf(head(riffSize, size))).toBe(3);
  });

  test("a size larger than the file that is no placeholder is a cut", async () => {
    const evidence = await evidenceOf(head(50_036, 50_000));
    expect(evidence.damage).toEqual([
      { code: "cut-short", part: "data chunk", at: 36, missing: 26_000, certain: true },
    ]);
    expect(evidence.facts.truncated).toBe(true);
  });

  test("RF64 states its sizes in ds64", async () => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(BigInt(4 + 36 + pcm.length + data.length), 0);
    ds64.writeBigUInt64LE(24_000n, 8);
    const rf64 = bytesOf(
      "RF64",
      0xffffffff,
      "WAVE",
      chunk("ds64", ds64),
      pcm,
      "data",
      0xffffffff,
      seconds(3),
    );
    expect(await durationOf(rf64, "LIST", 4, "INFO")).toBe(3);
    expect((await evidenceOf(rf64.subarray(0, -1000))).damage[0]).toMatchObject({
      code: "cut-short",
      missing: 1000,
    });
  });
});

describe("the source of a WAV's duration", () => {
  test("is not the byte rate", async () => {
    expect(await durationOf(riff(fmt(1, 1, 8000, 8, { byteRate: 7 }), data))).toBe(3);
  });

  test("is not the fact chunk for PCM samples", async () => {
    expect(await durationOf(riff(pcm, chunk("fact", bytesOf(7)), data))).toBe(3);
  });

  // 256 bytes a block: 4 of header, 505 samples in IMA; 7 of header, 500 in Microsoft's.
  test.each([
    [0x11, 505],
    [2, 500],
  ])("for ADPCM 0x%x is blocks of %i if the fact chunk is wrong or absent", async (tag, perBlock) => {
    const extra = bytesOf(new Uint8Array([2, 0, perBlock & 255, perBlock >> 8]));
    const format = fmt(tag, 1, 8000, 4, { blockAlign: 256, byteRate: 1, extra });
    const blocks = chunk("data", new Uint8Array(256 * 100));
    const counted = (perBlock * 100) / 8000;
    expect(await durationOf(riff(format, blocks))).toBe(counted);
    expect(await durationOf(riff(format, chunk("fact", bytesOf(3)), blocks))).toBe(counted);
    const exact = perBlock * 100 - 200;
    expect(await durationOf(riff(format, chunk("fact", bytesOf(exact)), blocks))).toBe(exact / 8000);
  });

  test("for an unknown codec without a fact chunk is its byte rate, and the file counts as unusual", async () => {
    const evidence = await evidenceOf(riff(fmt(0x4321, 1, 8000, 0, { blockAlign: 1, byteRate: 1000 }), data));
    expect(evidence.facts).toMatchObject({ duration: 24, audioCodec: "0x4321" });
    expect([...evidence.unusual]).toContain("unknown-codec");
  });
});

describe("damage of a WAV is reported", () => {
  test.each([
    ["no samples", riff(pcm, chunk("data", new Uint8Array(0))), "no-media-data"],
    ["no data chunk", riff(pcm), "no-media-data"],
    ["no format", riff(data), "malformed"],
    ["no channels", riff(fmt(1, 0, 8000, 8, { blockAlign: 1 }), data), "malformed"],
    ["no sample rate", riff(fmt(1, 1, 0, 8), data), "malformed"],
    ["cut before the data chunk", riff(pcm, data).subarray(0, 36), "cut-short"],
    ["cut inside the format", riff(pcm, data).subarray(0, 25), "cut-short"],
    ["cut inside the tags", riff(pcm, data, chunk("LIST", bytesOf("INFO"))).subarray(0, -2), "cut-short"],
  ])("%s", async (_, bytes, code) => {
    const { damage } = await evidenceOf(bytes);
    expect(damage).toMatchObject([{ code, certain: true }]);
  });

  test("half a million empty chunks end at the budget", async () => {
    const evidence = await evidenceOf(riff(Buffer.alloc(4 << 20, "note\0\0\0\0", "latin1"), pcm, data));
    expect(evidence.unread).toMatchObject([{ fact: "all", why: { code: "budget" } }]);
  });
});

describe("the size limit of 15 MB, read as 15,000,000 and as 15,728,640", () => {
  const sized = (bytes: number): Uint8Array => {
    const samples = new Uint8Array(bytes - 44);
    return riff(fmt(1, 8, 46_875, 32), chunk("data", samples));
  };

  test.each([
    [15_000_000, "pass", []],
    [15_000_001, "pass", ["audio/size"]],
    [15_728_640, "pass", ["audio/size"]],
    [15_728_641, "fail", ["audio/size"]],
  ])("%i bytes: %s", async (bytes, verdict, rules) => {
    const report = await preflight(sized(bytes), { crossCheck: "never" });
    expect([report.verdict, report.findings.map((finding) => finding.rule)]).toEqual([verdict, rules]);
  });
});

test("only the first bytes of a long WAV are read", async () => {
  const bytes = readFileSync("fixtures/audio/wav-duration-15.0s.wav");
  const reads: number[] = [];
  const { readEvidence } = await import("../read-evidence.ts");
  const evidence = await readEvidence({
    size: bytes.length,
    name: null,
    minReadSize: 4096,
    read: (offset, length) => {
      reads.push(length);
      return bytes.subarray(offset, offset + length);
    },
  });
  expect(evidence.facts.duration).toBe(15);
  expect(reads).toEqual([4096]);
});
