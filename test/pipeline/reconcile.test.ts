import { describe, expect, it } from "vitest";
import type { Asset } from "../../src/atlas/types.ts";
import {
  judgeList,
  type Known,
  type Listed,
  type Listing,
  listedAs,
  untilLastLook,
  type Wanted,
} from "../../src/pipeline/reconcile.ts";

const asset = (more: Partial<Asset>): Asset => ({
  id: "1",
  atlasAssetId: null,
  arkAssetId: null,
  uri: null,
  status: "active",
  rawStatus: "Active",
  type: "Image",
  name: null,
  url: null,
  errorCode: null,
  errorMessage: null,
  notes: [],
  raw: {},
  ...more,
});
const listed = (more: Partial<Asset>, trashed = false): Listed => listedAs(asset(more), trashed);
const whole = (assets: readonly Listed[]): Listing => ({ assets, whole: true });
const url = "https://cdn.test/1/a.png";
const sentAt = Date.parse("2026-11-22T10:00:00Z");
const wanted: Wanted = {
  type: "Image",
  isUrl: (other) => other === url,
  name: "a-0123456789",
  namedBy: "tool",
  ownAddress: true,
  sentAt,
};
const byUser: Wanted = { ...wanted, name: "sunset", namedBy: "user" };
const nothing: Known = { ids: new Set(), urls: new Map() };

describe("a registration whose answer was lost", () => {
  it("is found by the exact address", async () => {
    const list = [listed({ id: "1", url: "https://cdn.test/2/a.png" }), listed({ id: "2", url })];
    expect(await judgeList(whole(list), byUser, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "2" },
    });
  });

  it("is found by the name this tool made, in the trash too", async () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", name: wanted.name }, true)];
    expect(await judgeList(whole(list), wanted, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "2", trashed: true },
    });
  });

  it("is never found by a name that the user gave", async () => {
    const list = [listed({ id: "2", name: "sunset", url: "https://other.test/x" })];
    expect(await judgeList(whole(list), byUser, nothing)).toMatchObject({ outcome: "undecidable" });
  });

  it("takes the oldest of several, and says how many more there are", async () => {
    const list = ["12", "7", "9"].map((id) => listed({ id, name: wanted.name }));
    expect(await judgeList(whole(list), wanted, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "7" },
      others: 2,
    });
  });

  it("is not taken for an asset that the ledger knows as another's", async () => {
    const list = [listed({ id: "7", name: wanted.name })];
    expect(await judgeList(whole(list), wanted, { ...nothing, ids: new Set(["7"]) })).toMatchObject({
      outcome: "absent",
    });
  });

  it("is not taken for an older asset of the address that a user gave", async () => {
    const old = listed({ id: "7", url, raw: { created_at: "2026-11-20T10:00:00Z" } });
    expect(await judgeList(whole([old]), { ...byUser, ownAddress: false }, nothing)).toMatchObject({
      outcome: "undecidable",
    });
    const fresh = listed({ id: "7", url, raw: { created_at: "2026-11-22T10:00:01Z" } });
    expect(await judgeList(whole([fresh]), { ...byUser, ownAddress: false }, nothing)).toMatchObject({
      outcome: "found",
    });
  });
});

describe("absence", () => {
  it("counts where every other asset shows by its address or name that it is another", async () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", url: "https://cdn.test/2/b.png" })];
    expect(await judgeList(whole(list), wanted, nothing)).toEqual({ outcome: "absent" });
  });

  it.each([
    ["an empty list", [], wanted],
    ["a list without names and addresses", [listed({ id: "1" })], wanted],
    ["one nameless asset of that type", [listed({ id: "1", name: "b" }), listed({ id: "2" })], wanted],
    ["names only, where the name is the user's", [listed({ id: "1", name: "b" })], byUser],
    [
      "an asset of the user's name at another address",
      [listed({ id: "1", name: "sunset", url: "https://s.test/1" })],
      byUser,
    ],
  ])("is not proved by %s", async (_, list, sought) => {
    expect(await judgeList(whole(list), sought, nothing)).toMatchObject({ outcome: "undecidable" });
  });

  it("is not proved by a list that ends before the service's own count of it", async () => {
    const assets = [listed({ id: "1", name: "b" })];
    expect(await judgeList({ assets, whole: false }, wanted, nothing)).toMatchObject({
      outcome: "undecidable",
    });
    const there = [...assets, listed({ id: "2", name: wanted.name })];
    expect(await judgeList({ assets: there, whole: false }, wanted, nothing)).toMatchObject({
      outcome: "found",
      listed: { id: "2" },
    });
  });

  it("is not put in doubt by nameless assets of another type, or known ones", async () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", type: "Video" }), listed({ id: "3" })];
    expect(await judgeList(whole(list), wanted, { ...nothing, ids: new Set(["3"]) })).toEqual({
      outcome: "absent",
    });
  });

  it("counts beside an asset of the user's name where the list repeats addresses as they were sent", async () => {
    const other = listed({ id: "1", name: "sunset", url: "https://cdn.test/9/b.png" });
    const known: Known = { ids: new Set(["5"]), urls: new Map([["5", "https://cdn.test/5/c.png"]]) };
    const echo = listed({ id: "5", name: "c", url: "https://cdn.test/5/c.png?sig=1" });
    expect(await judgeList(whole([other, echo]), byUser, known)).toEqual({ outcome: "absent" });
  });
});

describe("the looks", () => {
  const policy = { apart: 5000, settle: 15_000 };
  it("are two, apart, and long enough after the request", () => {
    expect(untilLastLook({ sentAt: 0, missedAt: 1000, now: 1000 }, policy)).toBe(14_000);
    expect(untilLastLook({ sentAt: 0, missedAt: 20_000, now: 20_000 }, policy)).toBe(5000);
    expect(untilLastLook({ sentAt: 0, missedAt: 15_000, now: 20_000 }, policy)).toBe(0);
  });
  it("never wait longer than the policy says, whatever the clock did", () => {
    expect(untilLastLook({ sentAt: 1e12, missedAt: 1e12, now: 0 }, policy)).toBe(15_000);
  });
});
