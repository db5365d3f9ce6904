import { describe, expect, it } from "vitest";
import type { Asset } from "../../src/atlas/types.ts";
import {
  judgeList,
  type Known,
  type Listed,
  type Listing,
  listedAs,
  type SentRegistration,
  untilLastLook,
} from "../../src/submit/reconcile.ts";
import { asset as assetOf } from "./client-in-memory.ts";

const asset = (more: Partial<Asset>): Asset => assetOf({ rawStatus: "Active", type: "Image", ...more });
const listed = (more: Partial<Asset>, trashed = false): Listed => listedAs(asset(more), trashed);
const whole = (assets: readonly Listed[]): Listing => ({ assets, whole: true });
const url = "https://cdn.test/1/a.png";
const sentAt = Date.parse("2026-11-22T10:00:00Z");
const wanted: SentRegistration = {
  type: "Image",
  isUrl: (other) => other === url,
  name: "a-0123456789",
  namedBy: "tool",
  ownAddress: true,
  sentAt,
};
const byUser: SentRegistration = { ...wanted, name: "sunset", namedBy: "user" };
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

describe("the one that is taken", () => {
  const minutesBefore = (minutes: number): string => new Date(sentAt - minutes * 60_000).toISOString();

  it.each([
    ["made ten minutes before at the most: clocks differ", 10, "found"],
    ["made longer before is an earlier one", 10.01, "undecidable"],
  ])("of an address that a user gave: %s", async (_, minutes, outcome) => {
    const made = listed({ id: "7", url, raw: { created_at: minutesBefore(minutes) } });
    expect(await judgeList(whole([made]), { ...byUser, ownAddress: false }, nothing)).toMatchObject({
      outcome,
    });
  });

  it("may be of any age at an address that is this upload's own", async () => {
    const old = listed({ id: "7", url, raw: { created_at: minutesBefore(600) } });
    expect(await judgeList(whole([old]), wanted, nothing)).toMatchObject({ outcome: "found" });
  });

  it("may be of a type that the list does not show", async () => {
    const untyped = listed({ id: "7", type: null, name: wanted.name });
    expect(await judgeList(whole([untyped]), wanted, nothing)).toMatchObject({ outcome: "found" });
  });

  it.each([
    ["the lower number, digits compared as a number", ["12", "10"], "10"],
    ["a number before what only ends in one", ["x9", "7"], "7"],
    ["a number before what only begins with one", ["9x", "7"], "7"],
  ])("of several without a time is %s", async (_, ids, taken) => {
    const list = ids.map((id) => listed({ id, name: wanted.name }));
    expect(await judgeList(whole(list), wanted, nothing)).toMatchObject({ listed: { id: taken } });
  });

  it.each([
    ["seconds since 1970", { created_at: 1_795_341_600 }, 1_795_341_600_000],
    ["milliseconds since 1970", { createdAt: 1_795_341_600_123 }, 1_795_341_600_123],
    ["no time at all", { created_at: 0 }, null],
    ["a time before 1970, which is none", { created_at: -1000 }, null],
    ["a time in UTC", { create_time: "2026-11-22T10:00:00Z" }, sentAt],
    ["a time with its zone", { created_at: "2026-11-22T11:00:00+01:00" }, sentAt],
    ["a zone without its colon", { created_at: "2026-11-22T11:00:00+0100" }, sentAt],
    ["a time without a zone", { created_at: "2026-11-22T10:00:00" }, null],
    ["a year that looks like a zone", { created_at: "11-22-2026 10:00:00" }, null],
    ["words", { created_at: "yesterday Z" }, null],
  ])("was made when the service says: %s", (_, raw, createdAt) => {
    expect(listed({ raw }).createdAt).toBe(createdAt);
  });
});

describe("absence", () => {
  it("counts where every other asset shows by its address or name that it is another", async () => {
    const list = [listed({ id: "1", name: "b" }), listed({ id: "2", url: "https://cdn.test/2/b.png" })];
    expect(await judgeList(whole(list), wanted, nothing)).toEqual({ outcome: "absent" });
  });

  it.each([
    ["an empty list", [], wanted, /lists nothing/],
    ["a list without names and addresses", [listed({ id: "1" })], wanted, /neither URLs nor names/],
    [
      "one of other types without names and addresses",
      [listed({ id: "1", type: "Video" })],
      wanted,
      /neither URLs nor names/,
    ],
    [
      "one nameless asset of that type",
      [listed({ id: "1", name: "b" }), listed({ id: "2" })],
      wanted,
      /asset 2 might be it/,
    ],
    [
      "names only, where the name is the user's",
      [listed({ id: "1", name: "b" })],
      byUser,
      /asset 1 might be it/,
    ],
    [
      "an asset of the user's name at another address",
      [listed({ id: "1", name: "sunset", url: "https://s.test/1" })],
      byUser,
      /asset 1 might be it/,
    ],
    [
      "an older asset of the address that a user gave",
      [listed({ id: "7", url, raw: { created_at: "2026-11-20T10:00:00Z" } })],
      { ...byUser, ownAddress: false },
      /asset 7 has that address, and seems to be older/,
    ],
  ])("is not proved by %s, and the reason says so", async (_, list, sought, why) => {
    const judged = await judgeList(whole(list), sought, nothing);
    expect(judged).toEqual({ outcome: "undecidable", why: expect.stringMatching(why) });
  });

  it("counts beside an asset of another name and another address, where the name is the user's", async () => {
    const list = [listed({ id: "1", name: "b", url: "https://s.test/1" })];
    expect(await judgeList(whole(list), byUser, nothing)).toEqual({ outcome: "absent" });
  });

  it("is not proved by a list that ends before the service's own count of it", async () => {
    const assets = [listed({ id: "1", name: "b" })];
    expect(await judgeList({ assets, whole: false }, wanted, nothing)).toEqual({
      outcome: "undecidable",
      why: expect.stringContaining("counts more assets than it lists"),
      // It may be whole the next time.
      passing: true,
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
