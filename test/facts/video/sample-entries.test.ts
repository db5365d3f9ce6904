import { describe, expect, it } from "vitest";
import { ascii, box, concat, find, parse, rebuild, words } from "../../../fixtures/make/mp4-edit.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { fixture, readCounted } from "./read-counted.ts";

/* Codecs, rates, channels and pixel aspect ratios in sample entries, in the forms that real files have. */

const mp4 = fixture("mp4-h264-aac.mp4");
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const shorts = (...values: number[]): Uint8Array => bytes(...values.flatMap((v) => [v >> 8, v & 255]));

/** The fixture with another sample description of its audio (track 1) or its video (track 0). */
async function described(track: 0 | 1, ...entries: Uint8Array[]): Promise<Evidence> {
  const nodes = parse(mp4);
  find(nodes, `moov/trak:${track}/mdia/minf/stbl/stsd`).body = concat(words(0, entries.length), ...entries);
  return (await readCounted(rebuild(nodes, mp4))).evidence;
}
const audioOf = async (...entries: Uint8Array[]): Promise<unknown[]> => {
  const { facts } = await described(1, ...entries);
  return [facts.audioCodec, facts.sampleRate, facts.channels];
};

/** Fields of an audio sample entry, version 0: 2 channels, 16 bits, 44,100 Hz, but for `more`. */
function audioFields(more: { version?: number; channels?: number; rate?: number } = {}): Uint8Array {
  const { version = 0, channels = 2, rate = 44_100 * 65_536 } = more;
  return concat(words(0, 1), shorts(version, 0, 0, 0, channels, 16, 0, 0), words(rate));
}
const entry = (type: string, ...parts: Uint8Array[]): Uint8Array => box(type, ...parts);

describe("an audio sample entry", () => {
  it.each([
    ["mp4a", "aac"],
    [".mp3", "mp3"],
    ["ac-3", "ac3"],
    ["ec-3", "eac3"],
    ["Opus", "opus"],
    ["fLaC", "flac"],
    ["alac", "alac"],
    ["sowt", "pcm"],
    ["raw ", "pcm"],
    ["NONE", "pcm"],
    ["ulaw", "ulaw"],
    ["ms\0\x02", "adpcm"],
    ["ima4", "adpcm"],
  ])("%j is %s", async (type, codec) => {
    expect(await audioOf(entry(type, audioFields()))).toEqual([codec, 44_100, 2]);
  });
  it("of an unknown code is named by the code, without blanks, and cross-checked", async () => {
    const evidence = await described(1, entry("zz1 ", audioFields()));
    expect(evidence.facts.audioCodec).toBe("zz1");
    expect(evidence.unusual).toContain("unknown-codec");
    expect((await described(1, entry("mp4a", audioFields()))).unusual).not.toContain("unknown-codec");
  });
  it("describes the track if it is the first entry", async () =>
    expect(await audioOf(entry("alac", audioFields()), entry("mp4a", audioFields()))).toEqual([
      "alac",
      44_100,
      2,
    ]));
  it("has a 16.16 sample rate, or one that uses all 32 bits", async () => {
    expect(await audioOf(entry("mp4a", audioFields({ rate: 48_000 * 65_536 })))).toEqual(["aac", 48_000, 2]);
    expect(await audioOf(entry("mp4a", audioFields({ rate: 65_535 })))).toEqual(["aac", 65_535, 2]);
    expect(await audioOf(entry("mp4a", audioFields({ rate: 65_536 })))).toEqual(["aac", 1, 2]);
    expect(await audioOf(entry("mp4a", audioFields({ rate: 0, channels: 0 })))).toEqual(["aac", null, null]);
  });
  it("that is too short gives only a codec", async () => {
    expect(await audioOf(entry("mp4a", audioFields().slice(0, 27)))).toEqual(["aac", null, null]);
    expect(await audioOf(entry("mp4a", bytes(1, 2)))).toEqual(["aac", null, null]);
  });
  it("of QuickTime version 2 has its own rate and channels", async () => {
    const double = new Uint8Array(8);
    new DataView(double.buffer).setFloat64(0, 96_000);
    const two = (channels: number): Uint8Array =>
      concat(audioFields({ version: 2 }), words(72), double, words(channels, 0x7f000000, 24, 4, 3, 1));
    expect(await audioOf(entry("lpcm", two(6)))).toEqual(["pcm", 96_000, 6]);
    expect(await audioOf(entry("lpcm", two(0)))).toEqual(["pcm", 96_000, null]);
    expect(await audioOf(entry("lpcm", two(6).slice(0, 63)))).toEqual(["pcm", 44_100, 2]);
  });
});

