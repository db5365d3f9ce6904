import { describe, expect, test } from "vitest";
import { join, toldOf, u16, u32, zeros } from "./pictures.ts";

/* TIFF and BigTIFF laid out by hand: TIFF 6.0. */

interface Tag {
  tag: number;
  type?: number;
  values: number[];
  /** As stated, where it lies. */
  count?: number;
}
interface Page {
  tags: Tag[];
  /** Where the next one is said to be; default: where it is. */
  next?: number;
  /** Directories below it. */
  below?: Tag[][];
}
interface Form {
  big?: boolean;
  wide?: boolean;
}
const bytesOfType: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

/** Pixel data, then the directories, one after the other. */
function tiff(pages: Page[], pixels = zeros(1200), { big = false, wide = false }: Form = {}): Uint8Array {
  const order = big ? "MM" : "II";
  const wordBytes = wide ? 8 : 4;
  const word = (value: number): number[] =>
    wide ? (big ? [...u32(0, true), ...u32(value, true)] : [...u32(value), ...u32(0)]) : u32(value, big);
  const number = (value: number, bytes: number): number[] =>
    bytes === 1 ? [value] : bytes === 2 ? u16(value, big) : bytes === 4 ? u32(value, big) : word(value);
  const headBytes = wide ? 16 : 8;
  const countBytes = wide ? 8 : 2;
  const entryBytes = wide ? 20 : 12;
  let at = headBytes + pixels.length;
  const parts: Uint8Array[] = [];
  const directory = (tags: Tag[], next: number | null): void => {
    const own = countBytes + tags.length * entryBytes + wordBytes;
    let values = at + own;
    const behind: number[][] = [];
    const entries = tags.map(({ tag, type = 3, values: list, count = list.length }) => {
      const each = bytesOfType[type] ?? 1;
      const body = list.flatMap((value) => number(value, each));
      const fits = body.length <= wordBytes;
      const field = fits ? [...body, ...zeros(wordBytes - body.length)] : word(values);
      if (!fits) {
        behind.push(body);
        values += body.length;
      }
      return [...u16(tag, big), ...u16(type, big), ...word(count), ...field];
    });
    const end = values;
    const count = wide ? word(tags.length) : u16(tags.length, big);
    parts.push(join(count, ...entries, word(next ?? (next === null ? end : 0)), ...behind));
    at = end;
  };
  let first: number | null = null;
  for (const [i, { tags, next, below = [] }] of pages.entries()) {
    const offsets: number[] = [];
    for (const one of below) {
      offsets.push(at);
      directory(one, 0);
    }
    first ??= at;
    const all = below.length > 0 ? [...tags, { tag: 330, type: 4, values: offsets }] : tags;
    directory(all, next ?? (i === pages.length - 1 ? 0 : null));
  }
  const start = first ?? 0;
  const head = wide
    ? join(order, u16(43, big), u16(8, big), u16(0, big), word(start))
    : join(order, u16(42, big), word(start));
  return join(head, pixels, ...parts);
}

/** A page of 30×40 gray bytes in one strip that lies first in the file. */
function tags(more: Record<number, Tag | null> = {}, start = 8): Tag[] {
  const all: Record<number, Tag | null> = {
    256: { tag: 256, values: [30] },
    257: { tag: 257, values: [40] },
    258: { tag: 258, values: [8] },
    259: { tag: 259, values: [1] },
    262: { tag: 262, values: [1] },
    273: { tag: 273, type: 4, values: [start] },
    278: { tag: 278, values: [40] },
    279: { tag: 279, type: 4, values: [1200] },
    ...more,
  };
  return Object.values(all).filter((tag) => tag !== null);
}
const page = (more: Record<number, Tag | null> = {}): Page => ({ tags: tags(more) });
const one = (tag: number, ...values: number[]): Record<number, Tag> => ({ [tag]: { tag, values } });
const long = (tag: number, ...values: number[]): Record<number, Tag> => ({ [tag]: { tag, type: 4, values } });

