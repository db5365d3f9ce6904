import { describe, expect, it } from "vitest";
import type { Asset, AssetFilter } from "../../src/atlas/types.ts";
import { createAssetList } from "../../src/submit/asset-list.ts";
import { asset, failure, timeInTests } from "./client-in-memory.ts";

/* Looks at the service's lists, shared by all files that look at about the same time. */

const { pass, passing } = timeInTests();

interface Lists {
  assets: Asset[];
  trash: Asset[];
  asked: string[];
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
    asked: [],
    signals: [],
    end: { missing: 0 },
    trashEnd: { missing: 0 },
    error: null,
    takes: 0,
    ...more,
  };
  const each = (name: "assets" | "trash", end: "end" | "trashEnd") =>
    async function* (filter?: AssetFilter): AsyncGenerator<Asset, unknown> {
      state.asked.push(name);
      state.signals.push(filter?.signal);
      if (state.takes) await new Promise((resolve) => setTimeout(resolve, state.takes));
      if (state.error) throw state.error;
      yield* state[name];
      return state[end];
    };
  return { state, client: { listAssets: each("assets", "end"), listTrash: each("trash", "trashEnd") } };
}

describe("a look at the lists", () => {
  it("shows all assets and the trash, an asset once, and is complete if both lists are", async () => {
    const both = asset({ id: "2" });
    const { state, client } = lists({
      assets: [asset({ id: "1" }), both],
      trash: [both, asset({ id: "3" })],
    });
    const { signal } = new AbortController();
    const { assets, complete } = await passing(createAssetList(client, signal).look());
    expect(assets.map(({ id, trashed }) => [id, trashed])).toEqual([
      ["1", false],
      ["2", true],
      ["3", true],
    ]);
    expect(complete).toBe(true);
    expect([state.asked, state.signals]).toEqual([
      ["assets", "trash"],
      [signal, signal],
    ]);
  });

  it.each([
    ["both end at their count", { missing: 0 }, { missing: 0 }, true],
    ["a client does not say", undefined, undefined, true],
    ["the assets end before it", { missing: 1 }, { missing: 0 }, false],
    ["the trash ends before it", { missing: 0 }, { missing: 1 }, false],
    ["it cannot be told", { missing: null }, { missing: 0 }, false],
  ])("is complete or not if %s", async (_, end, trashEnd, complete) => {
    expect((await passing(createAssetList(lists({ end, trashEnd }).client).look())).complete).toBe(complete);
  });

  it("is one for all who ask within fifty milliseconds", async () => {
    const { state, client } = lists();
    const assetList = createAssetList(client);
    const first = assetList.look();
    await pass(49);
    expect([assetList.look() === first, state.asked]).toEqual([true, []]);
    await pass(1);
    expect(state.asked).toEqual(["assets", "trash"]);
    await first;
  });

  it("that is under way does not serve those who come later: they share the next one", async () => {
    const { state, client } = lists({ takes: 1000 });
    const assetList = createAssetList(client);
    const first = assetList.look();
    await pass(100);
    const [second, third] = [assetList.look(), assetList.look()];
    expect([second === first, second === third]).toEqual([false, true]);
    await pass(1800);
    expect(state.asked).toEqual(["assets", "trash"]);
    state.assets.push(asset({ id: "9" }));
    expect((await passing(first)).assets).toEqual([]);
    expect((await passing(second)).assets.map(({ id }) => id)).toEqual(["9"]);
    expect(state.asked).toHaveLength(4);
  });

  it("that failed does not stop the next one", async () => {
    const { state, client } = lists({ error: failure("server"), takes: 100 });
    const assetList = createAssetList(client);
    const first = assetList.look();
    first.catch(() => {});
    await pass(60);
    const second = assetList.look();
    await expect(passing(first)).rejects.toMatchObject({ code: "server" });
    state.error = null;
    expect((await passing(second)).assets).toEqual([]);
  });
});

describe("the trash", () => {
  it("is listed once a minute, with the caller's signal", async () => {
    const { state, client } = lists({ trash: [asset({ id: "7" })] });
    const { signal } = new AbortController();
    const assetList = createAssetList(client, signal);
    expect([...(await assetList.trash())]).toEqual(["7"]);
    await pass(60_000);
    await assetList.trash();
    expect(state.asked).toEqual(["trash"]);
    await pass(1);
    await assetList.trash();
    expect([state.asked, state.signals]).toEqual([
      ["trash", "trash"],
      [signal, signal],
    ]);
  });

  it.each(["not-found-upstream", "unauthorized"])("is empty where the service has none: %s", async (code) => {
    const { state, client } = lists({ error: failure(code) });
    const assetList = createAssetList(client);
    expect((await assetList.trash()).size).toBe(0);
    expect((await assetList.trash()).size).toBe(0);
    expect(state.asked).toEqual(["trash"]);
  });

  it("that could not be listed is asked for again by the next", async () => {
    const { state, client } = lists({ error: failure("server") });
    const assetList = createAssetList(client);
    await expect(assetList.trash()).rejects.toMatchObject({ code: "server" });
    state.error = null;
    state.trash.push(asset({ id: "7" }));
    expect([...(await assetList.trash())]).toEqual(["7"]);
  });

  it("whose old list fails late does not make the new one be listed again", async () => {
    const { state, client } = lists({ error: failure("server"), takes: 70_000 });
    const assetList = createAssetList(client);
    const old = assetList.trash();
    old.catch(() => {});
    await pass(60_001);
    state.takes = 0;
    state.error = null;
    await assetList.trash();
    state.error = failure("server");
    await expect(passing(old)).rejects.toMatchObject({ code: "server" });
    await assetList.trash();
    expect(state.asked).toHaveLength(2);
  });
});
