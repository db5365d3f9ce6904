import { describe, expect, test } from "vitest";
import {
  type Bytes,
  box,
  clap,
  full,
  grid,
  heifFile,
  type Item,
  irot,
  ispe,
  join,
  type Layout,
  overlay,
  u8,
  u16,
  u32,
} from "../../../fixtures/make/heif-build.ts";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { readEvidence } from "../read-evidence.ts";
import { data, fixture, hvcC, picture, read, readLayout, shown } from "./heif-files.ts";

describe("the format of a HEIF: by the coded item, then by brand", () => {
  test.each([
    ["heic", ["heic", "mif1"], "hvc1"],
    ["heic", ["heix", "mif1"], "hvc1"],
    ["heic", ["hevc", "msf1"], "hvc1"],
    ["heic", ["heis", "mif1"], "lhv1"],
    ["heif", ["mif1", "heic"], "hvc1"],
    ["heif", ["msf1", "hevc"], "hvc1"],
    ["heif", ["mif1", "jpeg"], "jpeg"],
    ["heif", ["mif1", "j2ki"], "j2k1"],
    ["heif", ["avci", "mif1"], "avc1"],
    ["avif", ["avif", "mif1"], "av01"],
    ["avif", ["mif1", "avif", "miaf"], "av01"],
    ["avif", ["heic", "mif1"], "av01"],
    ["avif", ["mif1", "heic"], "av01"],
  ])("%s: %j of %s", async (format, brands, type) => {
    expect((await readLayout({ brands, items: [{ ...picture(), type }] })).format).toBe(format);
    // The tiles decide for a grid.
    const items: Item[] = [
      { ...picture(), type },
      {
        id: 2,
        type: "grid",
        data: grid(1, 1, 640, 480),
        place: "idat",
        properties: [ispe(640, 480)],
        sources: [1],
      },
    ];
    expect((await readLayout({ brands, items, primary: 2 })).format).toBe(format);
  });

  test("an AVIF is not recognised as HEIF if its items cannot be read", async () => {
    const bytes = heifFile({ brands: ["mif1", "avif", "miaf"], items: [{ ...picture(), type: "av01" }] });
    for (let cut = 28; cut < bytes.length; cut++) {
      const { format, damage } = await read(bytes.slice(0, cut));
      expect(format === "avif" || damage.some((d) => d.certain)).toBe(true);
    }
  });
});

describe("the display size of a HEIF", () => {
  test.each<[string, Bytes[], unknown[]]>([
    ["nothing turns it", [], [640, 480, 0]],
    ["a quarter anticlockwise", [irot(1)], [480, 640, 270]],
    ["a half", [irot(2)], [640, 480, 180]],
    ["a quarter clockwise", [irot(3)], [480, 640, 90]],
    ["two quarters", [irot(1), irot(1)], [640, 480, 180]],
    ["cropped, then turned", [clap(400, 300), irot(1)], [300, 400, 270]],
    ["turned, then cropped", [irot(1), clap(400, 600)], [400, 600, 270]],
    ["a crop that reaches outside", [clap(640, 480, [100, 1], [0, 1])], [540, 480, 0]],
  ])("%s", async (_, more, expected) => {
    expect(shown(await readLayout({ items: [picture(1, ...more)] }))).toEqual(expected);
  });

  test.each([
    ["nothing left", clap(0, 480)],
    ["a denominator of zero", box("clap", u32(640, 0, 480, 0, 0, 0, 0, 0))],
    ["outside", clap(100, 100, [5000, 1], [0, 1])],
    ["too short", box("clap", u32(640, 1))],
  ])("an invalid crop is ignored, and the file is not reported as intact: %s", async (_, property) => {
    const evidence = await readLayout({ items: [picture(1, property)] });
    expect(shown(evidence)).toEqual([640, 480, 0]);
    expect(evidence.damage).toMatchObject([{ code: "malformed", part: "clap", certain: false }]);
  });

  test("a grid with two different sizes gives two readings", async () => {
    const evidence = await readLayout({
      items: [
        picture(),
        {
          id: 2,
          type: "grid",
          data: grid(1, 1, 600, 400),
          properties: [ispe(640, 480), irot(1)],
          sources: [1],
        },
      ],
      primary: 2,
    });
    expect(evidence.sizes).toEqual([
      { width: 480, height: 640, from: "display" },
      { width: 400, height: 600, from: "header" },
    ]);
    expect([...evidence.unusual]).toEqual(["contradiction"]);
  });

  test("a grid with 32-bit sizes, a canvas of an overlay", async () => {
    const big = { id: 2, type: "grid", data: grid(1, 1, 70_000, 480), sources: [1], properties: [irot(0)] };
    expect(shown(await readLayout({ items: [picture(), big], primary: 2 }))).toEqual([70_000, 480, 0]);
    const canvas = { ...big, type: "iovl", data: overlay(900, 800, [0, 0]) };
    expect(shown(await readLayout({ items: [picture(), canvas], primary: 2 }))).toEqual([900, 800, 0]);
  });

  test("a picture without ispe has no size; a size of zero is ignored", async () => {
    for (const properties of [[hvcC], [hvcC, ispe(0, 480)]]) {
      const evidence = await readLayout({ items: [{ ...picture(), properties }] });
      expect([evidence.facts.width, evidence.sizes]).toEqual([null, []]);
      expect(evidence.unread.map(({ fact }) => fact)).toEqual(["width", "height"]);
    }
  });

  test("a free box of 40 MB before meta takes no more reads", async () => {
    const bytes = heifFile({ items: [picture()], free: 40 << 20 });
    const source = { ...fromBytes(bytes), minReadSize: 4096 };
    let read = 0;
    const counted = {
      ...source,
      read(offset: number, length: number) {
        read += length;
        return source.read(offset, length);
      },
    };
    const evidence = await readEvidence(counted);
    expect(shown(evidence)).toEqual([640, 480, 0]);
    expect(read).toBeLessThan(20_000);
  });
});

