import { describe, expect, it } from "vitest";
import type { Asset } from "../../../src/atlas/types.ts";
import { type ListedAsset, type Listing, listedAs } from "../../../src/submit/registration/asset-list.ts";
import {
  evaluateList,
  type KnownAssets,
  type SentRegistration,
  untilLastSearch,
} from "../../../src/submit/registration/search-policy.ts";
import { asset as assetOf } from "../client-in-memory.ts";

const asset = (more: Partial<Asset>): Asset => assetOf({ rawStatus: "Active", type: "Image", ...more });
const listed = (more: Partial<Asset>, trashed = false): ListedAsset => listedAs(asset(more), trashed);
const complete = (assets: readonly ListedAsset[]): Listing => ({ assets, complete: true });
const url = "https://cdn.test/1/a.png";
const name = `a-${"0".repeat(32)}`;
const generated: SentRegistration = {
  type: "Image",
  matchesUrl: (other) => other === url,
  matchesName: (other) => other === name,
  namedBy: "tool",
  identifiesAsset: (listed) => listed === url,
};
const byUser: SentRegistration = {
  ...generated,
  matchesName: (other) => other === "sunset",
  namedBy: "user",
};
/** Of a URL that a user gave, or of an entry that cannot be trusted. */
const urlProvesNothing = { identifiesAsset: () => false };
const nothing: KnownAssets = { ids: new Set(), urls: new Map() };
/** The list repeats URLs as they were sent. */
const echo = listed({ id: "5", name: "c", url: "https://cdn.test/5/c.png?sig=1" });
const echoes: KnownAssets = { ids: new Set(["5"]), urls: new Map([["5", "https://cdn.test/5/c.png"]]) };

describe("a registration whose answer was lost", () => {
  it("is found by the exact URL of its upload, whatever the name", () => {
    const list = [listed({ id: "1", url: "https://cdn.test/2/a.png" }), listed({ id: "2", name: "x", url })];
    for (const wanted of [generated, byUser])
      expect(evaluateList(complete(list), wanted, nothing)).toMatchObject({
        outcome: "found",
        listed: { id: "2" },
      });
  });

  it.each([
    ["absent", null],
    ["equal", url],
  ])("is found by a generated name if the listed URL is %s, also in the trash", (_, listedUrl) => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", name, url: listedUrl }, true)];
    for (const more of [{}, urlProvesNothing])
      expect(evaluateList(complete(list), { ...generated, ...more }, nothing)).toMatchObject({
        outcome: "found",
        listed: { id: "2", trashed: true },
      });
  });

  it("is not found by a generated name at another URL", () => {
    const other = listed({ id: "2", name, url: "https://cdn.test/9/a.png" });
    expect(evaluateList(complete([other]), generated, nothing)).toMatchObject({ outcome: "undecidable" });
    expect(evaluateList(complete([other, echo]), generated, echoes)).toEqual({ outcome: "absent" });
  });

  it("is not found by the URL alone, if a user gave it or the entry cannot be trusted", () => {
    const unnamed = listed({ id: "7", url });
    for (const wanted of [generated, byUser])
      expect(evaluateList(complete([unnamed]), { ...wanted, ...urlProvesNothing }, nothing)).toMatchObject({
        outcome: "undecidable",
        why: expect.stringContaining("asset 7 might be it"),
      });
  });

  it("is found by a user's URL together with the user's name", () => {
    const both = listed({ id: "7", url, name: "sunset" });
    expect(evaluateList(complete([both]), { ...byUser, ...urlProvesNothing }, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "7" },
    });
  });

  it("is never found by a name that the user gave", () => {
    const list = [listed({ id: "2", name: "sunset", url: "https://other.test/x" })];
    expect(evaluateList(complete(list), byUser, nothing)).toMatchObject({ outcome: "undecidable" });
  });

  it.each([
    ["of the lower number, compared as numbers", [["12"], ["7"], ["9"]], "7"],
    ["with a number, before one that only ends in one", [["x9"], ["7"]], "7"],
    ["with a number, before one that only begins with one", [["9x"], ["7"]], "7"],
    [
      "that the service made first, by its own clock",
      [
        ["1", "2026-11-22T10:00:01Z"],
        ["2", "2026-11-22T10:00:00Z"],
      ],
      "2",
    ],
  ])("of several matches it is the one %s", (_, assets, id) => {
    const list = assets.map(([one = "", created_at]) => listed({ id: one, name, raw: { created_at } }));
    expect(evaluateList(complete(list), generated, nothing)).toMatchObject({
      outcome: "found",
      listed: { id },
      others: list.length - 1,
    });
  });

  it("is not matched with an asset that the ledger knows as another entry's", () => {
    const list = [listed({ id: "7", name })];
    expect(evaluateList(complete(list), generated, { ...nothing, ids: new Set(["7"]) })).toEqual({
      outcome: "absent",
    });
  });

  it("may have a type that the list does not show", () => {
    const list = [listed({ id: "7", type: null, name })];
    expect(evaluateList(complete(list), generated, nothing)).toMatchObject({ outcome: "found" });
  });
});

