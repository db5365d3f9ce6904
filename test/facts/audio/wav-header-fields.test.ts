import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { bytesOf, chunk, evidenceOf, fmt, frames, riff } from "./audio-bytes.ts";

/* Generated WAV: codecs, blocks, placeholder sizes, and the exact number of missing bytes. */

const zeros = (count: number): Uint8Array => new Uint8Array(count);
const pcm = fmt(1, 1, 8000, 8);

/** A line: durations with where they come from, then damage, then what was not read. */
function summary({ durations, damage, unread, unusual }: Evidence): string {
  return [
    durations.map((d) => `${Number(d.value.toFixed(6))} ${d.from}`).join(", "),
    ...damage.map((d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} at ${d.at} by ${d.missing}`),
    ...unread.map((u) => `${u.fact} unread`),
    ...unusual,
  ].join("; ");
}
const summaryOf = async (...parts: (Uint8Array | string | number)[]): Promise<string> =>
  summary(await evidenceOf(...parts));

describe("the duration of a WAV", () => {
  test.each([
    [1, 1, 8000, 8, 8000, "1 file"],
    [1, 2, 8000, 16, 8000, "0.25 file"],
    [1, 2, 8000, 24, 48_000, "1 file"],
    [1, 6, 48_000, 24, 864_000, "1 file"],
    [3, 1, 8000, 32, 32_000, "1 file"],
    [3, 1, 8000, 64, 64_000, "1 file"],
    [6, 1, 8000, 8, 8000, "1 file"],
    [7, 2, 8000, 8, 16_000, "1 file"],
    // Twelve bits take two bytes.
    [1, 1, 8000, 12, 16_000, "1 file"],
    // An incomplete block is not a sample.
    [1, 1, 8000, 16, 8003, "0.500125 file"],
  ])(
    "of format %i, %i channels, %i Hz, %i bits, %i bytes: %s",
    async (tag, channels, rate, bits, bytes, expected) =>
      expect(
        await summaryOf(
          riff(
            fmt(tag, channels, rate, bits, { blockAlign: Math.ceil(bits / 8) * channels }),
            chunk("data", zeros(bytes)),
          ),
        ),
      ).toBe(expected),
  );
  test("uses a block size equal to or larger than its samples, and ignores a smaller one", async () => {
    const of = (blockAlign: number) =>
      summaryOf(riff(fmt(1, 2, 8000, 16, { blockAlign }), chunk("data", zeros(64_000))));
    expect(await of(4)).toBe("2 file");
    expect(await of(8)).toBe("1 file");
    expect(await of(2)).toBe("2 file");
    expect(await of(5)).toBe("2 file");
    expect(await of(0)).toBe("2 file");
  });
  test("of an extensible format follows its subformat", async () => {
    const extra = (tag: number): Uint8Array =>
      bytesOf(Buffer.from([22, 0, 16, 0]), 3, Buffer.from([tag, 0]), zeros(14));
    const of = async (tag: number) => {
      const evidence = await evidenceOf(
        riff(fmt(0xfffe, 2, 8000, 16, { extra: extra(tag) }), chunk("data", zeros(32_000))),
      );
      return [evidence.facts.audioCodec, summary(evidence)];
    };
    expect(await of(1)).toEqual(["pcm", "1 file"]);
    expect(await of(3)).toEqual(["pcm", "1 file"]);
    expect((await of(85))[0]).toBe("mp3");
    const short = await evidenceOf(riff(fmt(0xfffe, 2, 8000, 16), chunk("data", zeros(32_000))));
    expect(short.facts.audioCodec).toBe("0x0000");
  });
  test.each([
    [2, "adpcm"],
    [17, "adpcm"],
    [49, "gsm"],
    [80, "mp2"],
    [85, "mp3"],
    [255, "aac"],
    [353, "wma"],
    [8192, "ac3"],
    [8193, "dts"],
    [0x31, "gsm"],
    [0x77, "0x0077"],
    [0xabcd, "0xabcd"],
  ])("of format %i is of codec %s", async (tag, codec) => {
    const { facts } = await evidenceOf(
      riff(fmt(tag, 1, 8000, 4, { blockAlign: 65 }), chunk("data", zeros(650))),
    );
    expect(facts).toMatchObject({ audioCodec: codec, sampleRate: 8000, channels: 1 });
  });
  test("of compressed samples is the fact chunk's if the blocks confirm it", async () => {
    const fact = (samples: number): Uint8Array => chunk("fact", bytesOf(samples));
    const gsm = fmt(49, 1, 8000, 0, { blockAlign: 65 });
    const blocks = chunk("data", zeros(6500));
    const of = (samples: number) => summaryOf(riff(gsm, fact(samples), blocks));
    expect(await summaryOf(riff(gsm, blocks))).toBe("4 sample-table");
    expect(await of(31_900)).toBe("3.9875 header, 4 sample-table");
    expect(await of(31_208)).toBe("3.901 header, 4 sample-table");
    expect(await of(31_192)).toBe("4 sample-table");
    expect(await of(32_792)).toBe("4.099 header, 4 sample-table");
    expect(await of(32_808)).toBe("4 sample-table");
    expect(await of(0xffffffff)).toBe("4 sample-table");
    // The first of two counts; a fact of less than a number does not.
    expect(await summaryOf(riff(gsm, fact(31_900), fact(31_800), blocks))).toBe(
      "3.9875 header, 4 sample-table",
    );
    expect(await summaryOf(riff(gsm, chunk("fact", zeros(2)), fact(31_900), blocks))).toBe(
      "3.9875 header, 4 sample-table",
    );
  });
  test("of stereo ADPCM counts each channel's samples", async () => {
    const extra = bytesOf(Buffer.from([2, 0, 0xe9, 3]));
    const of = (tag: number, bits: number) =>
      summaryOf(riff(fmt(tag, 2, 8000, bits, { blockAlign: 1024, extra }), chunk("data", zeros(8192))));
    expect(await of(2, 4)).toBe("1.012 sample-table");
    expect(await of(17, 4)).toBe("1.017 sample-table");
    // Of three bits only the chunk itself knows.
    expect(await of(17, 3)).toBe("1.001 sample-table");
  });
  test("of MP3 in WAV counts its frames", async () => {
    const mp3 = fmt(85, 1, 44_100, 0, { blockAlign: 1, byteRate: 16_000 });
    const { durations } = await evidenceOf(riff(mp3, chunk("data", frames(100)), chunk("LIST", frames(50))));
    expect(durations).toEqual([{ value: (100 * 1152) / 44_100, from: "sample-table" }]);
  });
  test("of a codec without a counter has the fact chunk's and the byte rate's reading", async () => {
    const aac = fmt(255, 1, 8000, 0, { blockAlign: 1, byteRate: 2000 });
    expect(await summaryOf(riff(aac, chunk("fact", bytesOf(7000)), chunk("data", zeros(2000))))).toBe(
      "0.875 header, 1 file; unknown-codec",
    );
    const mute = fmt(255, 1, 8000, 0, { blockAlign: 1, byteRate: 0 });
    expect(await summaryOf(riff(mute, chunk("data", zeros(2000))))).toBe("; duration unread; unknown-codec");
  });
});

describe("a fmt chunk", () => {
  const body = fmt(1, 1, 8000, 8).subarray(8);
  const data = chunk("data", zeros(8000));
  test("may lack its last field, and no more", async () => {
    expect(await summaryOf(riff(chunk("fmt ", body.subarray(0, 14)), data))).toBe("1 file");
    expect(await summaryOf(riff(chunk("fmt ", body.subarray(0, 14), 13), data))).toBe(
      "; malformed fmt chunk at null by null",
    );
  });
  test("counts if it is the first of several", async () =>
    expect(await summaryOf(riff(pcm, fmt(1, 2, 8000, 16), data))).toBe("1 file"));
  test("counts even after the samples; of several data chunks the first counts", async () => {
    expect(await summaryOf(riff(data, pcm))).toBe("1 file");
    expect(await summaryOf(riff(pcm, data, chunk("data", zeros(16_000))))).toBe("1 file");
  });
  test("of a big-endian RIFX file is read in that byte order", async () => {
    const be = (bits: 16 | 32, ...values: number[]): Uint8Array => {
      const out = Buffer.alloc((bits / 8) * values.length);
      for (const [i, v] of values.entries())
        bits === 16 ? out.writeUInt16BE(v, i * 2) : out.writeUInt32BE(v, i * 4);
      return out;
    };
    const format = bytesOf("fmt ", be(32, 16), be(16, 1, 1), be(32, 8000, 16_000), be(16, 2, 16));
    const rifx = bytesOf("RIFX", be(32, 36 + 16_000), "WAVE", format, "data", be(32, 16_000), zeros(16_000));
    expect(await summaryOf(rifx)).toBe("1 file");
    expect(await summaryOf(rifx.subarray(0, -10))).toBe("0.999375 file; cut-short data chunk at 36 by 10");
  });
});

describe("missing bytes of a WAV", () => {
  const whole = riff(pcm, chunk("data", zeros(8000)));
  test("are counted, with their offset", async () => {
    expect(await summaryOf(whole)).toBe("1 file");
    expect(await summaryOf(whole.subarray(0, -1))).toBe("0.999875 file; cut-short data chunk at 36 by 1");
    expect(await summaryOf(whole.subarray(0, 44))).toBe(
      "; cut-short data chunk at 36 by 8000; duration unread",
    );
    expect(await summaryOf(whole.subarray(0, 43))).toBe("; cut-short RIFF at 0 by 8001");
    expect(await summaryOf(whole.subarray(0, 36))).toBe("; cut-short RIFF at 0 by 8008");
    expect(await summaryOf(riff(pcm))).toBe("; no-media-data data chunk at null by null");
    expect(await summaryOf(riff(pcm, chunk("data", zeros(0))))).toBe(
      "; no-media-data data chunk at 36 by null",
    );
  });
  test("of a chunk after the samples are missing only if RIFF's size includes them", async () => {
    const list = chunk("LIST", zeros(100));
    expect(await summaryOf(riff(pcm, chunk("data", zeros(8000)), list).subarray(0, -1))).toBe(
      "1 file; cut-short LIST chunk at 8044 by 1",
    );
    expect(await summaryOf(whole, list.subarray(0, -1))).toBe("1 file");
  });
  test("by RIFF's size alone are only suspected, unless it is off by the eight header bytes", async () => {
    const stated = (more: number): Uint8Array => bytesOf("RIFF", whole.length - 8 + more, whole.subarray(8));
    expect(await summaryOf(stated(8))).toBe("1 file");
    expect(await summaryOf(stated(9))).toBe("1 file; perhaps cut-short RIFF at 0 by 9");
    expect(await summaryOf(stated(-100))).toBe("1 file");
  });
  test("are none if the data size includes the header and RIFF's size fits", async () => {
    const counted = (more: number, riffMore = 0): Uint8Array =>
      bytesOf("RIFF", 36 + 8000 + riffMore, "WAVE", pcm, "data", 8000 + more, zeros(8000));
    expect(await summaryOf(counted(44))).toBe("1 file");
    expect(await summaryOf(counted(64))).toBe("1 file");
    expect(await summaryOf(counted(65))).toBe("1 file; cut-short data chunk at 36 by 65");
    expect(await summaryOf(counted(44, 44))).toBe("1 file; cut-short data chunk at 36 by 44");
  });
});

describe("sizes that the writer never filled in", () => {
  const of = (riffSize: number, size: number, rest: Uint8Array = zeros(8000)): Promise<string> =>
    summaryOf("RIFF", riffSize, "WAVE", pcm, "data", size, rest);
  const placeholders = [0, 0x7fffffff, 0x80000000, 0xffffffff, 2_000_000_000, 0x7ffff000, 0xfffff000];
  const beside = (size: number, by: number): number => (size + by + 2 ** 32) % 2 ** 32;
  test.each(placeholders.flatMap((size) => [0, 36, -36].map((by) => beside(size, by))))(
    "data size %i is a placeholder, whatever RIFF states",
    async (size) => {
      for (const riffSize of [0, size, beside(size, 36), beside(size, -36), 0xffffffff])
        expect([riffSize, await of(riffSize, size)]).toEqual([riffSize, "1 file"]);
    },
  );
  test.each([
    [0x7ffff000 - 65],
    [0x80000000 + 65],
    [0xfffff000 - 65],
    [2_000_000_000 + 65],
    [2_000_000_000 - 65],
    [123_456_789],
    // Round, but no further away than a cut.
    [60_000],
  ])("data size %i is a length, and the file is cut", async (size) =>
    expect(await of(0, size)).toBe(`1 file; cut-short data chunk at 36 by ${size - 8000}`),
  );
  test.each([1_000_000_000, 0x40000000, 0x10000000 + 36, 0x20000000 - 36, 500_000_044])(
    "data size %i, round and far past the end, may be a placeholder",
    async (size) =>
      expect(await of(0, size)).toBe(`1 file; perhaps placeholder-size data chunk at 36 by ${size - 8000}`),
  );
  test("none is streaming if RIFF ends earlier or no chunk follows", async () => {
    expect(await of(0, 0)).toBe("1 file");
    expect(await of(36, 0)).toBe("1 file");
    const list = chunk("LIST", zeros(20));
    expect(await of(36 + list.length, 0, list)).toBe("; no-media-data data chunk at 36 by null");
    expect(await of(36 + 8000, 0)).toBe("1 file");
    expect(await of(37, 0, list)).toBe("; no-media-data data chunk at 36 by null");
  });
  test("RF64 uses the 64-bit sizes", async () => {
    const ds64 = (riffSize: number, size: number): Uint8Array => {
      const body = Buffer.alloc(28);
      body.writeBigUInt64LE(BigInt(riffSize), 0);
      body.writeBigUInt64LE(BigInt(size), 8);
      return chunk("ds64", body);
    };
    const rf64 = (table: Uint8Array, size = 0xffffffff): Promise<string> =>
      summaryOf("RF64", 0xffffffff, "WAVE", table, pcm, "data", size, zeros(8000));
    expect(await rf64(ds64(8072, 8000))).toBe("1 file");
    expect(await rf64(ds64(8072, 8001))).toBe("1 file");
    expect(await rf64(ds64(9000, 9000))).toBe("1 file; cut-short data chunk at 72 by 1000");
    expect(await rf64(ds64(2 ** 33, 2 ** 33))).toBe(
      `1 file; cut-short data chunk at 72 by ${2 ** 33 - 8000}`,
    );
    expect(await rf64(ds64(8072, 4000), 8000)).toBe("1 file");
    expect(await rf64(chunk("ds64", zeros(15)))).toBe("1 file");
    const ones = chunk("ds64", new Uint8Array(28).fill(255));
    expect(await rf64(ones)).toBe("1 file");
    expect(await rf64(chunk("ds64", zeros(28)))).toBe("1 file");
  });
});

describe("chunks of odd sizes", () => {
  const data = chunk("data", zeros(8000));
  test.each([
    ["padded", riff(chunk("note", bytesOf("odd\0"), 3), pcm, data)],
    ["not padded", riff(chunk("note", bytesOf("odd")), pcm, data)],
    ["not padded, before a size that looks like a letter", riff(pcm, chunk("note", bytesOf("odd")), data)],
    ["padded, before it", riff(pcm, chunk("note", bytesOf("odd\0"), 3), data)],
    ["padded by a letter", riff(chunk("note", bytesOf("oddA"), 3), pcm, data)],
    ["of one byte", riff(chunk("note", bytesOf("o\0"), 1), pcm, data)],
  ])("%s", async (_, bytes) => expect(await summaryOf(bytes)).toBe("1 file"));
});
