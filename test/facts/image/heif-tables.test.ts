import { describe, expect, test } from "vitest";
import { type Bytes, box, clap, full, ispe, join, u8, u16, u32 } from "../../../fixtures/make/heif-build.ts";
import { read, shown } from "./heif-files.ts";

/* The tables of a HEIF's meta box in every width that they may have, and image sequences of every kind. */

/** A decoder's configuration, of which only its being there counts. */
const hvcLike = box("hvcC", u8(1, 0, 0, 0));
const ftyp = (brand = "heic"): Bytes => box("ftyp", brand, u32(0), "mif1");
const hdlr = full("hdlr", 0, 0, u32(0), "pict", u32(0, 0, 0), u8(0));

interface Form {
  pitm?: 0 | 1;
  iinf?: 0 | 1;
  infe?: 2 | 3;
  iloc?: 0 | 1 | 2;
  /** Bytes of offset, length, base and index. */
  widths?: [number, number, number, number];
  ipma?: 0 | 1;
  wide?: boolean;
  iref?: 0 | 1;
  plain?: boolean;
  id?: number;
  /** Of the picture's bytes, as stated. */
  length?: number;
  reference?: number;
  method?: number;
  /** Offset and length implied by zero widths. */
  data?: number;
}
const n = (value: number, bytes: number): Bytes =>
  bytes === 0
    ? join()
    : bytes === 2
      ? u16(value)
      : bytes === 4
        ? u32(value)
        : u32(Math.floor(value / 2 ** 32), value % 2 ** 32);