describe("a TIFF", () => {
  test.each([
    ["II", {}],
    ["MM", { big: true }],
  ] as [string, Form][])("of order %s, plain and big", async (_, form) => {
    expect(await toldOf(tiff([page()], zeros(1200), form))).toBe("tiff 30×40");
    const wide = { tags: tags({}, 16) };
    expect(await toldOf(tiff([wide], zeros(1200), { ...form, wide: true }))).toBe("tiff 30×40");
    expect(await toldOf(tiff([wide, wide, wide], zeros(1200), { ...form, wide: true }))).toBe(
      "tiff 30×40 frames 3",
    );
  });
  test.each([
    [
      "a size in longer numbers",
      page({ ...long(256, 70_000), ...long(257, 1), ...long(278, 1), ...one(258, 1) }),
      "tiff 70000×1",
    ],
    ["a size in bytes", page({ 256: { tag: 256, type: 1, values: [30] } }), "tiff 30×40"],
    ["turned", page(one(274, 6)), "tiff 40×30 turned 90"],
    ["turned by what there is not", page(one(274, 9)), "tiff 30×40"],
    ["turned by nothing", page(one(274, 0)), "tiff 30×40"],
    ["no width", page({ 256: null }), "tiff  frames null; no-picture IFD at 1208"],
    ["no height", page({ 257: null }), "tiff  frames null; no-picture IFD at 1208"],
    [
      "a width in text",
      page({ 256: { tag: 256, type: 2, values: [30] } }),
      "tiff  frames null; no-picture IFD at 1208",
    ],
    [
      "a width of no values",
      page({ 256: { tag: 256, values: [30], count: 0 } }),
      "tiff  frames null; no-picture IFD at 1208",
    ],
    ["an entry that is listed twice", { tags: [...tags(), { tag: 256, values: [99] }] }, "tiff 30×40"],
  ] as [string, Page, string][])("%s", async (_, made, expected) =>
    expect(await toldOf(tiff([made]))).toBe(expected),
  );
  test.each([
    ["three", [page(), page(), page()], "tiff 30×40 frames 3"],
    [
      "a thumbnail first: the picture counts",
      [page({ ...long(254, 1), ...one(256, 3), ...one(257, 4), ...one(278, 4) }), page()],
      "tiff 30×40",
    ],
    ["a mask behind", [page(), page(long(254, 4))], "tiff 30×40"],
    ["a part of a document", [page(long(254, 2)), page(long(254, 2))], "tiff 30×40 frames 2"],
    ["a thumbnail alone", [page(long(254, 1))], "tiff 30×40"],
    ["one that leads back to itself", [{ ...page(), next: 1208 }], "tiff 30×40"],
    [
      "a link that leads nowhere, behind a whole page",
      [{ ...page(), next: 9999 }],
      "tiff 30×40; perhaps cut-short page 2 at 9999",
    ],
    ["one without a size between", [page(), page({ 256: null }), page()], "tiff 30×40 frames 2"],
  ] as [string, Page[], string][])("of pages: %s", async (_, pages, expected) =>
    expect(await toldOf(tiff(pages))).toBe(expected),
  );
  test("whose first link leads nowhere is cut", async () => {
    const bytes = tiff([page()]);
    expect(await toldOf(bytes.subarray(0, 1209))).toMatch(/^tiff {2}frames null; cut-short file at 1208/);
    expect(await toldOf(join(bytes.subarray(0, 4), u32(0), bytes.subarray(8)))).toMatch(
      /^tiff {2}frames null; no-picture IFD at 0/,
    );
  });
  test("ends at its entry count: a link that the file has no room for is none", async () => {
    const bytes = tiff([page()]);
    expect(await toldOf(bytes.subarray(0, -4))).toBe("tiff 30×40");
    expect(await toldOf(bytes.subarray(0, -1))).toBe("tiff 30×40");
    expect(await toldOf(bytes.subarray(0, -5))).toMatch(/cut-short file at 1210/);
  });
});

