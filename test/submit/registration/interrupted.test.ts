import { describe, expect, it } from "vitest";
import { keyOf, type LedgerEntry, progressOf } from "../../../src/ledger/entry.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { MemoryStore, memoryLedger } from "../../../src/ledger/memory.ts";
import type { LeaseAnswer, LeaseRequest } from "../../../src/ledger/store.ts";
import { ledgerOver } from "../../../src/ledger/store-ledger.ts";
import { allEntries } from "../../ledger/entries.ts";
import { asset, serviceInMemory, timeInTests, withMethods } from "../client-in-memory.ts";
import { listings, otherAsset, sending } from "./registering.ts";

/* An entry that a process left when it was killed: what the next one makes of it. */

const { now, pass, passing } = timeInTests();

/** A store whose content may come from anybody, as a ledger file out of a repository. */
class UntrustedStore extends MemoryStore {
  override async acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    const answer = await super.acquire(request);
    return answer.outcome === "granted" ? { ...answer, trusted: false } : answer;
  }
}

describe("an entry whose registration was interrupted", () => {
  const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
  /** A ledger that holds one entry of the valid file, left by a process that no longer exists. */
  const left = async (
    more: Partial<LedgerEntry>,
    others: LedgerEntry[] = [],
    { trusted = true } = {},
  ): Promise<Ledger> => {
    const first = memoryLedger();
    await passing(sending(serviceInMemory(), first));
    const [entry] = (await allEntries(first)) as [LedgerEntry];
    const { type, origin, account, file } = entry;
    const { sha256 } = entry as LedgerEntry & { sha256: string };
    const kept = {
      ...{ sha256, type, origin, account, file, assetName: entry.assetName, namedBy: "tool" },
      at: at(60),
      step: "registering",
      url: "https://cdn.test/0/a.wav",
      uploadedAt: at(60),
      sentAt: at(60),
      ...more,
    } as LedgerEntry;
    const ledger = ledgerOver(trusted ? new MemoryStore() : new UntrustedStore());
    for (const one of [kept, ...others]) {
      const claim = await ledger.claim(keyOf(one), one.file);
      await claim.record({ ...progressOf(one) });
      await claim.release();
    }
    return ledger;
  };
  /** The generated asset name of the valid file. */
  const generatedName = async (): Promise<string> => {
    const service = serviceInMemory();
    await passing(sending(service, undefined));
    return service.registrations[0]?.name ?? "";
  };

  it("is searched for once if an earlier search found nothing, and sent again with the recorded URL", async () => {
    const service = serviceInMemory();
    service.assets.push(otherAsset);
    const ledger = await left({ missedAt: at(30), at: at(1) });
    const begun = now();
    const made = await passing(sending(service, ledger));
    expect(made).toMatchObject({ reused: false, status: "active" });
    expect([listings(service), service.uploads.length, now() - begun]).toEqual([1, 0, 50]);
    expect(service.registrations).toMatchObject([{ url: "https://cdn.test/0/a.wav" }]);
  });

  it("records when it was first missed, however often it is searched for", async () => {
    const service = serviceInMemory();
    service.assets.push(otherAsset);
    const missedAt = at(3);
    const ledger = await left({ missedAt, sentAt: at(5) });
    const begun = now();
    const sent = sending(service, ledger);
    await pass(1000);
    expect((await allEntries(ledger))[0]).toMatchObject({ step: "registering", missedAt });
    await passing(sent);
    expect([listings(service), now() - begun]).toEqual([2, 10_100]);
  });

  it.each([
    ["found by the URL of its upload, without a name", { uploadedAt: at(60) }, {}, true],
    ["not found by the URL alone if the user gave it", { uploadedAt: undefined }, {}, false],
    ["not found by the URL alone if the ledger cannot be trusted", {}, { trusted: false }, false],
  ])("is %s", async (_, more, trust, found) => {
    const service = serviceInMemory();
    service.assets.push(asset({ id: "50", url: "https://cdn.test/0/a.wav" }));
    const sent = passing(sending(service, await left(more, [], trust)));
    if (found) expect(await sent).toMatchObject({ id: "50" });
    else await expect(sent).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(service.registrations).toEqual([]);
  });

  it("is found by a name that contains its hash, also if the ledger is not trusted", async () => {
    for (const trusted of [true, false]) {
      const service = serviceInMemory();
      service.assets.push(asset({ id: "50", name: await generatedName() }));
      const ledger = await left({ assetName: "x" }, [], { trusted });
      expect(await passing(sending(service, ledger))).toMatchObject({ id: "50", reused: false });
    }
  });

  it("is waited for as long as a new registration if the ledger is not trusted", async () => {
    const service = serviceInMemory();
    service.assets.push(otherAsset);
    const ledger = await left({ missedAt: at(30) }, [], { trusted: false });
    const begun = now();
    await passing(sending(service, ledger));
    expect(now() - begun).toBeGreaterThanOrEqual(15_000);
    // Nor is its upload registered: the file is uploaded again.
    expect([service.uploads.length, service.registrations[0]?.url]).toEqual([1, "https://cdn.test/1/a.wav"]);
  });

  it.each([
    ["an asset of the user's own name is another one where the list repeats addresses as sent", "6/c.wav", 1],
    ["where it shows other addresses than were sent, it may be the one", "6/other.wav", 0],
  ])("%s", async (_, path, sent) => {
    const service = serviceInMemory();
    service.assets.push(
      asset({ id: "60", url: `https://cdn.test/${path}?sig=2` }),
      asset({ id: "61", name: "mine", url: "https://cdn.test/7/d.wav" }),
    );
    const known = {
      sha256: "f".repeat(64),
      type: "audio",
      origin: "https://console.test",
      account: "default",
      file: null,
      step: "active",
      at: at(100),
      id: "60",
      url: "https://cdn.test/6/c.wav",
    } as LedgerEntry;
    const ledger = await left({ assetName: "mine", namedBy: "user", missedAt: at(30) }, [known]);
    const ended = passing(sending(service, ledger));
    await (sent ? ended : expect(ended).rejects.toMatchObject({ code: "outcome-unknown" }));
    expect(service.registrations).toHaveLength(sent);
  });

  it.each([
    ["its exact address", { url: "https://cdn.test/0/a.wav", name: "x" }, {}],
    ["its name", { name: "by its name" }, { assetName: "by its name" }],
  ])("is found by %s", async (_, there, entry) => {
    const service = serviceInMemory();
    const elsewhere = asset({ id: "4", name: "y", url: "https://cdn.test/9/b.wav" });
    service.assets.push(otherAsset, elsewhere, asset({ id: "50", ...there }));
    const ledger = await left(entry);
    expect(await passing(sending(service, ledger))).toMatchObject({ id: "50", reused: false });
    expect(service.registrations).toEqual([]);
    expect((await allEntries(ledger))[0]).toMatchObject({ step: "active", id: "50" });
  });

  it.each([
    ["its address but not its query", "https://cdn.test/0/a.wav", false],
    ["its address with another query", "https://cdn.test/0/a.wav?sig=2", false],
    ["its address with its query", "https://cdn.test/0/a.wav?sig=1", true],
  ])("with a signed URL is found by the hash of the full URL: %s", async (_, url, found) => {
    const { sha256OfText } = await import("../../../src/bytes/sha256.ts");
    const service = serviceInMemory();
    service.assets.push(otherAsset, asset({ id: "50", url, name: "x" }));
    const ledger = await left({ urlSha256: sha256OfText("https://cdn.test/0/a.wav?sig=1") });
    const made = await passing(sending(service, ledger));
    expect(made.id === "50").toBe(found);
    // An address of which a part is not known cannot be registered: it is uploaded again.
    expect(service.uploads.length).toBe(found ? 0 : 1);
  });

  it("is not matched with the asset of another entry of this service", async () => {
    const service = serviceInMemory();
    const named = asset({ id: "50", name: "by its name" });
    service.assets.push(otherAsset, named);
    const others = (origin: string, more: object): LedgerEntry =>
      ({
        sha256: "f".repeat(64),
        type: "audio",
        origin,
        account: "default",
        file: null,
        step: "active",
        at: at(100),
        ...more,
      }) as LedgerEntry;
    for (const [origin, more, found] of [
      ["https://console.test", { id: "50" }, false],
      ["https://console.test", { id: "51", formerIds: ["50"] }, false],
      ["https://other.test", { id: "50" }, true],
    ] as const) {
      const ledger = await left({ assetName: "by its name", missedAt: at(30) }, [others(origin, more)]);
      const made = await passing(sending(service, ledger));
      expect([origin, made.id === "50"]).toEqual([origin, found]);
      service.assets.splice(2);
    }
  });

  it("is sent again at once with the user's permission, unless it is found", async () => {
    for (const there of [false, true]) {
      const service = serviceInMemory();
      if (there) service.assets.push(asset({ id: "50", url: "https://cdn.test/0/a.wav" }));
      const ledger = await left({ missedAt: at(30) });
      const made = await passing(sending(service, ledger, { again: ["unknown"] }));
      expect([made.id === "50", service.registrations.length]).toEqual(there ? [true, 0] : [false, 1]);
    }
  });

  it("is claimed before anything is sent, so that two processes do not both send it", async () => {
    const service = serviceInMemory();
    service.assets.push(otherAsset);
    const ledger = await left({});
    const amended: object[] = [];
    const watched: Ledger = {
      ...ledger,
      async claim(...args) {
        const claim = await ledger.claim(...args);
        return withMethods(claim, {
          amend(fields) {
            amended.push({ ...fields, listings: listings(service) });
            return claim.amend(fields);
          },
        });
      },
    };
    await passing(sending(service, watched));
    expect(amended[0]).toEqual({ listings: 0 });
  });
});
