import { describe, expect, test } from "vitest";
import { type Bytes, box, clap, full, join, u8, u16, u32 } from "../../../fixtures/make/heif-build.ts";
import { read, shown } from "./heif-files.ts";

/* Image sequences of every kind: ISO/IEC 23008-12 section 7. */

describe("HEIF image sequences", () => {
  const one = 0x10000;
  interface Track {
    handler?: string;
    matrix?: [number, number];
    version?: 0 | 1;
    width?: number;
    height?: number;
    samples?: number;
    sizes?: "stsz" | "stz2";
    crop?: Bytes;
    codec?: string;
    /** Bytes of the track header's body, of the handler's, of the samples' sizes and of the entry that are there. */
    cut?: { tkhd?: number; hdlr?: number; stsz?: number; entry?: number };
    /** What follows the first entry, and the samples' sizes. */
    entries?: Bytes;
    tables?: Bytes;
    type?: string;
  }
  const shortened = (whole: Bytes, body = whole.length): Bytes => {
    const content = whole.slice(8, 8 + body);
    return join(u32(8 + content.length), whole.slice(4, 8), content);
  };
  const track = (made: Track = {}): Bytes => {
    const {
      handler = "pict",
      matrix: [a, b] = [one, 0],
      version = 0,
      width = 640,
      height = 480,
      samples = 7,
    } = made;
    const whole = box(
      made.codec ?? "hvc1",
      u32(0),
      u16(0, 1),
      u32(0, 0, 0, 0),
      u16(width, height),
      new Uint8Array(50),
      made.crop ?? join(),
    );
    const { cut = {} } = made;
    const entry = shortened(whole, cut.entry);
    const times = version ? u32(0, 0, 0, 0, 1, 0, 0, 0) : u32(0, 0, 1, 0, 0);
    const tkhd = full(
      "tkhd",
      version,
      7,
      times,
      u32(0, 0),
      u32(0, 0),
      u32(a, b, 0, -b, a, 0, 0, 0, 0x40000000),
      u32(0, 0),
    );
    const stbl = box(
      "stbl",
      full("stsd", 0, 0, u32(1), entry, made.entries ?? join()),
      shortened(full(made.sizes ?? "stsz", 0, 0, u32(100, samples)), cut.stsz),
      made.tables ?? join(),
    );
    const data = full("hdlr", 0, 0, u32(0), "alis", u32(0, 0, 0), u8(0));
    const pictures = shortened(full("hdlr", 0, 0, u32(0), handler, u32(0, 0, 0), u8(0)), cut.hdlr);
    return box(
      made.type ?? "trak",
      shortened(tkhd, cut.tkhd),
      box("mdia", pictures, box("minf", data, stbl)),
    );
  };
  const sequence = async (...tracks: Bytes[]): Promise<unknown[]> => {
    const evidence = await read(
      join(box("ftyp", "hevc", u32(0), "msf1"), box("moov", ...tracks), box("mdat", new Uint8Array(9))),
    );
    return [...shown(evidence), evidence.facts.frames];
  };
  test.each([
    ["upright", [one, 0], [640, 480, 0, 7]],
    ["a quarter", [0, one], [480, 640, 90, 7]],
    ["a half", [-one, 0], [640, 480, 180, 7]],
    ["three quarters", [0, -one], [480, 640, 270, 7]],
    ["nearly upright", [one, 900], [640, 480, 0, 7]],
    ["as much as turned", [one, one], [640, 480, 0, 7]],
    ["by a matrix of nothing", [0, 0], [640, 480, 0, 7]],
  ] as [string, [number, number], unknown[]][])(
    "are found %s, with headers of either version",
    async (_, matrix, expected) => {
      for (const version of [0, 1] as const)
        expect(await sequence(track({ matrix, version }))).toEqual(expected);
    },
  );
  test("are cropped, then rotated", async () => {
    expect(await sequence(track({ crop: clap(600, 400) }))).toEqual([600, 400, 0, 7]);
    expect(await sequence(track({ crop: clap(600, 400), matrix: [0, one] }))).toEqual([400, 600, 90, 7]);
    expect(await sequence(track({ crop: clap(0, 400) }))).toEqual([640, 480, 0, 7]);
    expect(await sequence(track({ crop: box("pasp", u32(1, 1)) }))).toEqual([640, 480, 0, 7]);
    const other = join(u32(40), "clax", clap(600, 400).slice(8));
    expect(await sequence(track({ crop: other }))).toEqual([640, 480, 0, 7]);
  });
  test("are those of the first picture track, otherwise of the first video track", async () => {
    const small = (handler: string): Bytes => track({ handler, width: 320, height: 240, samples: 3 });
    expect(await sequence(small("vide"), track())).toEqual([640, 480, 0, 7]);
    expect(await sequence(track(), small("vide"))).toEqual([640, 480, 0, 7]);
    expect(await sequence(track(), small("pict"))).toEqual([640, 480, 0, 7]);
    expect(await sequence(small("vide"))).toEqual([320, 240, 0, 3]);
    expect(await sequence(small("vide"), track({ handler: "vide" }))).toEqual([320, 240, 0, 3]);
    expect(await sequence(small("auxv"), track())).toEqual([640, 480, 0, 7]);
    expect(await sequence(track({ sizes: "stz2" }))).toEqual([640, 480, 0, 7]);
    expect(await sequence(track({ type: "trax" }), small("vide"))).toEqual([320, 240, 0, 3]);
  });
  test("have the size that the first sample entry states, and that no other table states", async () => {
    const other = box("hvc1", u32(0), u16(0, 1), u32(0, 0, 0, 0), u16(9, 9), new Uint8Array(50));
    expect(await sequence(track({ entries: other }))).toEqual([640, 480, 0, 7]);
    // Of one that is too short there is none, either.
    expect(await sequence(track({ entries: other, cut: { entry: 20 } }))).toEqual([null, null, null, null]);
    expect(await sequence(track({ tables: full("stco", 0, 0, u32(1), other) }))).toEqual([640, 480, 0, 7]);
  });
  test("are not rotated by a track header truncated before its matrix", async () => {
    for (let length = 0; length < 84; length++) {
      const turned = track({ matrix: [0, one], cut: { tkhd: length } });
      expect([length, ...(await sequence(turned))]).toEqual(
        length < 48 ? [length, 640, 480, 0, 7] : [length, 480, 640, 90, 7],
      );
    }
  });
  test.each<[string, NonNullable<Track["cut"]>, unknown[]]>([
    ["a handler that is cut", { hdlr: 11 }, [null, null, null, null]],
    ["a sample entry that is cut", { entry: 27 }, [null, null, null, null]],
    ["one that ends after its size", { entry: 28 }, [640, 480, 0, 7]],
    ["a table of sizes that is cut", { stsz: 11 }, [640, 480, 0, null]],
  ])("are reported of %s as far as possible", async (_, cut, expected) =>
    expect(await sequence(track({ cut }))).toEqual(expected),
  );
  test("without a primary item have one reading, and count as unusual", async () => {
    const { sizes, unusual } = await read(
      join(box("ftyp", "hevc", u32(0), "msf1"), box("moov", track({ matrix: [0, one] })), box("mdat", u8(9))),
    );
    expect([sizes, [...unusual]]).toEqual([
      [{ width: 480, height: 640, from: "display" }],
      ["unusual-structure"],
    ]);
  });
  test("without pictures or size are reported as such", async () => {
    const of = async (made: Track) => {
      const evidence = await read(
        join(box("ftyp", "hevc", u32(0), "msf1"), box("moov", track(made)), box("mdat", new Uint8Array(9))),
      );
      return [evidence.damage.map((d) => `${d.code} ${d.part}`), evidence.unread.map((u) => u.fact)];
    };
    expect(await of({ samples: 0 })).toEqual([["no-media-data stsz"], []]);
    expect(await of({ width: 0 })).toEqual([[], ["width", "height"]]);
    expect(await of({ height: 0 })).toEqual([[], ["width", "height"]]);
    expect(await of({ handler: "soun" })).toEqual([["no-picture primary item"], []]);
  });
});
