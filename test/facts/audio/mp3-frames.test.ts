import { describe, expect, test } from "vitest";
import { bytesOf, evidenceOf, frames, id3 } from "./audio-bytes.ts";
import { type Claims, count, header, hundred, type Kind, perFrame, tagFrame, whole } from "./mp3-tags.ts";

/* Generated MP3: every bit rate and sample rate, tags of every kind, and the fields of Xing, Info and VBRI. */

const halves = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const full = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const versions = [
  { name: "MPEG-1", bits: 3, rates: [44_100, 48_000, 32_000], kilobits: full, samples: 1152 },
  { name: "MPEG-2", bits: 2, rates: [22_050, 24_000, 16_000], kilobits: halves, samples: 576 },
  { name: "MPEG-2.5", bits: 0, rates: [11_025, 12_000, 8000], kilobits: halves, samples: 576 },
];
describe.each(versions)("$name", ({ bits, rates, kilobits, samples }) => {
  test("frame length follows from bit rate and sample rate", async () => {
    for (const [rate, hertz] of rates.entries())
      for (const [i, kilobit] of kilobits.entries())
        for (const padding of [0, 1] as const) {
          const bytes = Math.floor((samples * kilobit * 125) / hertz) + padding;
          const stream = frames(9, header({ version: bits, rate, bitrate: i + 1, padding }), bytes);
          const { facts, durations, damage } = await evidenceOf(id3(0), stream);
          const place = `${hertz} Hz, ${kilobit} kbit/s, padding ${padding}`;
          expect([place, facts.sampleRate, facts.channels, damage]).toEqual([place, hertz, 1, []]);
          expect(durations).toEqual([{ value: (9 * samples) / hertz, from: "all-frames" }]);
        }
  });
});

test.each([
  [0, 2],
  [1, 2],
  [2, 2],
  [3, 1],
])("mode %i has %i channels", async (mode, channels) =>
  expect((await evidenceOf(id3(0), frames(9, header({ mode })))).facts.channels).toBe(channels),
);

test.each([
  ["a reserved version", { version: 1 }],
  ["a reserved sample rate", { rate: 3 }],
  ["a reserved bit rate", { bitrate: 15 }],
])("%s is no frame", async (_, kind) => {
  const { facts, damage } = await evidenceOf(id3(0), frames(9, header(kind)));
  expect(facts.duration).toBeNull();
  expect(damage).toMatchObject([{ code: "no-media-data", part: "frames" }]);
});

describe("tags at the end of an MP3", () => {
  const footer = bytesOf(
    "ID3\x04\0\x10",
    new Uint8Array([0, 0, 0, 20]),
    new Uint8Array(20),
    "3DI\x04\0\x10",
    new Uint8Array([0, 0, 0, 20]),
  );
  const ape = (size: number, isHeader: boolean): Uint8Array =>
    bytesOf("APETAGEX", 2000, size, 1, isHeader ? 0xa0000000 : 0x80000000, 0, 0);
  test.each([
    ["ID3v2 with a footer", [footer, frames(50)]],
    ["ID3v2 of the longest kind that fits", [id3(0x3fff), frames(50)]],
    ["ID3v2 after the frames", [frames(50), id3(300)]],
    ["ID3v1", [frames(50), "TAG", new Uint8Array(125)]],
    ["ID3v1, extended", [frames(50), "TAG+", new Uint8Array(223), "TAG", new Uint8Array(125)]],
    ["APEv2 with a header", [frames(50), ape(132, true), new Uint8Array(100), ape(132, false)]],
    ["APEv2 with a footer only", [frames(50), new Uint8Array(100), ape(132, false)]],
    ["APEv2 in front", [id3(5), ape(132, true), new Uint8Array(100), ape(132, false), frames(50)]],
    [
      "Lyrics3",
      [frames(50), "LYRICSBEGININD0000200LYR00005hello000033LYRICS200", "TAG", new Uint8Array(125)],
    ],
    ["two kinds between the frames", [frames(20), id3(1000), "TAG", new Uint8Array(125), frames(30)]],
  ])("%s are not counted as frames", async (_, parts) => {
    const evidence = await evidenceOf(...parts);
    expect([count(evidence), evidence.damage]).toEqual(["50 all-frames", []]);
  });
  test("that are truncated report how many bytes are missing", async () => {
    const { damage } = await evidenceOf(id3(5000).subarray(0, 4000), "");
    expect(damage).toEqual([{ code: "cut-short", part: "ID3 tag", at: 0, missing: 1010, certain: true }]);
    const empty = await evidenceOf(id3(5000));
    expect(empty.damage).toEqual([
      { code: "no-media-data", part: "frames", at: 5010, missing: null, certain: true },
    ]);
  });
});

