import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { ledgerOver } from "../../src/ledger/store-ledger.ts";
import { asset, serviceInMemory, timeInTests } from "./client-in-memory.ts";
import { looks, neighbour, sending } from "./registering.ts";

/* An entry that a process left when it was killed: what the next one makes of it. */

const { now, pass, passing } = timeInTests();

describe("an entry that was left in the middle", () => {
  const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
  /** A ledger that holds one entry of the sound, left by a process that is no more. */
  const left = async (more: Partial<LedgerEntry>, others: LedgerEntry[] = []): Promise<Ledger> => {
    const first = memoryLedger();
    await passing(sending(serviceInMemory(), first));
    const [entry] = await first.entries();
    const { sha256, type, origin, account, file } = entry as LedgerEntry & { sha256: string };
    const owner = { pid: 1, host: "gone", started: null, nonce: "gone" };
    const kept = {
      sha256,
      type,
      origin,
      account,
      file,
      name: entry?.name,
      namedBy: "tool",
      owner,
      at: at(60),
      step: "registering",
      url: "https://cdn.test/0/a.wav",
      uploadedAt: at(60),
      sentAt: at(60),
      ...more,
    } as LedgerEntry;
    const all = new Map<string, LedgerEntry>([
      ["own", kept],
      ...others.map((one, i): [string, LedgerEntry] => [`${i}`, one]),
    ]);
    let key: string | null = null;
    const named = (text: string): string => (text.includes(sha256) ? "own" : text);
    return ledgerOver({
      owner: { pid: 2, host: "here", started: null, nonce: "here" },
      async read() {
        return { get: (text: string) => all.get(named(text)), keys: () => all.keys() } as never;
      },
      async write(text, change) {
        key = named(text);
        all.set(key, change(all.get(key) ?? null));
      },
      isAlive: () => false,
      flush: async () => {},
    });
  };

  it("is looked for by one look if one had found nothing before, and sent again at the recorded address", async () => {
    const service = serviceInMemory();
    service.assets.push(neighbour);
    const ledger = await left({ missedAt: at(30), at: at(1) });
    const begun = now();
    const made = await passing(sending(service, ledger));
    expect(made).toMatchObject({ reused: false, status: "active" });
    expect([looks(service), service.uploads.length, now() - begun]).toEqual([1, 0, 50]);
    expect(service.registrations).toMatchObject([{ url: "https://cdn.test/0/a.wav" }]);
  });

  it("keeps when it was first missed, however often it is looked for", async () => {
    const service = serviceInMemory();
    service.assets.push(neighbour);
    const missedAt = at(3);
    const ledger = await left({ missedAt, sentAt: at(5) });
    const begun = now();
    const sent = sending(service, ledger);
    await pass(1000);
    expect((await ledger.entries())[0]).toMatchObject({ step: "registering", missedAt });
    await passing(sent);
    expect([looks(service), now() - begun]).toEqual([2, 10_100]);
  });

  it.each([
    ["may be of any age at an address of its own", { uploadedAt: at(60) }, true],
    ["is not an older asset of an address that the user gave", { uploadedAt: undefined }, false],
  ])("%s", async (_, more, found) => {
    const service = serviceInMemory();
    service.assets.push(asset({ id: "50", url: "https://cdn.test/0/a.wav", raw: { created_at: at(6000) } }));
    const sent = passing(sending(service, await left(more)));
    if (found) expect(await sent).toMatchObject({ id: "50" });
    else
      await expect(sent).rejects.toMatchObject({
        code: "outcome-unknown",
        message: expect.stringMatching(/seems to be older/),
      });
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
    const ledger = await left({ name: "mine", namedBy: "user", missedAt: at(30) }, [known]);
    const ended = passing(sending(service, ledger));
    await (sent ? ended : expect(ended).rejects.toMatchObject({ code: "outcome-unknown" }));
    expect(service.registrations).toHaveLength(sent);
  });

  it.each([
    ["its exact address", { url: "https://cdn.test/0/a.wav", name: "x" }, {}],
    ["its name", { name: "by its name" }, { name: "by its name" }],
  ])("is found by %s", async (_, there, entry) => {
    const service = serviceInMemory();
    const elsewhere = asset({ id: "4", name: "y", url: "https://cdn.test/9/b.wav" });
    service.assets.push(neighbour, elsewhere, asset({ id: "50", ...there }));
    const ledger = await left(entry);
    expect(await passing(sending(service, ledger))).toMatchObject({ id: "50", reused: false });
    expect(service.registrations).toEqual([]);
    expect((await ledger.entries())[0]).toMatchObject({ step: "active", id: "50" });
  });

  it.each([
    ["its address but not its query", "https://cdn.test/0/a.wav", false],
    ["its address with another query", "https://cdn.test/0/a.wav?sig=2", false],
    ["its address with its query", "https://cdn.test/0/a.wav?sig=1", true],
  ])("of a signed address is looked for by the hash of all of it: %s", async (_, url, found) => {
    const { sha256OfText } = await import("../../src/bytes/sha256.ts");
    const service = serviceInMemory();
    service.assets.push(neighbour, asset({ id: "50", url, name: "x" }));
    const ledger = await left({ urlSha256: sha256OfText("https://cdn.test/0/a.wav?sig=1") });
    const made = await passing(sending(service, ledger));
    expect(made.id === "50").toBe(found);
    // An address of which a part is not known cannot be registered: it is uploaded again.
    expect(service.uploads.length).toBe(found ? 0 : 1);
  });

  it("is not found as an asset of another entry, of this service", async () => {
    const service = serviceInMemory();
    const named = asset({ id: "50", name: "by its name", url: "https://cdn.test/5/b.wav" });
    service.assets.push(neighbour, named);
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
      const ledger = await left({ name: "by its name", missedAt: at(30) }, [others(origin, more)]);
      const made = await passing(sending(service, ledger));
      expect([origin, made.id === "50"]).toEqual([origin, found]);
      service.assets.splice(2);
    }
  });

  it("is sent again at once where the user has looked, unless it is found", async () => {
    for (const there of [false, true]) {
      const service = serviceInMemory();
      if (there) service.assets.push(asset({ id: "50", url: "https://cdn.test/0/a.wav" }));
      const ledger = await left({ missedAt: at(30) });
      const made = await passing(sending(service, ledger, { again: ["unknown"] }));
      expect([made.id === "50", service.registrations.length]).toEqual(there ? [true, 0] : [false, 1]);
    }
  });

  it("is taken over before anything is sent, so that two who find it do not both send it", async () => {
    const service = serviceInMemory();
    service.assets.push(neighbour);
    const ledger = await left({});
    const sent = sending(service, ledger);
    await pass(10);
    expect((await ledger.entries())[0]).toMatchObject({ step: "registering", owner: { nonce: "here" } });
    await passing(sent);
  });
});
