import { describe, expect, it } from "vitest";
import type { Asset } from "../../src/atlas/types.ts";
import {
  judgeList,
  type KnownAssets,
  type ListedAsset,
  type Listing,
  listedAs,
  type SentRegistration,
  untilLastLook,
} from "../../src/submit/reconcile.ts";
import { asset as assetOf } from "./client-in-memory.ts";

const asset = (more: Partial<Asset>): Asset => assetOf({ rawStatus: "Active", type: "Image", ...more });
const listed = (more: Partial<Asset>, trashed = false): ListedAsset => listedAs(asset(more), trashed);
const complete = (assets: readonly ListedAsset[]): Listing => ({ assets, complete: true });
const url = "https://cdn.test/1/a.png";
const name = `a-${"0".repeat(32)}`;
const generated: SentRegistration = {
  type: "Image",
  isUrl: (other) => other === url,
  isName: (other) => other === name,
  namedBy: "tool",
  urlProves: true,
};
const byUser: SentRegistration = { ...generated, isName: (other) => other === "sunset", namedBy: "user" };
/** Of a URL that a user gave, or of an entry that cannot be trusted. */
const urlProvesNothing = { urlProves: false };
const nothing: KnownAssets = { ids: new Set(), urls: new Map() };
/** The list repeats URLs as they were sent. */
const echo = listed({ id: "5", name: "c", url: "https://cdn.test/5/c.png?sig=1" });
const echoes: KnownAssets = { ids: new Set(["5"]), urls: new Map([["5", "https://cdn.test/5/c.png"]]) };

describe("a registration whose answer was lost", () => {
  it("is found by the exact URL of its upload, whatever the name", () => {
    const list = [listed({ id: "1", url: "https://cdn.test/2/a.png" }), listed({ id: "2", name: "x", url })];
    for (const wanted of [generated, byUser])
      expect(judgeList(complete(list), wanted, nothing)).toMatchObject({
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
      expect(judgeList(complete(list), { ...generated, ...more }, nothing)).toMatchObject({
        outcome: "found",
        listed: { id: "2", trashed: true },
      });
  });

  it("is not found by a generated name at another URL", () => {
    const other = listed({ id: "2", name, url: "https://cdn.test/9/a.png" });
    expect(judgeList(complete([other]), generated, nothing)).toMatchObject({ outcome: "undecidable" });
    expect(judgeList(complete([other, echo]), generated, echoes)).toEqual({ outcome: "absent" });
  });

  it("is not found by the URL alone, if a user gave it or the entry cannot be trusted", () => {
    const unnamed = listed({ id: "7", url });
    for (const wanted of [generated, byUser])
      expect(judgeList(complete([unnamed]), { ...wanted, ...urlProvesNothing }, nothing)).toMatchObject({
        outcome: "undecidable",
        why: expect.stringContaining("asset 7 might be it"),
      });
  });

  it("is found by a user's URL together with the user's name", () => {
    const both = listed({ id: "7", url, name: "sunset" });
    expect(judgeList(complete([both]), { ...byUser, ...urlProvesNothing }, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "7" },
    });
  });

  it("is never found by a name that the user gave", () => {
    const list = [listed({ id: "2", name: "sunset", url: "https://other.test/x" })];
    expect(judgeList(complete(list), byUser, nothing)).toMatchObject({ outcome: "undecidable" });
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
    expect(judgeList(complete(list), generated, nothing)).toMatchObject({
      outcome: "found",
      listed: { id },
      others: list.length - 1,
    });
  });

  it("is not taken for an asset that the ledger knows as another's", () => {
    const list = [listed({ id: "7", name })];
    expect(judgeList(complete(list), generated, { ...nothing, ids: new Set(["7"]) })).toEqual({
      outcome: "absent",
    });
  });

  it("may have a type that the list does not show", () => {
    const list = [listed({ id: "7", type: null, name })];
    expect(judgeList(complete(list), generated, nothing)).toMatchObject({ outcome: "found" });
  });
});

describe("absence", () => {
  it("is proved if every other asset shows by its URL or name that it is another one", () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", url: "https://cdn.test/2/b.png" })];
    expect(judgeList(complete(list), generated, nothing)).toEqual({ outcome: "absent" });
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
    expect(judgeList(complete(list), wanted, nothing)).toEqual({
      outcome: "undecidable",
      why: expect.stringMatching(why),
    });
  });

  it("is proved by an asset at that URL whose generated name is of other content", () => {
    const other = listed({ id: "7", url, name: `a-${"f".repeat(32)}` });
    expect(judgeList(complete([other]), { ...generated, ...urlProvesNothing }, nothing)).toEqual({
      outcome: "absent",
    });
  });

  it("is proved by an asset of another name and another URL, if the name is the user's", () => {
    const list = [listed({ id: "1", name: "b", url: "https://s.test/1" })];
    expect(judgeList(complete(list), byUser, nothing)).toEqual({ outcome: "absent" });
  });

  it("is not proved by a list that ends before the service's own count of it", () => {
    const assets = [listed({ id: "1", name: "b" })];
    expect(judgeList({ assets, complete: false }, generated, nothing)).toEqual({
      outcome: "undecidable",
      why: expect.stringContaining("counts more assets than it lists"),
      // It may be complete the next time.
      incomplete: true,
    });
    const found = [...assets, listed({ id: "2", name })];
    expect(judgeList({ assets: found, complete: false }, generated, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "2" },
    });
  });

  it("is not put in doubt by nameless assets of another type, or known ones", () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", type: "Video" }), listed({ id: "3" })];
    expect(judgeList(complete(list), generated, { ...nothing, ids: new Set(["3"]) })).toEqual({
      outcome: "absent",
    });
  });

  it("is proved by an asset of the user's name, if the list repeats URLs as they were sent", () => {
    const other = listed({ id: "1", name: "sunset", url: "https://cdn.test/9/b.png" });
    expect(judgeList(complete([other, echo]), byUser, echoes)).toEqual({ outcome: "absent" });
  });
});

describe("when an asset was made, as the service says", () => {
  const time = Date.parse("2026-11-22T10:00:00Z");
  it.each([
    ["seconds since 1970", { created_at: 1_795_341_600 }, 1_795_341_600_000],
    ["milliseconds since 1970", { createdAt: 1_795_341_600_123 }, 1_795_341_600_123],
    ["no time at all", { created_at: 0 }, null],
    ["a time before 1970", { created_at: -1000 }, null],
    ["a time in UTC", { create_time: "2026-11-22T10:00:00Z" }, time],
    ["a time with its zone", { created_at: "2026-11-22T11:00:00+01:00" }, time],
    ["a zone without its colon", { created_at: "2026-11-22T11:00:00+0100" }, time],
    ["a time without a zone", { created_at: "2026-11-22T10:00:00" }, null],
    ["a year that looks like a zone", { created_at: "11-22-2026 10:00:00" }, null],
    ["words", { created_at: "yesterday Z" }, null],
  ])("is read from %s", (_, raw, createdAt) => {
    expect(listed({ raw }).createdAt).toBe(createdAt);
  });
});

describe("the looks at the list", () => {
  const timing = { apart: 5000, settle: 15_000 };
  it("are two, some time apart, and long enough after the request", () => {
    expect(untilLastLook({ sinceSent: 1000, sinceMissed: 0 }, timing)).toBe(14_000);
    expect(untilLastLook({ sinceSent: 20_000, sinceMissed: 0 }, timing)).toBe(5000);
    expect(untilLastLook({ sinceSent: 20_000, sinceMissed: 5000 }, timing)).toBe(0);
  });
});