/** An esds box: `config` after its decoder's object type. */
const descriptor = (tag: number, ...body: number[]): number[] => [
  tag,
  0x80,
  0x80,
  0x80,
  body.length,
  ...body,
];
const decoder = (object: number, ...config: number[]): number[] =>
  descriptor(4, object, 0x15, ...new Array(11).fill(0), ...(config.length ? descriptor(5, ...config) : []));
/** Eight bytes that begin with these bits. */
const packed = (bits: string): number[] =>
  Array.from({ length: 8 }, (_, i) =>
    Number.parseInt(
      bits
        .replaceAll(" ", "")
        .slice(i * 8, i * 8 + 8)
        .padEnd(8, "0"),
      2,
    ),
  );
const esds = (...body: number[]): Uint8Array => box("esds", words(0), bytes(...body));
const aac = (...config: number[]): Uint8Array =>
  entry("mp4a", audioFields(), esds(...descriptor(3, 0, 1, 0, ...decoder(0x40, ...config))));

describe("an MPEG-4 descriptor", () => {
  it.each([
    [0x40, "aac"],
    [0x66, "aac"],
    [0x69, "mp3"],
    [0x6b, "mp3"],
    [0xa5, "ac3"],
    [0xa6, "eac3"],
    [0xa9, "dts"],
    [0xad, "opus"],
    [0xdd, "vorbis"],
    [0x99, "aac"],
  ])("of object type %i is %s", async (object, codec) => {
    const [found] = await audioOf(
      entry("mp4a", audioFields(), esds(...descriptor(3, 0, 1, 0, ...decoder(object)))),
    );
    expect(found).toBe(codec);
  });
  it.each([
    ["AAC-LC, 44.1 kHz, stereo", [0x12, 0x10, 0, 0], [44_100, 2]],
    ["AAC-LC, 48 kHz, mono", [0x11, 0x88, 0, 0], [48_000, 1]],
    ["AAC-LC, 96 kHz, six channels", [0x10, 0x30, 0, 0], [96_000, 6]],
    ["AAC-LC, 7,350 Hz, eight channels", [0x16, 0x38, 0, 0], [7350, 8]],
    ["channels by a layout that is stated elsewhere", [0x12, 0x00, 0, 0], [44_100, 2]],
    ["a layout that is not taken", [0x12, 0x40, 0, 0], [44_100, 2]],
    ["a rate that is not taken", [0x16, 0x90, 0, 0], [44_100, 2]],
    ["HE-AAC, signalled first: 24 kHz doubled", [0x2b, 0x11, 0x88, 0], [48_000, 2]],
    ["HE-AAC v2: mono made stereo", [0xeb, 0x09, 0x88, 0], [48_000, 2]],
    ["HE-AAC, signalled after", [0x13, 0x10, 0x56, 0xe5, 0x98, 0, 0, 0], [48_000, 2]],
    ["the same, but for its flag", [0x13, 0x10, 0x56, 0xe5, 0x18, 0, 0, 0], [24_000, 2]],
    ["the same, of another extension", [0x13, 0x10, 0x56, 0xe6, 0x98, 0, 0, 0], [24_000, 2]],
    ["the same, of another mark", [0x13, 0x10, 0x56, 0xc5, 0x98, 0, 0, 0], [24_000, 2]],
    ["a rate in full", [0x17, 0x80, 0x56, 0x22, 0x10, 0, 0, 0], [44_100, 2]],
    ["xHE-AAC, whose number takes more bits", [0xf9, 0x48, 0x40, 0, 0, 0, 0, 0], [44_100, 2]],
    [
      "a core coder's delay before the mark",
      packed(`00010 0110 0010 0 1 ${"0".repeat(14)} 0 01010110111 00101 1 0011`),
      [48_000, 2],
    ],
  ])("%s", async (_, config, [rate, channels]) => {
    expect(await audioOf(aac(...config))).toEqual(["aac", rate, channels]);
  });
  it("with fewer than four bytes of configuration gives nothing", async () =>
    expect(await audioOf(aac(0x11, 0x88))).toEqual(["aac", 44_100, 2]));
  it("may have a dependency, a URL and a clock before its decoder configuration", async () => {
    const optional = (flags: number, ...more: number[]): Promise<unknown[]> =>
      audioOf(
        entry(
          "mp4a",
          audioFields(),
          esds(...descriptor(3, 0, 1, flags, ...more, ...decoder(0x40, 0x11, 0x88, 0, 0))),
        ),
      );
    expect(await optional(0x80, 0, 2)).toEqual(["aac", 48_000, 1]);
    expect(await optional(0x20, 0, 2)).toEqual(["aac", 48_000, 1]);
    expect(await optional(0x40, 3, 97, 98, 99)).toEqual(["aac", 48_000, 1]);
    expect(await optional(0xe0, 0, 2, 1, 97, 0, 3)).toEqual(["aac", 48_000, 1]);
  });
  it("may state its lengths in one byte, or follow other descriptors", async () => {
    const short = (tag: number, ...body: number[]): number[] => [tag, body.length, ...body];
    const config = short(5, 0x11, 0x88, 0, 0);
    const whole = short(
      3,
      0,
      1,
      0,
      ...short(9, 1, 2, 3),
      ...short(4, 0x40, ...new Array(12).fill(0), ...config),
    );
    expect(await audioOf(entry("mp4a", audioFields(), esds(...whole)))).toEqual(["aac", 48_000, 1]);
    const long = [9, 0x81, 0x01, ...new Array(129).fill(0), ...whole];
    expect(await audioOf(entry("mp4a", audioFields(), esds(...long)))).toEqual(["aac", 48_000, 1]);
  });
  it("of another version is not read; a truncated one gives what it has", async () => {
    const body = bytes(...descriptor(3, 0, 1, 0, ...decoder(0x6b)));
    expect((await audioOf(entry("mp4a", audioFields(), box("esds", words(0x01000000), body))))[0]).toBe(
      "aac",
    );
    const whole = descriptor(3, 0, 1, 0, ...decoder(0x6b, 1, 2, 3, 4));
    for (let length = 0; length <= whole.length; length++) {
      const [codec] = await audioOf(entry("mp4a", audioFields(), esds(...whole.slice(0, length))));
      expect([length, codec]).toEqual([length, length < 26 ? "aac" : "mp3"]);
    }
  });
  it("is found in QuickTime's wave box and after the fields of a version 1 entry", async () => {
    const one = concat(audioFields({ version: 1 }), words(1024, 0, 0, 2));
    const inside = esds(...descriptor(3, 0, 1, 0, ...decoder(0x40, 0x11, 0x88, 0, 0)));
    const wave = box("wave", box("frma", ascii("mp4a")), inside, words(8, 0));
    expect(await audioOf(entry("mp4a", one, wave))).toEqual(["aac", 48_000, 1]);
    // An ISO file's version 1 has its boxes at once.
    expect(await audioOf(entry("mp4a", audioFields({ version: 1 }), inside))).toEqual(["aac", 48_000, 1]);
  });
  it("is found after another box", async () => {
    const inside = esds(...descriptor(3, 0, 1, 0, ...decoder(0x40, 0x11, 0x88, 0, 0)));
    expect(await audioOf(entry("mp4a", audioFields(), box("btrt", words(0, 0, 0)), inside))).toEqual([
      "aac",
      48_000,
      1,
    ]);
  });
});

