import { describe, expect, it } from "vitest";
import { type BitstreamSize, bitstreamSize } from "../../../src/facts/video/parameter-sets.ts";

/* The picture size in H.264 and H.265 sequence parameter sets, of encoders that use what few of them use. */

/** Bits as a text of 0 and 1: fixed widths and Exp-Golomb codes. */
const u = (value: number, width: number): string => value.toString(2).padStart(width, "0");
const ue = (value: number): string => {
  const code = (value + 1).toString(2);
  return "0".repeat(code.length - 1) + code;
};
const se = (value: number): string => ue(value > 0 ? 2 * value - 1 : -2 * value);

/** A NAL unit's payload with its emulation prevention bytes. */
function escaped(bits: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, "0"), 2);
    if (byte <= 3 && bytes.at(-1) === 0 && bytes.at(-2) === 0) bytes.push(3);
    bytes.push(byte);
  }
  return bytes;
}
const view = (bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);

interface Avc {
  profile?: number;
  /** Chroma format and what follows it in high profiles. */
  high?: string;
  order?: string;
  width?: number;
  height?: number;
  interlaced?: boolean;
  crop?: [left: number, right: number, top: number, bottom: number];
  aspect?: string;
}
function avcBits({ profile = 66, high = "", order = ue(2), width = 80, height = 45, ...more }: Avc): string {
  const { interlaced = false, crop, aspect } = more;
  return [
    u(profile, 8),
    u(0xc0, 8) + u(31, 8),
    ue(0),
    high,
    ue(0),
    order,
    ue(4) + u(0, 1),
    ue(width - 1) + ue(height - 1),
    interlaced ? "01" : "1",
    "1",
    crop ? `1${crop.map(ue).join("")}` : "0",
    aspect === undefined ? "0" : `11${aspect}`,
    "1",
  ].join("");
}
const avcOf = (bits: string, count = 1): BitstreamSize | null => {
  const bytes = escaped(bits);
  const length = bytes.length + 1;
  return bitstreamSize(
    "avcC",
    view([1, 66, 0, 31, 0xff, 0xe0 | count, length >> 8, length & 255, 0x67, ...bytes]),
  );
};
const avc = (options: Avc): BitstreamSize | null => avcOf(avcBits(options));
const size = (width: number, height: number, aspect: number | null = null): Partial<BitstreamSize> => ({
  width,
  height,
  aspect,
});

