import { describe, expect, test } from "vitest";
import {
  type Bytes,
  box,
  full,
  grid,
  irot,
  ispe,
  join,
  u8,
  u16,
  u32,
} from "../../../fixtures/make/heif-build.ts";
import { read, shown } from "./heif-files.ts";

/* The tables of a HEIF's meta box in every width that they may have. */

/** A decoder configuration with one empty sequence parameter set. */
const hvcLike = box("hvcC", u8(1), new Uint8Array(21), u8(1, 33, 0, 1, 0, 0));
/** So many bytes that begin with a NAL unit of two. */
const begun = (length: number): Bytes => {
  const bytes = new Uint8Array(length);
  bytes.set([2, 0x28, 1].slice(0, length));
  return bytes;
};
const ftyp = (brand = "heic"): Bytes => box("ftyp", brand, u32(0), "mif1");
const hdlr = full("hdlr", 0, 0, u32(0), "pict", u32(0, 0, 0), u8(0));

interface Form {
  pitm?: 0 | 1;
  iinf?: 0 | 1;
  infe?: 1 | 2 | 3;
  /** What an entry of iinf is called. */
  entry?: string;
  iloc?: 0 | 1 | 2 | 3;
  /** Bytes of offset, length, base and index. */
  widths?: [number, number, number, number];
  ipma?: 0 | 1;
  wide?: boolean;
  plain?: boolean;
  id?: number;
  /** Of the picture's bytes, as stated. */
  length?: number;
  reference?: number;
  method?: number;
  /** Bytes of it that are there. */
  data?: number;
  /** Extents that its place states; one is there. */
  extents?: number;
  /** The four bits of iloc that older ones leave unused. */
  unused?: number;
  /** Boxes in iprp besides ipco and ipma. */
  more?: Bytes;
}
const n = (value: number, bytes: number): Bytes =>
  bytes === 0
    ? join()
    : bytes === 2
      ? u16(value)
      : bytes === 4
        ? u32(value)
        : u32(Math.floor(value / 2 ** 32), value % 2 ** 32);