describe("Dolby's dac3 and dec3 boxes", () => {
  it.each([
    [0, 0, 2],
    [1, 0, 1],
    [2, 0, 2],
    [2, 1, 3],
    [3, 0, 3],
    [4, 0, 3],
    [5, 0, 4],
    [6, 0, 4],
    [7, 0, 5],
    [7, 1, 6],
  ])("mode %i with low-frequency channel %i: %i channels", async (mode, lfe, channels) => {
    // fscod 2, bsid 5, bsmod 3, acmod 3, lfeon 1, …
    const dac3 = bytes(0x10, (mode << 3) | (lfe << 2), 0);
    expect(await audioOf(entry("ac-3", audioFields(), box("dac3", dac3)))).toEqual(["ac3", 44_100, channels]);
    // data_rate 13, num_ind_sub 3, then fscod 2, bsid 5, 1, asvc 1, bsmod 3, acmod 3, lfeon 1.
    const dec3 = bytes(0, 0, 0x20, (mode << 1) | lfe, 0);
    expect(await audioOf(entry("ec-3", audioFields(), box("dec3", dec3)))).toEqual([
      "eac3",
      44_100,
      channels,
    ]);
  });
  it("give nothing if they are too short", async () => {
    expect(
      await audioOf(entry("ac-3", audioFields({ channels: 1 }), box("dac3", bytes(0x10, 0x38)))),
    ).toEqual(["ac3", 44_100, 1]);
    expect(
      await audioOf(entry("ec-3", audioFields({ channels: 1 }), box("dec3", bytes(0, 0, 0, 15)))),
    ).toEqual(["eac3", 44_100, 1]);
  });
});