describe("an H.264 sequence parameter set", () => {
  it("counts in macroblocks of sixteen pixels", () => {
    expect(avc({})).toMatchObject(size(1280, 720));
    expect(avc({ width: 1, height: 1 })).toMatchObject(size(16, 16));
  });
  it("subtracts the cropping window: in units of two pixels, of interlaced video four rows", () => {
    expect(avc({ width: 120, height: 68, crop: [0, 0, 0, 4] })).toMatchObject(size(1920, 1080));
    expect(avc({ width: 120, height: 34, interlaced: true, crop: [0, 0, 0, 2] })).toMatchObject(
      size(1920, 1080),
    );
    expect(avc({ crop: [1, 2, 3, 4] })).toMatchObject(size(1274, 706));
  });
  it.each([
    ["gray: single pixels", `${ue(0) + ue(0) + ue(0)}00`, 1277, 713],
    ["4:2:0", `${ue(1) + ue(0) + ue(0)}00`, 1274, 706],
    ["4:2:2: single rows", `${ue(2) + ue(2) + ue(2)}00`, 1274, 713],
    ["4:4:4", `${ue(3)}0${ue(0)}${ue(0)}00`, 1277, 713],
    ["4:4:4 in planes of their own", `${ue(3)}1${ue(0)}${ue(0)}00`, 1277, 713],
  ])("of a high profile, %s", (_, high, width, height) => {
    for (const profile of [100, 110, 122, 244])
      expect(avc({ profile, high, crop: [1, 2, 3, 4] })).toMatchObject(size(width, height));
  });
  it("is read past scaling matrices, complete or ended early", () => {
    const flat = "0";
    const whole = (n: number): string => `1${se(0).repeat(n)}`;
    // A scale that falls to zero ends its list.
    const ends = `1${se(1)}${se(-9)}`;
    const lists = [whole(16), flat, ends, flat, flat, flat, whole(64), ends].join("");
    expect(avc({ profile: 100, high: `${ue(1)}${ue(0)}${ue(0)}01${lists}` })).toMatchObject(size(1280, 720));
    const twelve = [flat.repeat(11), whole(64)].join("");
    expect(avc({ profile: 244, high: `${ue(3)}0${ue(0)}${ue(0)}01${twelve}` })).toMatchObject(
      size(1280, 720),
    );
  });
  it("is read past each picture order count type", () => {
    expect(avc({ order: ue(0) + ue(4) })).toMatchObject(size(1280, 720));
    const cycle = `${ue(1)}0${se(-3)}${se(2)}${ue(3)}${se(1)}${se(-1)}${se(5)}`;
    expect(avc({ order: cycle })).toMatchObject(size(1280, 720));
  });
  it("states the pixel aspect ratio by index, explicitly, or not at all", () => {
    expect(avc({ aspect: u(1, 8) })?.aspect).toBe(1);
    expect(avc({ aspect: u(4, 8) })?.aspect).toBeCloseTo(16 / 11, 12);
    expect(avc({ aspect: u(14, 8) })?.aspect).toBeCloseTo(4 / 3, 12);
    expect(avc({ aspect: u(16, 8) })?.aspect).toBe(2);
    expect(avc({ aspect: u(255, 8) + u(64, 16) + u(45, 16) })?.aspect).toBeCloseTo(64 / 45, 12);
    for (const none of [u(0, 8), u(17, 8), u(255, 8) + u(0, 16) + u(1, 16), u(255, 8) + u(1, 16) + u(0, 16)])
      expect(avc({ aspect: none })).toMatchObject(size(1280, 720));
    // Video usability information without a shape.
    expect(avcOf(`${avcBits({}).slice(0, -2)}101`)).toMatchObject(size(1280, 720));
  });
  it("has its emulation prevention bytes removed", () => {
    const bits = avcBits({ aspect: u(255, 8) + u(0, 16) + u(0, 16) + u(0, 16) });
    expect(escaped(bits)).toContain(3);
    expect(avcOf(bits)).toMatchObject(size(1280, 720));
    // 3 after a single zero is a number.
    expect(avc({ aspect: u(255, 8) + u(0x0003, 16) + u(0x0300, 16) })?.aspect).toBeCloseTo(3 / 768, 12);
  });
  it("is unknown if absent, truncated or invalid", () => {
    expect(avcOf(avcBits({}), 0)).toBeNull();
    expect(bitstreamSize("avcC", view([1, 66, 0]))).toBeNull();
    const whole = escaped(avcBits({ crop: [0, 0, 0, 4] }));
    for (let length = 0; length < whole.length - 1; length++) {
      const bytes = [1, 66, 0, 31, 0xff, 0xe1, 0, length + 1, 0x67, ...whole.slice(0, length)];
      expect(bitstreamSize("avcC", view(bytes))).toBeNull();
    }
    // A length that reaches past the box.
    expect(bitstreamSize("avcC", view([1, 66, 0, 31, 0xff, 0xe1, 0, 99, 0x67, ...whole]))).toBeNull();
    expect(avc({ crop: [320, 320, 0, 0] })).toBeNull();
    expect(avc({ crop: [0, 0, 180, 180] })).toBeNull();
    expect(avc({ width: 4096 })).toMatchObject(size(65536, 720));
    expect(avc({ width: 4097 })).toBeNull();
    expect(avc({ height: 4096 })).toMatchObject(size(1280, 65536));
    expect(avc({ height: 4097 })).toBeNull();
  });
});

interface Hevc {
  /** general_progressive_source_flag and general_interlaced_source_flag. */
  source?: string;
  depth?: string;
  layers?: string[];
  chroma?: string;
  width?: number;
  height?: number;
  crop?: [left: number, right: number, top: number, bottom: number];
}
function hevcSet({
  layers = [],
  chroma = ue(1),
  width = 1920,
  height = 1088,
  crop,
  ...more
}: Hevc): number[] {
  const { source = "10", depth = ue(0) + ue(0) } = more;
  const profile = u(1, 8).repeat(5) + source + "0".repeat(46) + u(93, 8);
  const flags =
    layers.map((l) => l.slice(0, 2)).join("") + (layers.length ? "00".repeat(8 - layers.length) : "");
  const sub = layers
    .map((l) => (l[0] === "1" ? "10".repeat(44) : "") + (l[1] === "1" ? u(90, 8) : ""))
    .join("");
  const bits = [
    `${u(0, 4) + u(layers.length, 3)}1`,
    profile,
    flags,
    sub,
    ue(0),
    chroma,
    ue(width) + ue(height),
    crop ? `1${crop.map(ue).join("")}` : "0",
    depth,
    "1",
  ].join("");
  return [0x42, 1, ...escaped(bits)];
}
const array = (type: number, ...units: number[][]): number[] => [
  0x80 | type,
  units.length >> 8,
  units.length & 255,
  ...units.flatMap((unit) => [unit.length >> 8, unit.length & 255, ...unit]),
];
const hvcC = (...arrays: number[][]): BitstreamSize | null =>
  bitstreamSize("hvcC", view([1, ...new Array(21).fill(0), arrays.length, ...arrays.flat()]));