describe("HEIF image sequences", () => {
  const track = (handler: string, codec: string, width: number, height: number, samples: number): Bytes => {
    const entry = box(codec, u32(0), u16(0, 1), u32(0, 0, 0, 0), u16(width, height), new Uint8Array(50));
    const one = 0x10000;
    return box(
      "trak",
      full(
        "tkhd",
        0,
        7,
        u32(0, 0, 1, 0, 0, 0, 0),
        u32(0, 0),
        u32(0, one, 0, -one, 0, 0, 0, 0, 0x40000000),
        u32(0, 0),
      ),
      box(
        "mdia",
        full("hdlr", 0, 0, u32(0), handler, u32(0, 0, 0), u8(0)),
        box("minf", box("stbl", full("stsd", 0, 0, u32(1), entry), full("stsz", 0, 0, u32(100, samples)))),
      ),
    );
  };
  const sequence = (brand: string, ...tracks: Bytes[]): Bytes =>
    join(box("ftyp", brand, u32(0), "msf1"), box("moov", ...tracks), box("mdat", new Uint8Array(100)));

  test("without meta, the picture track gives size and count", async () => {
    const evidence = await read(
      sequence("hevc", track("auxv", "hvc1", 320, 240, 9), track("pict", "hvc1", 640, 480, 7)),
    );
    expect([evidence.format, ...shown(evidence), evidence.facts.frames]).toEqual(["heic", 480, 640, 90, 7]);
    expect(evidence.damage).toEqual([]);
  });

  test("AV1 inside is AVIF", async () => {
    expect((await read(sequence("msf1", track("pict", "av01", 640, 480, 7)))).format).toBe("avif");
  });

  test("with a primary item, that item is the picture", async () => {
    const evidence = await readLayout({
      items: [picture()],
      moov: box("moov", track("pict", "hvc1", 320, 240, 7)),
    });
    expect([...shown(evidence), evidence.facts.frames]).toEqual([640, 480, 0, 7]);
  });

  test("a track without samples, and no track at all", async () => {
    const empty = await read(sequence("hevc", track("pict", "hvc1", 640, 480, 0)));
    expect(empty.damage).toMatchObject([{ code: "no-media-data", certain: true }]);
    expect((await read(sequence("hevc"))).damage).toMatchObject([{ code: "no-picture", certain: true }]);
  });
});

describe("bytes that a HEIF's tables state", () => {
  const whole = fixture("image/heic-grid-turned-450x600.heic");

  test("a file truncated at any byte is not intact", async () => {
    for (let cut = 1; cut < whole.length; cut += 3) {
      const { damage } = await read(whole.slice(0, cut));
      expect(damage.some((d) => d.certain)).toBe(true);
    }
  });

  test("missing bytes are counted", async () => {
    const { damage } = await read(fixture("damaged/heic-grid-cut-in-last-tile.heic"));
    expect(damage).toMatchObject([{ code: "cut-short", part: "mdat", missing: 20, certain: true }]);
  });

  test("a tile past the end of a file that ends with an open mdat", async () => {
    const bytes = heifFile({ items: [picture()] });
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - data.length - 8, 0);
    expect((await read(bytes)).damage).toEqual([]);
    const cut = bytes.slice(0, -7);
    expect((await read(cut)).damage).toMatchObject([{ code: "cut-short", part: "item 1", missing: 7 }]);
  });

  test("bytes after the end are no damage", async () => {
    const noise = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 77) & 255);
    expect((await read(join(heifFile({ items: [picture()] }), noise))).damage).toEqual([]);
    expect((await read(join(heifFile({ items: [picture()] }), new Uint8Array(64)))).damage).toEqual([]);
  });

  test("truncated padding is only suspected", async () => {
    const bytes = join(heifFile({ items: [picture()] }), box("free", new Uint8Array(100)).slice(0, 60));
    expect((await read(bytes)).damage).toMatchObject([
      { code: "cut-short", part: "free", missing: 48, certain: false },
    ]);
  });

  test("no picture, no bytes, no decoder configuration, no known type", async () => {
    const of = async (layout: Layout): Promise<unknown> =>
      (await readLayout(layout)).damage.map((d) => [d.code, d.part, d.certain]);
    expect(await of({ items: [picture()], primary: 9 })).toEqual([["no-picture", "primary item", true]]);
    expect(await of({ items: [{ ...picture(), type: "Exif" }] })).toEqual([
      ["no-picture", "primary item", true],
    ]);
    expect(await of({ items: [{ ...picture(), place: "none" }] })).toEqual([
      ["no-media-data", "item 1", true],
    ]);
    expect(await of({ items: [{ ...picture(), properties: [ispe(640, 480)] }] })).toEqual([
      ["malformed", "hvcC", true],
    ]);
    expect(await of({ items: [{ ...picture(), type: "abcd" }] })).toEqual([
      ["malformed", "item type abcd", false],
    ]);
  });
});