describe("a video sample entry", () => {
  const pictureFields = (width: number, height: number): Uint8Array =>
    concat(words(0, 1), new Uint8Array(16), shorts(width, height), new Uint8Array(50));
  const fields = pictureFields(854, 480);
  const picture = async (...entries: Uint8Array[]): Promise<unknown[]> => {
    const { facts, sizes } = await described(0, ...entries);
    return [facts.videoCodec, facts.pixelAspectRatio, sizes.map((s) => `${s.width}×${s.height}`).join()];
  };
  it.each([
    ["avc1", "h264"],
    ["hev1", "hevc"],
    ["av01", "av1"],
    ["vp09", "vp9"],
    ["mp4v", "mpeg4"],
    ["XVID", "mpeg4"],
    ["jpeg", "mjpeg"],
    ["apch", "prores"],
    ["s263", "h263"],
    ["raw ", "rawvideo"],
    ["rle ", "qtrle"],
    ["vvc1", "vvc"],
    ["xxxx", "xxxx"],
  ])("%j is %s", async (type, codec) =>
    expect(await picture(entry(type, fields))).toEqual([codec, 1, "854×480"]),
  );
  it("has the pixel aspect ratio of its pasp box if both values are given", async () => {
    const pasp = (...sides: number[]): Uint8Array => box("pasp", words(...sides));
    expect(await picture(entry("avc1", fields, pasp(2, 1)))).toEqual(["h264", 2, "1708×480,854×480"]);
    expect(await picture(entry("avc1", fields, pasp(1, 2)))).toEqual(["h264", 0.5, "427×480,854×480"]);
    for (const none of [pasp(0, 1), pasp(1, 0), pasp(2)])
      expect(await picture(entry("avc1", fields, none))).toEqual(["h264", 1, "854×480"]);
    expect(await picture(entry("avc1", fields, box("colr", words(2, 1)), pasp(2, 1)))).toEqual([
      "h264",
      2,
      "1708×480,854×480",
    ]);
  });
  it("of a protected track has the codec of its original format", async () => {
    const sinf = box("sinf", box("frma", ascii("avc1")), box("schm", words(0, 0, 0)));
    expect((await picture(entry("encv", fields, sinf)))[0]).toBe("h264");
    expect((await picture(entry("encv", fields, box("sinf", box("frma", ascii("zzzz"))))))[0]).toBe("encv");
    expect((await picture(entry("encv", fields, box("sinf", box("frma", ascii("avc"))))))[0]).toBe("encv");
    // A known entry is not renamed.
    expect((await picture(entry("hvc1", fields, sinf)))[0]).toBe("hevc");
  });
  it("that is too short or empty has no size", async () => {
    const short = await described(0, entry("avc1", fields.slice(0, 27)));
    expect(short.facts).toMatchObject({ videoCodec: "h264", codedWidth: null });
    expect(short.unread).toContainEqual({ fact: "width", why: { code: "not-stated" } });
    expect(short.unread).toContainEqual({ fact: "height", why: { code: "not-stated" } });
    expect((await described(0)).facts).toMatchObject({ videoCodec: null, codedWidth: null });
    expect((await described(0, entry("avc1", pictureFields(0, 480)))).sizes).toEqual([]);
    expect((await described(0, entry("avc1", pictureFields(854, 0)))).sizes).toEqual([]);
  });
  it("uses the bitstream's size if the entry differs by more than cropping", async () => {
    const avcC = find(
      parse(find(parse(mp4), "moov/trak/mdia/minf/stbl/stsd").body.slice(8 + 86)),
      "avcC",
    ).body;
    const coded = async (width: number, height: number): Promise<string> => {
      const { facts } = await described(0, entry("avc1", pictureFields(width, height), box("avcC", avcC)));
      return `${facts.codedWidth}×${facts.codedHeight}`;
    };
    expect(await coded(854, 480)).toBe("854×480");
    expect(await coded(839, 465)).toBe("839×465");
    for (const [width, height] of [
      [838, 480],
      [854, 464],
      [855, 480],
      [854, 481],
    ] as const)
      expect(await coded(width, height)).toBe("854×480");
  });
});

