import { describe, expect, it } from "vitest";
import type { Asset, AssetFilter } from "../../../src/atlas/types.ts";
import { createAssetList, listedAs } from "../../../src/submit/registration/asset-list.ts";
import { asset, failure, timeInTests } from "../client-in-memory.ts";

/* Listings of the service's assets, shared by all files that need one at about the same time. */

const { pass, passing } = timeInTests();

interface Lists {
  assets: Asset[];
  trash: Asset[];
  requests: string[];
  signals: unknown[];
  end: unknown;
  trashEnd: unknown;
  error: Error | null;
  takes: number;
}
function lists(more: Partial<Lists> = {}) {
  const state: Lists = {
    assets: [],
    trash: [],
    requests: [],
    signals: [],
    end: { missing: 0 },
    trashEnd: { missing: 0 },
    error: null,
    takes: 0,
    ...more,
  };
  const each = (name: "assets" | "trash", end: "end" | "trashEnd") =>
    async function* (filter?: AssetFilter): AsyncGenerator<Asset, unknown> {
      state.requests.push(name);
      state.signals.push(filter?.signal);
      if (state.takes) await new Promise((resolve) => setTimeout(resolve, state.takes));
      if (state.error) throw state.error;
      yield* state[name];
      return state[end];
    };
  return { state, client: { listAssets: each("assets", "end"), listTrash: each("trash", "trashEnd") } };
}

describe("fetching the asset lists", () => {
  it("returns all assets and the trash, each asset once, and is complete if both lists are", async () => {
    const both = asset({ id: "2" });
    const { state, client } = lists({
      assets: [asset({ id: "1" }), both],
      trash: [both, asset({ id: "3" })],
    });
    const { signal } = new AbortController();
    const { assets, complete } = await passing(createAssetList(client, signal).listAll());
    expect(assets.map(({ id, trashed }) => [id, trashed])).toEqual([
      ["1", false],
      ["2", true],
      ["3", true],
    ]);
    expect(complete).toBe(true);
    expect([state.requests, state.signals]).toEqual([
      ["assets", "trash"],
      [signal, signal],
    ]);
  });

  it.each([
    ["both end at their count", { missing: 0 }, { missing: 0 }, true],
    ["a client does not say", undefined, undefined, true],
    ["the assets end before it", { missing: 1 }, { missing: 0 }, false],
    ["the trash ends before it", { missing: 0 }, { missing: 1 }, false],
    ["the count is not known", { missing: null }, { missing: 0 }, false],
  ])("is complete or not if %s", async (_, end, trashEnd, complete) => {
    expect((await passing(createAssetList(lists({ end, trashEnd }).client).listAll())).complete).toBe(
      complete,
    );
  });

  it("is shared by all calls within fifty milliseconds", async () => {
    const { state, client } = lists();
    const assetList = createAssetList(client);
    const first = assetList.listAll();
    await pass(49);
    expect([assetList.listAll() === first, state.requests]).toEqual([true, []]);
    await pass(1);
    expect(state.requests).toEqual(["assets", "trash"]);
    await first;
  });

  it("already under way is not shared with later calls, which share the next one", async () => {
    const { state, client } = lists({ takes: 1000 });
    const assetList = createAssetList(client);
    const first = assetList.listAll();
    await pass(100);
    const [second, third] = [assetList.listAll(), assetList.listAll()];
    expect([second === first, second === third]).toEqual([false, true]);
    await pass(1800);
    expect(state.requests).toEqual(["assets", "trash"]);
    state.assets.push(asset({ id: "9" }));
    expect((await passing(first)).assets).toEqual([]);
    expect((await passing(second)).assets.map(({ id }) => id)).toEqual(["9"]);
    expect(state.requests).toHaveLength(4);
  });

  it("that failed does not prevent the next one", async () => {
    const { state, client } = lists({ error: failure("server"), takes: 100 });
    const assetList = createAssetList(client);
    const first = assetList.listAll();
    first.catch(() => {});
    await pass(60);
    const second = assetList.listAll();
    await expect(passing(first)).rejects.toMatchObject({ code: "server" });
    state.error = null;
    expect((await passing(second)).assets).toEqual([]);
  });
});

describe("the list of trashed assets", () => {
  it("is fetched once a minute, with the caller's signal", async () => {
    const { state, client } = lists({ trash: [asset({ id: "7" })] });
    const { signal } = new AbortController();
    const assetList = createAssetList(client, signal);
    expect([...(await assetList.listTrashedIds())]).toEqual(["7"]);
    await pass(60_000);
    await assetList.listTrashedIds();
    expect(state.requests).toEqual(["trash"]);
    await pass(1);
    await assetList.listTrashedIds();
    expect([state.requests, state.signals]).toEqual([
      ["trash", "trash"],
      [signal, signal],
    ]);
  });

  it.each(["not-found-upstream", "unauthorized"])("is empty if the service has none: %s", async (code) => {
    const { state, client } = lists({ error: failure(code) });
    const assetList = createAssetList(client);
    expect((await assetList.listTrashedIds()).size).toBe(0);
    expect((await assetList.listTrashedIds()).size).toBe(0);
    expect(state.requests).toEqual(["trash"]);
  });

  it("that could not be fetched is requested again by the next call", async () => {
    const { state, client } = lists({ error: failure("server") });
    const assetList = createAssetList(client);
    await expect(assetList.listTrashedIds()).rejects.toMatchObject({ code: "server" });
    state.error = null;
    state.trash.push(asset({ id: "7" }));
    expect([...(await assetList.listTrashedIds())]).toEqual(["7"]);
  });

  it("that fails late does not discard a newer one", async () => {
    const { state, client } = lists({ error: failure("server"), takes: 70_000 });
    const assetList = createAssetList(client);
    const old = assetList.listTrashedIds();
    old.catch(() => {});
    await pass(60_001);
    state.takes = 0;
    state.error = null;
    await assetList.listTrashedIds();
    state.error = failure("server");
    await expect(passing(old)).rejects.toMatchObject({ code: "server" });
    await assetList.listTrashedIds();
    expect(state.requests).toHaveLength(2);
  });
});

describe("the creation time that the service reports for an asset", () => {
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
    expect(listedAs(asset({ raw }), false).createdAt).toBe(createdAt);
  });
});
