import { describe, expect, test } from "vitest";
import {
  type Bytes,
  box,
  clap,
  grid,
  heifFile,
  type Item,
  irot,
  ispe,
  type Layout,
  overlay,
  u8,
  u32,
} from "../../../fixtures/make/heif-build.ts";
import { data, hvcC, picture, read, readLayout, shown } from "./heif-files.ts";

/* Pictures that are made of others: what they are, how large, and whether what they are made of is there. */

const summary = async (bytes: Bytes): Promise<string[]> => {
  const { damage } = await read(bytes);
  return damage.map(
    (d) => `${d.certain ? "" : "perhaps "}${d.code} ${d.part}${d.missing ? ` by ${d.missing}` : ""}`,
  );
};
const summaryOf = (layout: Layout): Promise<string[]> => summary(heifFile(layout));
/** Item 2, made of others. */
const made = (type: string, more: Partial<Item> = {}): Item => ({
  id: 2,
  type,
  properties: [ispe(640, 480)],
  sources: [1],
  ...more,
});
const gridOf = (more: Partial<Item> = {}): Item => made("grid", { data: grid(1, 1, 640, 480), ...more });
const of = (item: Item, ...others: Item[]): Layout => ({ items: [picture(), item, ...others], primary: 2 });

/** Bytes written over, so far after the four letters of a box's type. */
function changed(bytes: Bytes, type: string, after: number, ...values: number[]): Bytes {
  const at = Buffer.from(bytes).indexOf(type, 0, "latin1") + 4 + after;
  bytes.set(values, at);
  return bytes;
}
/** In heifFile's iloc: the offset of the entries, and their length if no data is in idat. */
const [placesAt, placeBytes] = [8, 18];
/** Ends with an open-ended mdat, so that only the items show what is missing. */
const openEnded = (layout: Layout, lacking: number): Bytes => {
  const bytes = heifFile(layout);
  return changed(bytes, "mdat", -8, ...u32(0)).slice(0, bytes.length - lacking);
};

describe("the format of a HEIF", () => {
  const chain = (length: number, type: string): Layout => ({
    items: [
      { ...picture(), type },
      ...Array.from({ length }, (_, i) => made("iden", { id: i + 2, sources: [i + 1] })),
    ],
    brands: ["mif1", "miaf"],
    primary: length + 1,
  });
  test("follows the coded item up to four derivations deep", async () => {
    for (const length of [1, 4]) expect((await readLayout(chain(length, "av01"))).format).toBe("avif");
    expect((await readLayout(chain(5, "av01"))).format).toBe("heif");
  });
  test("is not reported as intact if the coded item is deeper", async () => {
    expect(await summary(openEnded(chain(4, "hvc1"), 7))).toEqual(["cut-short item 1 by 7"]);
    expect(await summary(openEnded(chain(4, "hvc1"), 0))).toEqual([]);
    expect(await summary(openEnded(chain(5, "hvc1"), 0))).toEqual(["perhaps malformed item 2"]);
  });
  test("follows the brand if an item is derived from itself or from nothing", async () => {
    const brands = ["mif1", "avif"];
    expect((await readLayout({ ...of(gridOf({ sources: [2] })), brands })).format).toBe("heif");
    expect((await readLayout({ ...of(gridOf({ sources: [9] })), brands })).format).toBe("avif");
  });
  test("of many items derived from each other costs one visit per item", async () => {
    const sources = Array.from({ length: 60 }, (_, i) => 2 + i);
    const items = sources.map((id) => gridOf({ id, sources }));
    const { budget } = await readLayout({ items: [picture(), ...items], primary: 2 });
    expect(budget.spent.entries).toBeLessThan(20_000);
  });
});