describe("encrypted tracks", () => {
  const sinf = box("sinf", box("frma", ascii("avc1")), box("schm", words(0), ascii("cenc"), words(0x10000)));
  const picture = (type: string, ...more: Uint8Array[]): Uint8Array =>
    entry(type, words(0, 1), new Uint8Array(16), shorts(854, 480), new Uint8Array(50), ...more);
  it.each(["encv", "drmi", "drmt", "encs"])("a video sample entry of type %s is encrypted", async (type) => {
    const evidence = await described(0, picture(type, sinf));
    expect(evidence.facts.encrypted).toBe(true);
    expect(evidence.unread).toContainEqual({ fact: "encrypted", why: { code: "encrypted" } });
  });
  it.each(["enca", "drms"])("an audio sample entry of type %s is encrypted", async (type) =>
    expect((await described(1, entry(type, audioFields(), sinf))).facts.encrypted).toBe(true),
  );
  it("a scheme box alone is enough, also in a later entry of the track", async () => {
    expect((await described(0, picture("avc1", sinf))).facts.encrypted).toBe(true);
    const plain = picture("avc1", box("avcC", bytes(1, 66, 0, 30, 255, 224)));
    expect((await described(0, plain)).facts.encrypted).toBe(false);
    expect((await described(0, plain, picture("encv", sinf))).facts.encrypted).toBe(true);
  });
});

describe("a clean aperture", () => {
  const clap = box("clap", words(703, 1, 576, 1, 0, 1, 0, 1));
  const sizes = async (...more: Uint8Array[]): Promise<string[]> => {
    const fields = concat(words(0, 1), new Uint8Array(16), shorts(720, 576), new Uint8Array(50));
    const evidence = await described(0, entry("mp4v", fields, ...more));
    return evidence.sizes
      .filter((s) => s.from !== "track-header")
      .map((s) => `${s.width}×${s.height} ${s.from}`);
  };
  it("is the display size, and the full frame is a further reading", async () => {
    expect(await sizes(clap, box("pasp", words(1, 1)))).toEqual(["703×576 display", "720×576 uncropped"]);
    expect(await sizes(clap, box("pasp", words(16, 15)))).toEqual([
      "750×576 display",
      "768×576 uncropped",
      "720×576 coded",
    ]);
  });
  it("that is truncated or empty is ignored", async () => {
    const square = box("pasp", words(1, 1));
    expect(await sizes(box("clap", words(703, 1)), square)).toEqual(["720×576 display"]);
    expect(await sizes(box("clap", words(0, 1, 0, 1, 0, 1, 0, 1)), square)).toEqual(["720×576 display"]);
  });
});
