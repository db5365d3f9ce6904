import { describe, expect, it, vi } from "vitest";
import type { EntryProgress, LedgerEntry } from "../../src/ledger/entry.ts";
import { LeaseLost, type Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { asset, failure, serviceInMemory, withMethods } from "./client-in-memory.ts";
import { entryOf, sha256, submitInMemory } from "./submit-in-memory.ts";

/* What is begun again: files that change, entries that others take, registrations and uploads that were left. */

const { sending } = submitInMemory();

describe("a file that keeps changing", () => {
  const changed = {
    code: "changed",
    message: "it kept changing while it was checked and uploaded: nothing was registered",
    hint: "run it again when nothing writes to it any more",
    retryable: true,
  };
  it("is checked four times and not uploaded, if it changes while it is checked", async () => {
    let stamps = 0;
    const service = serviceInMemory();
    const stamp = async (): Promise<string> => String(stamps++);
    await expect(sending(service, {}, { stamp })).rejects.toMatchObject(changed);
    expect([stamps, service.calls]).toEqual([8, []]);
  });

  it.each([
    ["by its stamp", { stamp: (sent: number) => `${sent}`, sha256: () => sha256 }],
    ["by its bytes", { stamp: () => "1", sha256: (sent: number) => `${sent}`.padStart(64, "0") }],
  ])("is uploaded four times and not registered, if it changes while it is uploaded: %s", async (_, says) => {
    const service = serviceInMemory();
    const onUploaded = vi.fn();
    const file = {
      stamp: async () => says.stamp(service.uploads.length),
      sha256: async () => says.sha256(service.uploads.length),
    };
    await expect(sending(service, { onUploaded }, file)).rejects.toMatchObject(changed);
    expect([service.uploads.length, service.registrations, onUploaded.mock.calls]).toEqual([4, [], []]);
  });

  it("starts again if the client reports the change", async () => {
    let sends = 0;
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        if (++sends < 4) throw failure("changed");
        return usual.uploadMedia(file, options);
      },
    }));
    expect(await sending(service)).toMatchObject({ status: "active" });
    sends = 0;
    const never = serviceInMemory(() => ({ uploadMedia: () => Promise.reject(failure("changed")) }));
    await expect(sending(never)).rejects.toMatchObject(changed);
  });

  it("stops with the caller's signal before it starts again", async () => {
    const stop = new AbortController();
    const service = serviceInMemory();
    let stamps = 0;
    const stamp = async (): Promise<string> => {
      if (++stamps === 2) stop.abort();
      return String(stamps);
    };
    await expect(sending(service, { signal: stop.signal }, { stamp })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(stamps).toBe(2);
  });
});

describe("an entry that other processes keep claiming", () => {
  it("is tried four times and then reported as locked", async () => {
    const ledger = memoryLedger();
    let claims = 0;
    let released = 0;
    const taken: Ledger = {
      ...ledger,
      async claim(...given) {
        claims++;
        const claim = await ledger.claim(...given);
        return withMethods(claim, {
          record: async () => {
            throw new LeaseLost(claim.key);
          },
          async release() {
            released++;
            await claim.release();
          },
        });
      },
    };
    await expect(sending(serviceInMemory(), { ledger: taken })).rejects.toMatchObject({
      code: "ledger-locked",
      message: "other processes kept claiming its entry in the ledger",
      retryable: true,
    });
    expect([claims, released]).toEqual([4, 4]);
  });
});

describe("a registration that proves lost each time", () => {
  it("is sent four times and then fails as retryable", async () => {
    const service = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("network")) }));
    service.assets.push(asset({ id: "3", name: "other" }));
    await expect(sending(service)).rejects.toMatchObject({
      code: "network",
      message: "its registration was lost on the way each time it was sent",
      hint: "run it again later",
      retryable: true,
      report: { verdict: "pass" },
    });
    // The upload's address is good for some minutes: the file itself is sent once.
    expect([service.calls.filter((name) => name === "registerAsset").length, service.uploads.length]).toEqual(
      [4, 1],
    );
  });
});

describe("a recorded upload", () => {
  const at = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();
  const uploaded = async (more: Partial<EntryProgress>): Promise<Ledger> => {
    const ledger = memoryLedger();
    const refusing = serviceInMemory(() => ({ registerAsset: () => Promise.reject(failure("forbidden")) }));
    await sending(refusing, { ledger }).catch(() => {});
    const {
      sha256: hash,
      type,
      origin,
      account,
    } = (await entryOf(ledger)) as LedgerEntry & { sha256: string };
    const claim = await ledger.claim({ sha256: hash, type, origin, account }, null);
    await claim.record({ ...(claim.entry as LedgerEntry), ...more });
    await claim.release();
    return ledger;
  };
  it.each([
    ["a moment old is registered", {}, 0, 0],
    ["almost five minutes old is registered", {}, 299_999, 0],
    ["five minutes old is sent again", {}, 300_000, 1],
    ["made in the future, by a clock that ran ahead, is registered", {}, -1000, 0],
    ["of which only a part is known is sent again", { urlSha256: sha256 }, 0, 1],
    ["of which no time is known is sent again", { uploadedAt: undefined }, 0, 1],
    ["that is only checked is sent", { step: "checked" as const }, 0, 1],
  ])("%s", async (_, more, age, uploads) => {
    const ledger = await uploaded({ uploadedAt: at(age), ...more });
    const service = serviceInMemory();
    expect(await sending(service, { ledger })).toMatchObject({ reused: false, status: "active" });
    expect(service.uploads).toHaveLength(uploads);
    if (uploads === 0) expect(service.registrations[0]?.url).toBe("https://cdn.test/1/a.wav");
  });

  it("stays recorded after a refusal, and can be claimed", async () => {
    const ledger = await uploaded({});
    const claim = await ledger.claim((await entryOf(ledger)) as LedgerEntry, null, { deadline: 0 });
    expect(claim.entry).toMatchObject({ step: "uploaded" });
  });
});

describe("an asset that the user wants to register again", () => {
  it("keeps up to 64 former ids", async () => {
    const ledger = memoryLedger();
    const service = serviceInMemory();
    const first = await sending(service, { ledger });
    const claim = await ledger.claim({ ...((await entryOf(ledger)) as LedgerEntry) }, null);
    const formerIds = Array.from({ length: 64 }, (_, i) => `${i}`);
    await claim.record({ ...(claim.entry as LedgerEntry), formerIds });
    await claim.release();
    service.trash.push(...service.assets.splice(0));
    const second = await sending(service, { ledger, again: ["gone"] });
    expect(await entryOf(ledger)).toMatchObject({
      id: second.id,
      formerIds: [...formerIds.slice(1), first.id],
    });
  });

  it("is recorded as checked, with the former id, before it is uploaded", async () => {
    const ledger = memoryLedger();
    const seen: (LedgerEntry | undefined)[] = [];
    const service = serviceInMemory((_, usual) => ({
      async uploadMedia(file, options) {
        seen.push(await entryOf(ledger));
        return usual.uploadMedia(file, options);
      },
    }));
    service.fresh = { status: "failed" };
    await sending(service, { ledger }).catch(() => {});
    service.fresh = {};
    await sending(service, { ledger, again: ["failed"] });
    expect(seen).toMatchObject([{ step: "checked" }, { step: "checked", formerIds: ["100"] }]);
    expect(seen[1]).not.toHaveProperty("id");
  });
});