describe("the size of a HEIF", () => {
  const sizes = async (layout: Layout): Promise<string[]> =>
    (await readLayout(layout)).sizes.map((s) => `${s.width}×${s.height} ${s.from}`);
  test.each<[string, Item, string[]]>([
    [
      "a width that its header has otherwise",
      gridOf({ data: grid(1, 1, 600, 480) }),
      ["640×480 display", "600×480 header"],
    ],
    ["a height", gridOf({ data: grid(1, 1, 640, 500) }), ["640×480 display", "640×500 header"]],
    [
      "both, turned by half",
      gridOf({ data: grid(1, 1, 600, 500), properties: [ispe(640, 480), irot(2)] }),
      ["640×480 display", "600×500 header"],
    ],
    ["an identity, that of what it shows", made("iden", { properties: [irot(1)] }), ["480×640 display"]],
    ["an identity of nothing, none", made("iden", { properties: [irot(1)], sources: [] }), []],
    [
      "an overlay, its canvas",
      made("iovl", { data: overlay(900, 800, [0, 0]), properties: [] }),
      ["900×800 display"],
    ],
    ["a picture of another kind, none", made("tmap", { data: grid(1, 1, 9, 9), properties: [] }), []],
  ])("%s", async (_, item, expected) => expect(await sizes(of(item))).toEqual(expected));
  test.each<[string, Bytes[]]>([
    ["no height", [hvcC, ispe(640, 0)]],
    ["a header of no size", [hvcC, box("ispe", u32(0, 640))]],
    ["a turn and a crop of nothing", [hvcC, irot(1), clap(100, 100)]],
  ])("is unknown of %s", async (_, properties) => {
    const evidence = await readLayout({ items: [{ ...picture(), properties }] });
    expect([evidence.sizes, evidence.unread.map((u) => u.fact)]).toEqual([[], ["width", "height"]]);
  });
  test("is not cropped to a height of zero", async () => {
    const evidence = await readLayout({ items: [picture(1, clap(640, 0))] });
    expect(shown(evidence)).toEqual([640, 480, 0]);
    expect(evidence.damage).toMatchObject([{ code: "malformed", part: "clap", certain: false }]);
  });
  test("is not changed by a missing property", async () => {
    // Index 0 means none; nine is one too many.
    for (const index of [0, 9]) {
      const bytes = changed(heifFile({ items: [picture()] }), "ipma", 8 + 3, index);
      expect([...shown(await read(bytes)), await summary(bytes)]).toEqual([640, 480, 0, ["malformed hvcC"]]);
    }
  });
});

describe("the items that a HEIF is derived from", () => {
  test.each<[string, Layout, string[]]>([
    ["one tile", of(gridOf()), []],
    [
      "of another coding, which takes no configuration",
      { items: [{ id: 1, type: "av01", data, properties: [ispe(640, 480)] }] },
      [],
    ],
    ["fewer tiles than it has places", of(gridOf({ data: grid(1, 2, 640, 480) })), ["malformed grid"]],
    ["as many", of(gridOf({ data: grid(1, 2, 640, 480), sources: [1, 3] }), picture(3)), []],
    ["no tiles", of(gridOf({ sources: [] })), ["malformed grid", "no-media-data item 2"]],
    ["an identity of nothing", of(made("iden", { sources: [] })), ["no-media-data item 2"]],
    ["one layer for an overlay", of(made("iovl", { data: overlay(640, 480, [0, 0]) })), []],
    ["no header", of(gridOf({ place: "none" })), ["no-media-data item 2", "malformed grid"]],
    [
      "no header and no tiles",
      of(gridOf({ place: "none", sources: [] })),
      ["no-media-data item 2", "malformed grid"],
    ],
    [
      "a tile that there is not",
      of(gridOf({ data: grid(1, 2, 640, 480), sources: [1, 9] })),
      ["no-media-data item 9"],
    ],
    [
      "two tiles without bytes",
      of(gridOf({ data: grid(1, 2, 640, 480), sources: [1, 3] }), { ...picture(3), place: "none" }),
      ["no-media-data item 3"],
    ],
    [
      "a second tile that cannot be decoded",
      of(gridOf({ data: grid(1, 2, 640, 480), sources: [1, 3] }), {
        ...picture(3),
        properties: [ispe(640, 480)],
      }),
      ["malformed hvcC"],
    ],
  ])("%s", async (_, layout, expected) => expect(await summaryOf(layout)).toEqual(expected));
  test("two tiles without bytes are two damages", async () => {
    const none: Partial<Item> = { place: "none" };
    const items = [{ ...picture(), ...none }, gridOf({ data: grid(1, 2, 640, 480), sources: [1, 3] })];
    expect(await summaryOf({ items: [...items, { ...picture(3), ...none }], primary: 2 })).toEqual([
      "no-media-data item 1",
      "no-media-data item 3",
    ]);
  });
  test("are in the file, whatever the order of its tiles", async () => {
    const tiles = (...sources: number[]): Layout =>
      of(gridOf({ data: grid(1, 2, 640, 480), sources, place: "idat" }), picture(3));
    for (const sources of [
      [1, 3],
      [3, 1],
    ]) {
      expect(await summary(openEnded(tiles(...sources), 0))).toEqual([]);
      expect(await summary(openEnded(tiles(...sources), 7))).toEqual(["cut-short item 3 by 7"]);
      expect(await summary(openEnded(tiles(...sources), data.length + 7))).toEqual([
        `cut-short item 3 by ${data.length + 7}`,
      ]);
    }
  });
  test("are in the file to the last of their extents", async () => {
    const pieces: Layout = { items: [picture()], extents: 3 };
    expect(await summary(openEnded(pieces, 0))).toEqual([]);
    expect(await summary(openEnded(pieces, 1))).toEqual(["cut-short item 1 by 1"]);
    const many: Layout = { items: [{ ...picture(), data: new Uint8Array(5000) }], extents: 5000 };
    expect(await summary(openEnded(many, 1))).toEqual(["cut-short item 1 by 1"]);
  });
  test("are inside idat if iloc says so", async () => {
    const layout = of(gridOf({ place: "idat" }));
    const [methodAt, entry] = [8, 20];
    const lengthAt = methodAt + entry + 16;
    expect(await summaryOf(layout)).toEqual([]);
    expect(await summary(changed(heifFile(layout), "iloc", lengthAt, ...u32(9)))).toEqual([
      "cut-short item 2 by 1",
    ]);
    // No idat at all.
    const lost = changed(heifFile(layout), "idat", -4, ...Buffer.from("free"));
    expect(await summary(lost)).toEqual(["cut-short item 2 by 8"]);
  });
  test("that are missing are reported together with other damage and truncated padding", async () => {
    const bare: Layout = { items: [{ ...picture(), properties: [ispe(640, 480)] }] };
    expect(await summary(openEnded(bare, 7))).toEqual(["malformed hvcC", "cut-short item 1 by 7"]);
    const long = changed(heifFile({ items: [picture()] }), "iloc", placesAt + 14, ...u32(99_999));
    const padded = Uint8Array.from([...long, ...box("free", new Uint8Array(100)).slice(0, 60)]);
    expect(await summary(padded)).toEqual([
      "perhaps cut-short free by 48",
      expect.stringMatching(/^cut-short item 1 by \d+$/),
    ]);
  });
});