/** A file of one picture of 640×480 whose tables have this form; its bytes are after meta. */
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
    const base = baseBytes === 0 ? 0 : offsetBytes === 0 ? at : 8;
    const entry = join(
      n(id, iloc > 1 ? 4 : 2),
      iloc > 0 ? u16(method) : join(),
      u16(reference),
      n(base, baseBytes),
      u16(form.extents ?? 1),
      iloc > 0 ? n(1, indexBytes) : join(),
      n(at - base, offsetBytes),
      n(length, lengthBytes),
    );
    const sizes = u8(
      (offsetBytes << 4) | lengthBytes,
      (baseBytes << 4) | (iloc > 0 ? indexBytes : (form.unused ?? 0)),
    );
    const parts = [
      hdlr,
      full("pitm", pitm, 0, n(id, pitm ? 4 : 2)),
      full(
        "iinf",
        iinf,
        0,
        n(1, iinf ? 4 : 2),
        full(form.entry ?? "infe", infe, 0, n(id, infe > 2 ? 4 : 2), u16(0), "hvc1", u8(0)),
      ),
      full("iloc", iloc, 0, sizes, n(1, iloc > 1 ? 4 : 2), entry),
      box(
        "iprp",
        box("ipco", hvcLike, ispe(640, 480), irot(1)),
        form.more ?? join(),
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
  return join(ftyp(), meta(at), box("mdat", begun(data)));
}
const summary = async (bytes: Bytes): Promise<unknown[]> => {
  const evidence = await read(bytes);
  return [
    ...shown(evidence),
    evidence.damage.map((d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part} by ${d.missing}`).join(),
  ];
};
const intact = [640, 480, 0, ""];

describe("HEIF item tables", () => {
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
    ["offsets that are implied", { widths: [0, 4, 4, 0] }],
    ["bits that are unused", { unused: 4 }],
    ["ids of 32 bits in ipma", { ipma: 1 }],
    ["indices of 15 bits", { wide: true }],
    ["both", { ipma: 1, wide: true }],
    ["a QuickTime meta", { plain: true }],
    ["an id that takes 32 bits", { id: 70_000, pitm: 1, infe: 3, iloc: 2, ipma: 1 }],
  ] as [string, Form][])("%s", async (_, form) => {
    expect(await summary(file(form))).toEqual(intact);
    // The picture's bytes are found in it, too: all but one are not enough.
    const short = file({ ...form, data: 99 });
    const lengthless = form.widths?.[1] === 0;
    expect((await summary(short))[3]).toBe(
      lengthless ? "" : "cut-short item 1 by 1".replace("1 by", `${form.id ?? 1} by`),
    );
  });
  test.each([
    ["widths that there are not", { widths: [2, 4, 0, 0] }],
    ["widths of three bytes", { widths: [4, 3, 0, 0] }],
  ] as [string, Form][])("iloc of %s is not read", async (_, form) =>
    expect((await summary(file(form)))[3]).toBe("no-media-data item 1 by null"),
  );
  test("an extent with only a base offset extends to the end of the file", async () => {
    const implied: Form = { widths: [0, 0, 4, 0] };
    expect(await summary(file(implied))).toEqual(intact);
    expect((await summary(file({ ...implied, data: 0 })))[3]).toBe("cut-short item 1 by 1");
    // However often it is stated, but for never.
    expect(await summary(file({ ...implied, extents: 65_535 }))).toEqual(intact);
    expect((await summary(file({ ...implied, extents: 0 })))[3]).toBe("no-media-data item 1 by null");
  });
  test.each([
    ["entries of an unknown version", { iloc: 3 }, "no-media-data item 1 by null"],
    ["names instead of types", { infe: 1 }, "no-picture primary item by null"],
    ["other boxes among its entries", { entry: "infx" }, "no-picture primary item by null"],
  ] as [string, Form, string][])("a file does not pass with %s", async (_, form, expected) =>
    expect((await summary(file(form)))[3]).toBe(expected),
  );
  test("other boxes inside iprp do not associate properties", async () => {
    const turn = (type: string): Bytes => full(type, 0, 0, u32(1), u16(1), u8(1), u8(0x83));
    expect(await summary(file({ more: turn("ipmx") }))).toEqual(intact);
    expect(await summary(file({ more: turn("ipma") }))).toEqual([480, 640, 270, ""]);
  });
  test("bytes in another file, or made of another item, are not searched for in this file", async () => {
    for (const form of [{ reference: 1 }, { iloc: 1, method: 2 }] as Form[]) {
      const evidence = await read(file({ ...form, length: 9999 }));
      expect(evidence.damage).toEqual([]);
      expect(evidence.unusual).toContain("unusual-structure");
    }
    expect((await summary(file({ length: 9999 })))[3]).toMatch(/^cut-short item 1 by 9899$/);
  });
  test("truncated at any byte, the tables are never reported as intact", async () => {
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

describe("HEIF tables of more than one item", () => {
  interface Two {
    iref?: 0 | 1;
    /** How a reference from the grid to its two tiles is called. */
    called?: string;
    /** Tiles as stated. */
    references?: number;
    /** Entries of iloc and of ipma, as stated. */
    entries?: number;
    /** Bytes of the second tile that are there. */
    data?: number;
  }
  /** A grid of two tiles, items 1 and 2, as item 3: its header is after meta, then 100 bytes of each tile. */
  const file = ({ iref = 0, called = "dimg", references = 2, entries = 3, data = 100 }: Two): Bytes => {
    const id = (value: number): Bytes => (iref ? u32(value) : u16(value));
    const meta = (at: number): Bytes => {
      const places = [
        [1, 8, 100],
        [2, 108, 100],
        [3, 0, 8],
      ].map(([item = 0, from = 0, length = 0]) => join(u16(item, 0, 1), u32(at + from, length)));
      return full(
        "meta",
        0,
        0,
        hdlr,
        full("pitm", 0, 0, u16(3)),
        full("iloc", 0, 0, u8(0x44, 0), u16(entries), ...places),
        full(
          "iinf",
          0,
          0,
          u16(3),
          ...["hvc1", "hvc1", "grid"].map((type, i) => full("infe", 2, 0, u16(i + 1, 0), type, u8(0))),
        ),
        full("iref", iref, 0, box(called, id(3), u16(references), id(1), id(2))),
        box(
          "iprp",
          box("ipco", hvcLike, ispe(640, 480)),
          full("ipma", 0, 0, u32(entries), ...[1, 2, 3].map((item) => join(u16(item), u8(2, 1, 2)))),
        ),
      );
    };
    const at = ftyp().length + meta(0).length + 8;
    return join(ftyp(), meta(at), u32(0), "mdat", grid(1, 2, 640, 480), begun(100), begun(data));
  };
  test.each<[string, Two, string]>([
    ["whole", {}, ""],
    ["whole, of wide references", { iref: 1 }, ""],
    ["the second tile cut", { data: 99 }, "cut-short item 2 by 1"],
    ["the same, of wide references", { iref: 1, data: 99 }, "cut-short item 2 by 1"],
    ["more tiles than are listed", { references: 9 }, ""],
    ["fewer", { references: 1 }, "malformed grid by null"],
    ["tiles that are thumbnails", { called: "thmb" }, "malformed grid by null,no-media-data item 3 by null"],
  ])("%s", async (_, two, expected) => expect((await summary(file(two)))[3]).toBe(expected));
  test("end at their stated length", async () =>
    // The grid's entries are after the last that counts.
    expect(await summary(file({ entries: 2 }))).toEqual([null, null, null, expect.stringMatching(/item 3/)]));
});