describe("a Xing or Info tag in the first frame", () => {
  test.each([
    ["mono MPEG-1", { mode: 3 }, 21, 417],
    ["stereo MPEG-1", { mode: 0 }, 36, 417],
    ["mono MPEG-2", { version: 2, mode: 3, bitrate: 12 }, 13, 417],
    ["stereo MPEG-2", { version: 2, mode: 0, bitrate: 12 }, 21, 417],
  ] as [string, Kind, number, number][])(
    "is found after the side information: %s",
    async (_, kind, at, length) => {
      const bytes = frames(20, header(kind), length);
      const seconds = (kind.version === 2 ? 576 / 22_050 : perFrame) * 20;
      for (const name of ["Xing", "Info"] as const) {
        const tag = tagFrame({ name, frames: 20, bytes: 21 * length }, kind, at, length);
        const { durations } = await evidenceOf(id3(0), tag, bytes);
        expect(durations.map((d) => [d.from, d.value.toFixed(6)])).toEqual([
          ["all-frames", seconds.toFixed(6)],
        ]);
      }
      // Elsewhere it is not a tag: the frame is an ordinary audio frame.
      const { durations } = await evidenceOf(id3(0), tagFrame({ frames: 20 }, kind, at + 1, length), bytes);
      expect(durations[0]?.value).toBeCloseTo((seconds * 21) / 20, 6);
    },
  );
  test("may have a table and a quality field before LAME's extension", async () => {
    for (const more of [{}, { toc: true }, { quality: true }, { toc: true, quality: true }]) {
      const evidence = await evidenceOf(tagFrame({ ...whole, ...more, lame: [576, 1152] }), hundred);
      expect(count(evidence)).toBe("100 all-frames, 98.5 less-padding");
    }
  });
  test("may state only frames, only bytes, or neither", async () => {
    expect(count(await evidenceOf(tagFrame({ frames: 100 }), hundred))).toBe("100 all-frames");
    expect(count(await evidenceOf(tagFrame({ bytes: 101 * 417 }), hundred))).toBe("100 all-frames");
    expect(count(await evidenceOf(tagFrame({}), hundred))).toBe("100 all-frames");
    expect(count(await evidenceOf(tagFrame({ frames: 0, bytes: 0 }), hundred))).toBe("100 all-frames");
  });
  test("with a valid checksum is trusted for frames of varying size; with an invalid one it is not", async () => {
    const mixed = bytesOf(frames(50), frames(50, header({ bitrate: 11 }), 626));
    const bytes = mixed.length + 417;
    const sealed = tagFrame({ frames: 102, bytes, lame: [0, 0] });
    expect(count(await evidenceOf(sealed, mixed))).toBe("102 all-frames");
    const broken = tagFrame({ frames: 102, bytes, lame: [0, 0], sealed: false });
    expect(count(await evidenceOf(broken, mixed))).toBe("100 all-frames, 102 header");
  });
  test("without a checksum is trusted if the bit rate confirms it", async () => {
    // 98 frames of 417.96 bytes would be 100 frames' bytes less two frames.
    expect(count(await evidenceOf(tagFrame({ frames: 100, bytes: 101 * 417 }), hundred))).toBe(
      "100 all-frames",
    );
    expect(count(await evidenceOf(tagFrame({ frames: 98, bytes: 101 * 417 }), hundred))).toBe(
      "100 all-frames, 98 header",
    );
  });
  test("may differ from the file by one frame", async () => {
    for (const claim of [99, 100, 101]) {
      const evidence = await evidenceOf(tagFrame({ frames: claim }), hundred);
      expect([claim, count(evidence), evidence.unusual.has("contradiction")]).toEqual([
        claim,
        "100 all-frames",
        false,
      ]);
    }
    expect(count(await evidenceOf(tagFrame({ frames: 102 }), hundred))).toBe("100 all-frames, 102 header");
    expect(count(await evidenceOf(tagFrame({ frames: 98 }), hundred))).toBe("100 all-frames, 98 header");
  });
  test("with more padding than samples has its padding ignored", async () => {
    const few = bytesOf(tagFrame({ frames: 2, bytes: 3 * 417, lame: [1152, 1152] }), frames(2));
    const evidence = await evidenceOf(id3(0), few);
    expect([count(evidence), evidence.unread]).toEqual(["2 all-frames", []]);
  });
  test("confirmed only by counting frames keeps its padding value", async () => {
    const mixed = bytesOf(frames(50), frames(50, header({ bitrate: 11 }), 626));
    const claims: Claims = { frames: 100, bytes: mixed.length + 417, sealed: false };
    const evidence = await evidenceOf(tagFrame({ ...claims, lame: [576, 1152] }), mixed);
    expect([count(evidence), evidence.damage]).toEqual(["100 all-frames, 98.5 less-padding", []]);
  });
  test("without frames after it is no audio", async () => {
    const { damage, durations } = await evidenceOf(
      id3(0),
      tagFrame({ frames: 100 }),
      "TAG",
      new Uint8Array(125),
    );
    expect(damage).toEqual([{ code: "no-media-data", part: "frames", at: 10, missing: null, certain: true }]);
    expect(durations).toEqual([]);
  });
  test("stating fewer frames in more bytes than the file has is wrong, not a sign of truncation", async () => {
    const evidence = await evidenceOf(tagFrame({ frames: 60, bytes: 102 * 417 }), hundred);
    expect([count(evidence), evidence.damage]).toEqual(["100 all-frames, 60 header", []]);
  });
  test("reports channels and sample rate", async () => {
    expect((await evidenceOf(tagFrame(whole), hundred)).facts.audioCodec).toBe("mp3");
  });
});

describe("Fraunhofer's VBRI tag", () => {
  const vbri = (claimed: number, bytes: number): Uint8Array => {
    const frame = Buffer.alloc(417);
    frame.set(header({}));
    frame.write("VBRI", 36, "latin1");
    frame.writeUInt32BE(bytes, 46);
    frame.writeUInt32BE(claimed, 50);
    return frame;
  };
  test("is trusted if the file confirms it, otherwise it is a separate reading", async () => {
    expect(count(await evidenceOf(id3(0), vbri(100, 101 * 417), hundred))).toBe("100 all-frames");
    expect(count(await evidenceOf(id3(0), vbri(400, 101 * 417), hundred))).toBe("100 all-frames, 400 header");
    expect(count(await evidenceOf(id3(0), vbri(0, 0), hundred))).toBe("100 all-frames");
  });
});