describe("a TIFF's strips", () => {
  const cut = (bytes: number, made: Page): Promise<string> => {
    const whole = tiff([made]);
    // Directories first, in effect: the strip lies behind them.
    return toldOf(whole.subarray(0, whole.length - bytes));
  };
  /** The page's pixels behind its directory. */
  const behind = (more: Record<number, Tag | null>, pixels: number, form: Form = {}): Promise<string> => {
    const start = tiff([page(more)], zeros(0), form).length;
    const laid = tags({ ...more, ...(more[273] === undefined ? long(273, start) : {}) });
    return toldOf(join(tiff([{ tags: laid }], zeros(0), form), zeros(pixels)));
  };
  test("lie in the file, to their last byte", async () => {
    expect(await cut(0, page())).toBe("tiff 30×40");
    expect(await behind({}, 1200)).toBe("tiff 30×40");
    expect(await behind({}, 1199)).toMatch(/; cut-short strip 0 at \d+ by 1$/);
    expect(await behind({}, 0)).toMatch(/; cut-short strip 0 at \d+ by 1200$/);
  });
  test("hold no more than their rows, uncompressed, whatever is stated", async () => {
    expect(await behind(long(279, 5000), 1200)).toBe("tiff 30×40");
    expect(await behind({ ...long(279, 5000), ...one(258, 4) }, 600)).toBe("tiff 30×40");
    expect(await behind({ ...long(279, 5000), ...one(258, 1) }, 160)).toBe("tiff 30×40");
    expect(await behind({ ...long(279, 5000), ...one(258, 1) }, 159)).toMatch(/by 1$/);
    expect(await behind({ ...long(279, 5000), ...one(277, 3) }, 3600)).toBe("tiff 30×40");
    expect(await behind({ ...long(279, 5000), ...one(277, 3) }, 3599)).toMatch(/by 1$/);
    // In planes of their own each strip holds one sample of a pixel.
    expect(await behind({ ...long(279, 5000), ...one(277, 3), ...one(284, 2) }, 1200)).toBe("tiff 30×40");
    expect(await behind({ ...long(279, 5000), ...one(259, 5) }, 1200)).toMatch(/by 3800$/);
  });
  test("of an unstated length are taken to be there, but for their first byte", async () => {
    expect(await behind({ 279: null }, 1200)).toBe("tiff 30×40");
    expect(await behind({ 279: null }, 1199)).toMatch(/by 1$/);
    expect(await behind({ 279: null, ...one(259, 5) }, 1)).toBe("tiff 30×40");
    expect(await behind({ 279: null, ...one(259, 5) }, 0)).toMatch(/by 1$/);
    expect(await behind(long(279, 0), 1)).toBe("tiff 30×40");
  });
  test("are as many as the height takes", async () => {
    const strips = (offsets: number[], counts: number[], rows: number) =>
      toldOf(tiff([page({ ...long(273, ...offsets), ...long(279, ...counts), ...one(278, rows) })]));
    expect(await strips([8, 608], [600, 600], 20)).toBe("tiff 30×40");
    expect(await strips([8, 608], [600, 600], 15)).toBe("tiff 30×40; perhaps malformed strip table at 1208");
    expect(await strips([8, 8, 8], [450, 450, 300], 15)).toBe("tiff 30×40");
    expect(await strips([8], [1200], 0)).toBe("tiff 30×40");
    expect(await strips([8], [1200], 9999)).toBe("tiff 30×40");
    expect(await strips([8, 9000], [600, 600], 20)).toMatch(/; cut-short strip 1 at 9000 by \d+$/);
    // The one that lacks most is told.
    expect(await strips([9000, 9900], [600, 600], 20)).toMatch(/; cut-short strip 1 at 9900/);
    expect(await strips([9900, 9000], [600, 600], 20)).toMatch(/; cut-short strip 0 at 9900/);
  });
  test("may be tiles, or one stream of old-style JPEG", async () => {
    const tiles = { 273: null, 279: null, ...long(324, 8, 308), ...long(325, 300, 300) };
    expect(await toldOf(tiff([page(tiles)]))).toBe("tiff 30×40");
    expect(await toldOf(tiff([page({ ...tiles, ...long(325, 300, 9000) })]))).toMatch(
      /; cut-short tile 1 at 308 by \d+$/,
    );
    const stream = { 273: null, 279: null, ...one(259, 6), ...long(513, 8), ...long(514, 100) };
    expect(await toldOf(tiff([page(stream)]))).toBe("tiff 30×40");
    expect(await toldOf(tiff([page({ ...stream, ...long(514, 9000) })]))).toMatch(
      /; cut-short strip 0 at 8 by \d+$/,
    );
  });
  test("that are nowhere are no picture data", async () => {
    expect(await toldOf(tiff([page({ 273: null, 279: null })]))).toBe(
      "tiff 30×40; no-media-data strip at 1208",
    );
    expect(await toldOf(tiff([page(long(273, 0))]))).toBe("tiff 30×40; no-media-data strip at 1208");
    expect(await toldOf(tiff([page({ 273: null, ...long(324, 0) })]))).toBe(
      "tiff 30×40; no-media-data tile at 1208",
    );
  });
  test("values of a tag that lie behind the end are suspect", async () => {
    const made = page({ 270: { tag: 270, type: 2, values: [65, 66, 67, 68, 69, 70, 71, 72] } });
    expect(await cut(0, made)).toBe("tiff 30×40");
    expect(await cut(3, made)).toBe("tiff 30×40; perhaps cut-short tag values at 1208 by 3");
  });
});