const hevc = (options: Hevc): BitstreamSize | null => hvcC(array(33, hevcSet(options)));

describe("an H.264 sequence parameter set states the coding", () => {
  it.each([
    ["of a profile that has only 4:2:0 and 8 bits", {}, 1, 8],
    ["4:2:2, 10 bits", { profile: 122, high: `${ue(2)}${ue(2)}${ue(2)}00` }, 2, 10],
    ["bits of luma and chroma that differ", { profile: 122, high: `${ue(1)}${ue(2)}${ue(0)}00` }, 1, null],
  ])("%s", (_, options, chroma, bitDepth) => expect(avc(options)).toMatchObject({ chroma, bitDepth }));
  it("frames only, or frames and fields as each picture says", () => {
    expect(avc({})).toMatchObject({ interlaced: false });
    expect(avc({ interlaced: true })).toMatchObject({ interlaced: null });
  });
});

describe("an H.265 sequence parameter set", () => {
  it("states pixels, minus the conformance window", () => {
    expect(hevc({})).toMatchObject(size(1920, 1088));
    expect(hevc({ crop: [0, 0, 0, 4] })).toMatchObject(size(1920, 1080));
    expect(hevc({ crop: [1, 2, 3, 4] })).toMatchObject(size(1914, 1074));
  });
  it.each([
    ["gray", ue(0), 1917, 1081],
    ["4:2:0", ue(1), 1914, 1074],
    ["4:2:2", ue(2), 1914, 1081],
    ["4:4:4", `${ue(3)}0`, 1917, 1081],
    ["4:4:4 in planes of their own", `${ue(3)}1`, 1917, 1081],
  ])("%s", (_, chroma, width, height) =>
    expect(hevc({ chroma, crop: [1, 2, 3, 4] })).toMatchObject(size(width, height)),
  );
  it("is read past the profiles and levels of temporal layers", () => {
    for (const layers of [
      ["00"],
      ["11"],
      ["10", "01"],
      ["11", "00", "11"],
      ["11", "11", "11", "11", "11", "11"],
    ])
      expect(hevc({ layers })).toMatchObject(size(1920, 1088));
  });
  it("is found after other parameter sets", () => {
    const video = array(32, [0x40, 1, 9, 9, 9]);
    const picture = array(34, [0x44, 1, 7], [0x44, 1]);
    const small = hevcSet({ width: 640, height: 480 });
    expect(hvcC(video, picture, array(33, small, hevcSet({})))).toMatchObject(size(640, 480));
    expect(hvcC(video, array(33), array(33, small))).toMatchObject(size(640, 480));
  });
  it("states chroma and bits per sample, which are unknown where luma and chroma differ", () => {
    expect(hevc({})).toMatchObject({ chroma: 1, bitDepth: 8 });
    expect(hevc({ chroma: ue(2), depth: ue(2) + ue(2) })).toMatchObject({ chroma: 2, bitDepth: 10 });
    expect(hevc({ depth: ue(2) + ue(0) })).toMatchObject({ bitDepth: null });
  });
  it.each([
    ["10", false],
    ["01", true],
    ["00", null],
    ["11", null],
  ])("with source flags %s is interlaced: %s", (source, interlaced) =>
    expect(hevc({ source })).toMatchObject({ interlaced }),
  );
  it("is unknown if absent or truncated", () => {
    expect(hvcC()).toBeNull();
    expect(hvcC(array(32, [0x40, 1, 9]))).toBeNull();
    expect(hvcC(array(33, hevcSet({}).slice(0, 14)))).toBeNull();
    expect(bitstreamSize("hvcC", view([1, 2, 3]))).toBeNull();
    expect(hevc({ width: 0 })).toBeNull();
  });
});

it("invalid values are not reported as missing bytes", () => {
  const broken = {
    getUint8: (): number => {
      throw new TypeError("a mistake of the program");
    },
  };
  expect(() => bitstreamSize("avcC", broken as unknown as DataView)).toThrow(TypeError);
});