describe("the header of a HEIF grid", () => {
  const header = placesAt + placeBytes;
  test("in another file is not read", async () => {
    const bytes = changed(heifFile(of(gridOf({ data: grid(9, 9, 5, 5) }))), "iloc", header + 2, 0, 1);
    const evidence = await read(bytes);
    expect([await summary(bytes), shown(evidence)]).toEqual([[], [640, 480, 0]]);
  });
  test("may extend to the end of idat or of the file, and be the second item in idat", async () => {
    expect(await summary(changed(heifFile(of(gridOf())), "iloc", header + 14, ...u32(0)))).toEqual([]);
    const second = { ...gridOf({ id: 3, place: "idat" }), data: grid(1, 1, 100, 200), properties: [] };
    const layout = { ...of(gridOf({ place: "idat" }), second), primary: 3 };
    expect(shown(await readLayout(layout))).toEqual([100, 200, 0]);
  });
  test("with too few bytes is ignored", async () => {
    const stated = (length: number): Bytes =>
      changed(heifFile(of(gridOf())), "iloc", header + 14, ...u32(length));
    expect(await summary(stated(8))).toEqual([]);
    expect(await summary(stated(7))).toEqual(["malformed grid"]);
    const empty = changed(heifFile(of(gridOf())), "iloc", header + 8, 0, 0);
    expect(await summary(empty)).toEqual(["no-media-data item 2", "malformed grid"]);
  });
  test("truncated at any byte is reported as missing", async () => {
    const layout = of(gridOf({ data: grid(1, 1, 70_000, 480) }));
    expect(await summary(openEnded(layout, 0))).toEqual([]);
    for (let lacking = 1; lacking <= 12; lacking++)
      expect(await summary(openEnded(layout, lacking))).toContain(`cut-short item 2 by ${lacking}`);
  });
});