describe("the absence of an asset", () => {
  it("is proved if every other asset's URL or name differs", () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", url: "https://cdn.test/2/b.png" })];
    expect(evaluateList(complete(list), generated, nothing)).toEqual({ outcome: "absent" });
  });

  it.each([
    ["an empty list", [], generated, /lists nothing/],
    ["a list without names and URLs", [listed({ id: "1" })], generated, /neither URLs nor names/],
    [
      "one of other types without names and URLs",
      [listed({ id: "1", type: "Video" })],
      generated,
      /neither URLs nor names/,
    ],
    [
      "one nameless asset of that type",
      [listed({ id: "1", name: "b" }), listed({ id: "2" })],
      generated,
      /asset 2 might be it/,
    ],
    [
      "names only, if the name is the user's",
      [listed({ id: "1", name: "b" })],
      byUser,
      /asset 1 might be it/,
    ],
    [
      "an asset of the user's name at another URL",
      [listed({ id: "1", name: "sunset", url: "https://s.test/1" })],
      byUser,
      /asset 1 might be it/,
    ],
    [
      "an asset of another name at a URL that a user gave",
      [listed({ id: "7", url, name: "x" })],
      { ...generated, ...urlProvesNothing },
      /asset 7 might be it/,
    ],
  ])("is not proved by %s, and the reason says so", (_, list, wanted, why) => {
    expect(evaluateList(complete(list), wanted, nothing)).toEqual({
      outcome: "undecidable",
      why: expect.stringMatching(why),
    });
  });

  it("is proved by an asset at that URL with a generated name of other content", () => {
    const other = listed({ id: "7", url, name: `a-${"f".repeat(32)}` });
    expect(evaluateList(complete([other]), { ...generated, ...urlProvesNothing }, nothing)).toEqual({
      outcome: "absent",
    });
  });

  it("is proved by an asset of another name and another URL, if the name is the user's", () => {
    const list = [listed({ id: "1", name: "b", url: "https://s.test/1" })];
    expect(evaluateList(complete(list), byUser, nothing)).toEqual({ outcome: "absent" });
  });

  it("is not proved by a list that ends before the service's own count of it", () => {
    const assets = [listed({ id: "1", name: "b" })];
    expect(evaluateList({ assets, complete: false }, generated, nothing)).toEqual({
      outcome: "undecidable",
      why: expect.stringContaining("counts more assets than it lists"),
      // It may be complete the next time.
      incomplete: true,
    });
    const found = [...assets, listed({ id: "2", name })];
    expect(evaluateList({ assets: found, complete: false }, generated, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "2" },
    });
  });

  it("is not affected by unnamed assets of another type, or known ones", () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", type: "Video" }), listed({ id: "3" })];
    expect(evaluateList(complete(list), generated, { ...nothing, ids: new Set(["3"]) })).toEqual({
      outcome: "absent",
    });
  });

  it("is proved by an asset of the user's name if the list repeats URLs as they were sent", () => {
    const other = listed({ id: "1", name: "sunset", url: "https://cdn.test/9/b.png" });
    expect(evaluateList(complete([other, echo]), byUser, echoes)).toEqual({ outcome: "absent" });
  });
});

describe("the schedule of searches", () => {
  const timing = { betweenSearches: 5000, afterRequest: 15_000 };
  it("has two, some time apart, and long enough after the request", () => {
    expect(untilLastSearch({ sinceSent: 1000, sinceMissed: 0 }, timing)).toBe(14_000);
    expect(untilLastSearch({ sinceSent: 20_000, sinceMissed: 0 }, timing)).toBe(5000);
    expect(untilLastSearch({ sinceSent: 20_000, sinceMissed: 5000 }, timing)).toBe(0);
  });
});
