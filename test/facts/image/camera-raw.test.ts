import { describe, expect, test } from "vitest";
import { summaryOf } from "./pictures.ts";
import { long, one, type Page, page, type Tag, tags, tiff } from "./tiff-build.ts";

describe("a camera raw file is not a TIFF", () => {
  const make = (name: string): Record<number, Tag> => ({
    271: { tag: 271, type: 2, values: [...name].map((c) => c.charCodeAt(0)) },
  });
  const formatOf = async (...pages: Page[]): Promise<string> =>
    (await summaryOf(tiff(pages))).split(" ")[0] ?? "";
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
  ])("if it has sensor data of %s: %s", async (name, format) => {
    expect(await formatOf(page({ ...make(name), ...one(262, 32803) }))).toBe(format);
    expect(await formatOf(page(make(name)))).toBe("tiff");
  });
  test("even if the maker's name is followed by other text, or far into the file", async () => {
    const cases: [string, string][] = [
      ["Scanner Co", "Canon copy"],
      [`${"of no name ".repeat(3)}Canon`, "x"],
    ];
    for (const [name, model] of cases) {
      const named = { tag: 272, type: 2, values: [...`${model}, a long one`].map((c) => c.charCodeAt(0)) };
      expect(await formatOf(page({ ...make(name), 272: named, ...one(262, 32803) }))).toBe("raw");
    }
  });
  test.each([
    [8, "raw  frames null"],
    [9, "tiff 30×40 frames 9"],
  ])("with sensor data in directory %i is %s", async (count, expected) => {
    const before = new Array<Page>(count - 1).fill(page());
    expect(await summaryOf(tiff([...before, page(one(262, 32803))]))).toBe(expected);
  });
  test("recognised by tags that only cameras write", async () => {
    expect(await formatOf(page(one(262, 34892)))).toBe("raw");
    for (const compression of [32767, 32770, 34713, 65000, 65535])
      expect(await formatOf(page(one(259, compression)))).toBe("raw");
    expect(await formatOf(page(one(259, 32773)))).toBe("tiff");
    expect(await formatOf(page({ 50740: { tag: 50740, type: 1, values: [1, 2, 3, 4] } }))).toBe("raw");
    expect(await formatOf(page({ 34310: { tag: 34310, type: 1, values: [1, 2, 3, 4] } }))).toBe("raw");
    expect(await formatOf(page({ 50706: { tag: 50706, type: 1, values: [1, 4, 0, 0] } }))).toBe("dng");
  });
  test("recognised by a sub-directory, or by a thumbnail before the picture, of a camera maker", async () => {
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