test("without a picture, as many brands as allowed are examined", async () => {
  const of = async (minor: string, ...brands: string[]): Promise<string | null> => {
    const [major = "", ...compatible] = brands;
    return (await read(box("ftyp", major, minor, ...compatible))).format;
  };
  const none = "\0\0\0\0";
  expect(await of(none, "avif", "mif1")).toBe("avif");
  expect(await of(none, "avis", "msf1")).toBe("avif");
  expect(await of(none, "mif1", "avif")).toBe("avif");
  expect(await of(none, "avif", "heic")).toBe("avif");
  expect(await of(none, "mif1", "avif", "heic")).toBe("heif");
  expect(await of(none, "mif1", "miaf")).toBe("heif");
  expect(await of(none, "heic", "avif")).toBe("heic");
  // A version is no brand, nothing is none, and other boxes have none.
  expect(await of("avif", "mif1", "miaf")).toBe("heif");
  expect(await of(none, none, "heic")).toBe("heic");
  const other = heifFile({ brands: ["mif1", "miaf"], items: [picture()], primary: null });
  expect((await read(Uint8Array.from([...other, ...box("skip", "avif", u8(0, 0, 0, 0))]))).format).toBe(
    "heif",
  );
  // What is coded outweighs them.
  expect((await readLayout({ brands: ["mif1", "avif"], items: [picture()] })).format).toBe("heif");
});

describe("HEIF structures that every decoder refuses", () => {
  const bytes = heifFile({ items: [picture()] });
  /** The file with a box's stated size changed by so much. */
  const resized = (type: string, by: number): Bytes => {
    const copy = bytes.slice();
    const at = Buffer.from(copy).indexOf(type, 0, "latin1") - 4;
    const view = new DataView(copy.buffer);
    view.setUint32(at, view.getUint32(at) + by);
    return copy;
  };
  test.each(["ispe", "hvcC", "ipma", "ipco", "iprp"])("a %s box of another size", async (type) => {
    for (const by of [1, 4, 1000, -1, -4]) {
      const { damage } = await read(resized(type, by));
      expect([by, damage.map((d) => d.code)]).toEqual([by, expect.arrayContaining(["malformed"])]);
    }
  });
  test("an item count larger than the items, another handler, truncated pixel depths", async () => {
    expect(await summary(changed(bytes.slice(), "iinf", 4, 0x7f))).toEqual(["perhaps malformed iinf"]);
    expect(await summary(changed(bytes.slice(), "pict", -4, ...Buffer.from("vide")))).toEqual([
      "perhaps malformed hdlr",
    ]);
    const short = { ...picture(), properties: [hvcC, ispe(640, 480), box("pixi", u32(0), u8(3, 8))] };
    expect(await summaryOf({ items: [short] })).toEqual(["perhaps malformed pixi"]);
  });
  test("data that begin without a NAL unit, or with one longer than the data", async () => {
    const text = Uint8Array.from(Buffer.from("Not Found: the requested picture is not here"));
    const of = (bytes: Bytes): Promise<string[]> => summaryOf({ items: [{ ...picture(), data: bytes }] });
    expect(await of(text)).toEqual(["malformed item 1"]);
    expect(await of(new Uint8Array(200))).toEqual(["malformed item 1"]);
    expect(await of(data)).toEqual([]);
    const longer = data.slice();
    new DataView(longer.buffer).setUint32(0, longer.length - 3);
    expect(await of(longer)).toEqual(["malformed item 1"]);
    const type = data.slice();
    type[4] = 50 << 1;
    expect(await of(type)).toEqual(["malformed item 1"]);
  });
  test("a missing parameter set", async () => {
    const empty = hvcC.slice();
    empty[8 + 22] = 0;
    const item = { ...picture(), properties: [empty, ispe(640, 480)] };
    expect(await summaryOf({ items: [item] })).toEqual(["perhaps malformed hvcC"]);
  });
  test("the location of an identity item is ignored", async () => {
    const item = made("iden", { data: new Uint8Array(0), properties: [irot(1)] });
    expect(await summaryOf(of(item))).toEqual(["perhaps malformed ispe"]);
  });
  test("a protected picture is encrypted", async () => {
    const copy = bytes.slice();
    expect((await read(copy)).facts.encrypted).toBe(false);
    const evidence = await read(changed(copy, "infe", 7, 1));
    expect(evidence.facts.encrypted).toBe(true);
    expect(evidence.unread).toEqual([{ fact: "encrypted", why: { code: "encrypted" } }]);
  });
});