/** A file of one picture of 640×480 whose tables have this form; its bytes lie behind meta. */
function file(form: Form = {}): Bytes {
  const {
    pitm = 0,
    iinf = 0,
    infe = 2,
    iloc = 0,
    widths = [4, 4, 0, 0],
    ipma = 0,
    wide = false,
    id = 1,
  } = form;
  const { length = 100, reference = 0, method = 0, data = 100 } = form;
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = widths;
  const meta = (at: number): Bytes => {
    const base = baseBytes ? 8 : 0;
    const entry = join(
      n(id, iloc > 1 ? 4 : 2),
      iloc > 0 ? u16(method) : join(),
      u16(reference),
      n(base, baseBytes),
      u16(1),
      iloc > 0 ? n(1, indexBytes) : join(),
      n(at - base, offsetBytes),
      n(length, lengthBytes),
    );
    const sizes = u8((offsetBytes << 4) | lengthBytes, (baseBytes << 4) | (iloc > 0 ? indexBytes : 0));
    const parts = [
      hdlr,
      full("pitm", pitm, 0, n(id, pitm ? 4 : 2)),
      full(
        "iinf",
        iinf,
        0,
        n(1, iinf ? 4 : 2),
        full("infe", infe, 0, n(id, infe > 2 ? 4 : 2), u16(0), "hvc1", u8(0)),
      ),
      full("iloc", iloc, 0, sizes, n(1, iloc > 1 ? 4 : 2), entry),
      box(
        "iprp",
        box("ipco", hvcLike, ispe(640, 480)),
        full(
          "ipma",
          ipma,
          wide ? 1 : 0,
          u32(1),
          n(id, ipma ? 4 : 2),
          u8(2),
          ...(wide ? [u16(0x8001, 2)] : [u8(0x81, 2)]),
        ),
      ),
    ];
    return form.plain ? box("meta", ...parts) : full("meta", 0, 0, ...parts);
  };
  const at = ftyp().length + meta(0).length + 8;
  return join(ftyp(), meta(at), box("mdat", new Uint8Array(data)));
}
const told = async (bytes: Bytes): Promise<unknown[]> => {
  const evidence = await read(bytes);
  return [
    ...shown(evidence),
    evidence.damage.map((d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} by ${d.missing}`).join(),
  ];
};
const sound = [640, 480, 0, ""];

describe("item tables", () => {
  test.each([
    ["the plainest", {}],
    ["ids of 32 bits in pitm", { pitm: 1 }],
    ["a count of 32 bits in iinf", { iinf: 1 }],
    ["ids of 32 bits in infe", { infe: 3 }],
    ["iloc with a method", { iloc: 1 }],
    ["iloc with ids of 32 bits", { iloc: 2 }],
    ["offsets of 64 bits", { widths: [8, 4, 0, 0] }],
    ["lengths of 64 bits", { widths: [4, 8, 0, 0] }],
    ["a base", { widths: [4, 4, 4, 0] }],
    ["a base of 64 bits", { widths: [4, 4, 8, 0] }],
    ["an index", { iloc: 1, widths: [4, 4, 0, 4] }],
    ["an index of 64 bits", { iloc: 2, widths: [8, 8, 8, 8] }],
    ["lengths that are implied", { widths: [4, 0, 0, 0] }],
    ["ids of 32 bits in ipma", { ipma: 1 }],
    ["indices of 15 bits", { wide: true }],
    ["both", { ipma: 1, wide: true }],
    ["a QuickTime meta", { plain: true }],
    ["an id that takes 32 bits", { id: 70_000, pitm: 1, infe: 3, iloc: 2, ipma: 1 }],
  ] as [string, Form][])("%s", async (_, form) => {
    expect(await told(file(form))).toEqual(sound);
    // The picture's bytes are found in it, too: all but one are not enough.
    const short = file({ ...form, data: 99 });
    const lengthless = form.widths?.[1] === 0;
    expect((await told(short))[3]).toBe(
      lengthless ? "" : "cut-short item 1 by 1".replace("1 by", `${form.id ?? 1} by`),
    );
  });
  test.each([
    ["widths that there are not", { widths: [2, 4, 0, 0] }],
    ["widths of three bytes", { widths: [4, 3, 0, 0] }],
  ] as [string, Form][])("iloc of %s is not read", async (_, form) =>
    expect((await told(file(form)))[3]).toBe("no-media-data item 1 by null"),
  );
  test("bytes in another file, or made of another item, are not looked for here", async () => {
    for (const form of [{ reference: 1 }, { iloc: 1, method: 2 }] as Form[]) {
      const evidence = await read(file({ ...form, length: 9999 }));
      expect(evidence.damage).toEqual([]);
      expect(evidence.odd).toContain("unusual-structure");
    }
    expect((await told(file({ length: 9999 })))[3]).toMatch(/^cut-short item 1 by 9899$/);
  });
  test("cut at any byte, its tables never pass for sound", async () => {
    for (const form of [
      {},
      { pitm: 1, iinf: 1, infe: 3, iloc: 2, ipma: 1, wide: true, widths: [8, 8, 8, 8] },
    ] as Form[]) {
      const whole = file(form);
      for (let length = 24; length < whole.length; length++) {
        const { damage, unread } = await read(whole.slice(0, length));
        expect([length, damage.length + unread.length > 0]).toEqual([length, true]);
      }
    }
  });
});

describe("image sequences", () => {
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
  }
  const track = (made: Track = {}): Bytes => {
    const {
      handler = "pict",
      matrix: [a, b] = [one, 0],
      version = 0,
      width = 640,
      height = 480,
      samples = 7,
    } = made;
    const entry = box(
      made.codec ?? "hvc1",
      u32(0),
      u16(0, 1),
      u32(0, 0, 0, 0),
      u16(width, height),
      new Uint8Array(50),
      made.crop ?? join(),
    );
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
      full("stsd", 0, 0, u32(1), entry),
      full(made.sizes ?? "stsz", 0, 0, u32(100, samples)),
    );
    const data = full("hdlr", 0, 0, u32(0), "alis", u32(0, 0, 0), u8(0));
    return box(
      "trak",
      tkhd,
      box("mdia", full("hdlr", 0, 0, u32(0), handler, u32(0, 0, 0), u8(0)), box("minf", data, stbl)),
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
  ] as [string, [number, number], unknown[]][])(
    "lie %s, in headers of either version",
    async (_, matrix, expected) => {
      for (const version of [0, 1] as const)
        expect(await sequence(track({ matrix, version }))).toEqual(expected);
    },
  );
  test("are cropped, then turned", async () => {
    expect(await sequence(track({ crop: clap(600, 400) }))).toEqual([600, 400, 0, 7]);
    expect(await sequence(track({ crop: clap(600, 400), matrix: [0, one] }))).toEqual([400, 600, 90, 7]);
    expect(await sequence(track({ crop: clap(0, 400) }))).toEqual([640, 480, 0, 7]);
    expect(await sequence(track({ crop: box("pasp", u32(1, 1)) }))).toEqual([640, 480, 0, 7]);
  });
  test("are those of the first track of pictures, else of video", async () => {
    const small = (handler: string): Bytes => track({ handler, width: 320, height: 240, samples: 3 });
    expect(await sequence(small("vide"), track())).toEqual([640, 480, 0, 7]);
    expect(await sequence(track(), small("vide"))).toEqual([640, 480, 0, 7]);
    expect(await sequence(track(), small("pict"))).toEqual([640, 480, 0, 7]);
    expect(await sequence(small("vide"))).toEqual([320, 240, 0, 3]);
    expect(await sequence(small("vide"), track({ handler: "vide" }))).toEqual([320, 240, 0, 3]);
    expect(await sequence(small("auxv"), track())).toEqual([640, 480, 0, 7]);
    expect(await sequence(track({ sizes: "stz2" }))).toEqual([640, 480, 0, 7]);
  });
  test("of no pictures, or of no size, say so", async () => {
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
