import { describe, expect, test } from "vitest";
import { join, summaryOf, u32, zeros } from "./pictures.ts";
import { type Form, long, one, type Page, page, type Tag, tags, tiff } from "./tiff-build.ts";

/* Generated TIFF and BigTIFF: TIFF 6.0. */

describe("a TIFF", () => {
  test.each([
    ["II", {}],
    ["MM", { big: true }],
  ] as [string, Form][])("of byte order %s, classic and BigTIFF", async (_, form) => {
    expect(await summaryOf(tiff([page()], zeros(1200), form))).toBe("tiff 30×40");
    const wide = { tags: tags({}, 16) };
    expect(await summaryOf(tiff([wide], zeros(1200), { ...form, wide: true }))).toBe("tiff 30×40");
    expect(await summaryOf(tiff([wide, wide, wide], zeros(1200), { ...form, wide: true }))).toBe(
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
    ["turned, by the last there is", page(one(274, 8)), "tiff 40×30 turned 270"],
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
    expect(await summaryOf(tiff([made]))).toBe(expected),
  );
  test.each([
    ["three", [page(), page(), page()], "tiff 30×40 frames 3"],
    [
      "a thumbnail first: the picture counts, and the thumbnail is another reading",
      [page({ ...long(254, 1), ...one(256, 3), ...one(257, 4), ...one(278, 4) }), page()],
      "tiff 30×40|3×4",
    ],
    ["a mask after", [page(), page(long(254, 4))], "tiff 30×40"],
    ["a part of a document", [page(long(254, 2)), page(long(254, 2))], "tiff 30×40 frames 2"],
    ["a thumbnail alone", [page(long(254, 1))], "tiff 30×40"],
    ["one that leads back to itself", [{ ...page(), next: 1208 }], "tiff 30×40"],
    [
      "a link that leads nowhere, after a whole page",
      [{ ...page(), next: 9999 }],
      "tiff 30×40; perhaps cut-short page 2 at 9999",
    ],
    ["one without a size between", [page(), page({ 256: null }), page()], "tiff 30×40 frames 2"],
    [
      "two that are cut: the first is reported",
      [page(long(273, 9000)), page(long(273, 9900))],
      "tiff 30×40 frames 2; cut-short strip 0 at 9000 by 8788",
    ],
  ] as [string, Page[], string][])("with several pages: %s", async (_, pages, expected) =>
    expect(await summaryOf(tiff(pages))).toBe(expected),
  );
  test.each([
    [1024, "frames 1024"],
    [1025, "frames null"],
  ])("of %i pages has its pages counted up to the limit", async (count, frames) =>
    expect(await summaryOf(tiff(new Array<Page>(count).fill(page())))).toBe(`tiff 30×40 ${frames}`),
  );
  test("with a sub-directory outside the file is still a TIFF", async () =>
    expect(await summaryOf(tiff([page(long(330, 99_999))]))).toBe("tiff 30×40"));
  test("whose first link points past the end is cut", async () => {
    const bytes = tiff([page()]);
    expect(await summaryOf(bytes.subarray(0, 1209))).toMatch(
      /^tiff {2}frames null; cut-short a directory at 1208/,
    );
    expect(await summaryOf(join(bytes.subarray(0, 4), u32(0), bytes.subarray(8)))).toMatch(
      /^tiff {2}frames null; no-picture IFD at 0/,
    );
  });
  test("ends after its entry count: a link that does not fit in the file is ignored", async () => {
    const bytes = tiff([page()]);
    expect(await summaryOf(bytes.subarray(0, -4))).toBe("tiff 30×40");
    expect(await summaryOf(bytes.subarray(0, -1))).toBe("tiff 30×40");
    expect(await summaryOf(bytes.subarray(0, -5))).toMatch(/cut-short a directory at 1210/);
  });
});

describe("the strips of a TIFF", () => {
  const cut = (bytes: number, made: Page): Promise<string> => {
    const whole = tiff([made]);
    // Directories first, in effect: the strip is after them.
    return summaryOf(whole.subarray(0, whole.length - bytes));
  };
  /** The page's pixels after its directory. */
  const pixelsAfterDirectory = (
    more: Record<number, Tag | null>,
    pixels: number,
    form: Form = {},
  ): Promise<string> => {
    const start = tiff([page(more)], zeros(0), form).length;
    const laid = tags({ ...more, ...(more[273] === undefined ? long(273, start) : {}) });
    return summaryOf(join(tiff([{ tags: laid }], zeros(0), form), zeros(pixels)));
  };
  test("are in the file, to their last byte", async () => {
    expect(await cut(0, page())).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({}, 1200)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({}, 1199)).toMatch(/; cut-short strip 0 at \d+ by 1$/);
    expect(await pixelsAfterDirectory({}, 0)).toMatch(/; cut-short strip 0 at \d+ by 1200$/);
  });
  test("have no more bytes than their rows if uncompressed, whatever is stated", async () => {
    expect(await pixelsAfterDirectory(long(279, 5000), 1200)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(258, 4) }, 600)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(258, 1) }, 160)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(258, 1) }, 159)).toMatch(/by 1$/);
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(277, 3) }, 3600)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(277, 3) }, 3599)).toMatch(/by 1$/);
    // In planes of their own each strip holds one sample of a pixel.
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(277, 3), ...one(284, 2) }, 1200)).toBe(
      "tiff 30×40",
    );
    expect(await pixelsAfterDirectory({ ...long(279, 5000), ...one(259, 5) }, 1200)).toMatch(/by 3800$/);
  });
  test("without a stated length are assumed to be present, except their first byte", async () => {
    expect(await pixelsAfterDirectory({ 279: null }, 1200)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ 279: null }, 1199)).toMatch(/by 1$/);
    expect(await pixelsAfterDirectory({ 279: null, ...one(259, 5) }, 1)).toBe("tiff 30×40");
    expect(await pixelsAfterDirectory({ 279: null, ...one(259, 5) }, 0)).toMatch(/by 1$/);
    expect(await pixelsAfterDirectory(long(279, 0), 1)).toBe("tiff 30×40");
  });
  test("are as many as the height requires", async () => {
    const strips = (offsets: number[], counts: number[], rows: number) =>
      summaryOf(tiff([page({ ...long(273, ...offsets), ...long(279, ...counts), ...one(278, rows) })]));
    expect(await strips([8, 608], [600, 600], 20)).toBe("tiff 30×40");
    expect(await strips([8, 608], [600, 600], 15)).toBe("tiff 30×40; perhaps malformed strip table at 1208");
    expect(await strips([8, 8, 8], [450, 450, 300], 15)).toBe("tiff 30×40");
    expect(await strips([8], [1200], 0)).toBe("tiff 30×40");
    expect(await strips([8], [1200], 9999)).toBe("tiff 30×40");
    expect(await strips([8, 9000], [600, 600], 20)).toMatch(/; cut-short strip 1 at 9000 by \d+$/);
    // Too few, and one of them cut: the cut is reported.
    expect(await strips([9000], [600], 20)).toMatch(/40; cut-short strip 0 at 9000 by \d+$/);
    // One at 0 was left out by its writer: all of its pixels are the same.
    expect(await strips([8, 0], [600, 0], 20)).toBe("tiff 30×40");
    const left = { ...long(273, 0, 8), ...long(279, 99_999, 600), ...one(278, 20), ...one(259, 5) };
    expect(await summaryOf(tiff([page(left)]))).toBe("tiff 30×40");
    // The one with the most missing bytes is reported.
    expect(await strips([9000, 9900], [600, 600], 20)).toMatch(/; cut-short strip 1 at 9900/);
    expect(await strips([9900, 9000], [600, 600], 20)).toMatch(/; cut-short strip 0 at 9900/);
  });
  test("have fewer rows at the end, per plane if planes are separate", async () => {
    // Fifteen rows, fifteen and ten, each of 30 bytes; the pixels are the last in the file.
    const planes = async (
      count: number,
      lacking: number,
      more: Record<number, Tag> = {},
    ): Promise<string> => {
      const starts = [0, 450, 900, 1200, 1650, 2100].slice(0, 3 * count);
      const laid = (from: number): Uint8Array => {
        const offsets = starts.map((at) => from + at);
        const stated = offsets.map(() => 5000);
        return tiff(
          [page({ ...one(278, 15), ...long(273, ...offsets), ...long(279, ...stated), ...more })],
          zeros(0),
        );
      };
      return summaryOf(join(laid(laid(0).length), zeros(1200 * count - lacking)));
    };
    expect(await planes(1, 0)).toBe("tiff 30×40");
    expect(await planes(1, 1)).toMatch(/; cut-short strip 2 at \d+ by 1$/);
    const apart = { ...one(277, 2), ...one(284, 2) };
    expect(await planes(2, 0, apart)).toBe("tiff 30×40");
    expect(await planes(2, 1, apart)).toMatch(/; cut-short strip 5 at \d+ by 1$/);
  });
  test("may have 64-bit offsets, in either byte order", async () => {
    for (const big of [true, false]) {
      const form = { big, wide: true };
      const start = { ...one(278, 40), 273: { tag: 273, type: 16, values: [300] } };
      const laid = (size: number): Uint8Array => tiff([page(start)], zeros(size), form);
      expect(await summaryOf(laid(1500 - 16))).toBe("tiff 30×40");
      const cut = { ...start, 273: { tag: 273, type: 16, values: [70_000] } };
      expect(await summaryOf(tiff([page(cut)], zeros(1500), form))).toMatch(
        /; cut-short strip 0 at 70000 by \d+$/,
      );
    }
  });
  test("may be tiles, or one stream of old-style JPEG", async () => {
    const tiles = { 273: null, 279: null, ...long(324, 8, 308), ...long(325, 300, 300) };
    expect(await summaryOf(tiff([page(tiles)]))).toBe("tiff 30×40");
    // Of tiles there are not as many as rows would take strips, whatever a table of strips beside them says.
    expect(await summaryOf(tiff([page({ ...tiles, ...one(278, 1) })]))).toBe("tiff 30×40");
    expect(await summaryOf(tiff([page({ ...tiles, ...one(278, 1), ...long(273, 8) })]))).toBe("tiff 30×40");
    expect(await summaryOf(tiff([page({ ...tiles, ...long(325, 300, 9000) })]))).toMatch(
      /; cut-short tile 1 at 308 by \d+$/,
    );
    const stream = { 273: null, 279: null, ...one(259, 6), ...long(513, 8), ...long(514, 100) };
    expect(await summaryOf(tiff([page(stream)]))).toBe("tiff 30×40");
    expect(await summaryOf(tiff([page({ ...stream, ...long(514, 9000) })]))).toMatch(
      /; cut-short strip 0 at 8 by \d+$/,
    );
  });
  test("without offsets are no picture data", async () => {
    expect(await summaryOf(tiff([page({ 273: null, 279: null })]))).toBe(
      "tiff 30×40; no-media-data strip at 1208",
    );
    expect(await summaryOf(tiff([page(long(273, 0))]))).toBe("tiff 30×40; no-media-data strip at 1208");
    expect(await summaryOf(tiff([page({ 273: null, ...long(324, 0) })]))).toBe(
      "tiff 30×40; no-media-data tile at 1208",
    );
  });
  test("values of a tag past the end of the file are suspected", async () => {
    const made = page({ 270: { tag: 270, type: 2, values: [65, 66, 67, 68, 69, 70, 71, 72] } });
    expect(await cut(0, made)).toBe("tiff 30×40");
    expect(await cut(3, made)).toBe("tiff 30×40; perhaps cut-short tag values at 1208 by 3");
  });
});