describe("a camera's raw file is no TIFF", () => {
  const make = (name: string): Record<number, Tag> => ({
    271: { tag: 271, type: 2, values: [...name].map((c) => c.charCodeAt(0)) },
  });
  const formatOf = async (...pages: Page[]): Promise<string> =>
    (await toldOf(tiff(pages))).split(" ")[0] ?? "";
  test.each([
    ["NIKON CORPORATION", "nef"],
    ["SONY", "arw"],
    ["Canon", "cr2"],
    ["PENTAX", "pef"],
    ["RICOH", "pef"],
    ["SAMSUNG", "srw"],
    ["OLYMPUS", "orf"],
    ["Panasonic", "rw2"],
    ["LEICA", "rw2"],
    ["Unheard Of", "raw"],
  ])("with a sensor's data, of %s: %s", async (name, format) => {
    expect(await formatOf(page({ ...make(name), ...one(262, 32803) }))).toBe(format);
    expect(await formatOf(page(make(name)))).toBe("tiff");
  });
  test("by what only cameras write", async () => {
    expect(await formatOf(page(one(262, 34892)))).toBe("raw");
    for (const compression of [32767, 32770, 34713, 65000, 65535])
      expect(await formatOf(page(one(259, compression)))).toBe("raw");
    expect(await formatOf(page(one(259, 32773)))).toBe("tiff");
    expect(await formatOf(page({ 50740: { tag: 50740, type: 1, values: [1, 2, 3, 4] } }))).toBe("raw");
    expect(await formatOf(page({ 34310: { tag: 34310, type: 1, values: [1, 2, 3, 4] } }))).toBe("raw");
    expect(await formatOf(page({ 50706: { tag: 50706, type: 1, values: [1, 4, 0, 0] } }))).toBe("dng");
  });
  test("by a directory below, or by a thumbnail over a picture, of a camera's maker", async () => {
    const sensor = tags(one(262, 32803));
    const picture = tags(long(254, 0));
    const small = tags(long(254, 1));
    expect(await formatOf({ ...page(make("SONY")), below: [sensor] })).toBe("arw");
    expect(await formatOf({ ...page(make("SONY")), below: [picture] })).toBe("tiff");
    expect(await formatOf({ ...page({ ...make("SONY"), ...long(254, 1) }), below: [picture] })).toBe("arw");
    expect(await formatOf({ ...page({ ...make("SONY"), ...long(254, 1) }), below: [small] })).toBe("tiff");
    expect(await formatOf({ ...page({ ...make("Unheard Of"), ...long(254, 1) }), below: [picture] })).toBe(
      "tiff",
    );
    expect(await formatOf(page({ ...make("SONY"), ...long(254, 1) }))).toBe("tiff");
  });
});
