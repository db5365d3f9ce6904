import { afterGrace } from "../../async/grace.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import type { LedgerEntry } from "../entry.ts";
import { knownAmong, pageOf } from "../entry-lists.ts";
import type { KnownAsset } from "../ledger.ts";
import { reserveSlot } from "../registration-slots.ts";
import type { EntryWrite, Lease, LeaseAnswer, LeaseRequest, LedgerStore, WriteAnswer } from "../store.ts";
import type { LedgerDocument } from "./document.node.ts";
import { unrecordable } from "./errors.node.ts";
import { isAlive, type newOwner } from "./owner.node.ts";
import type { Proofs } from "./proof.node.ts";
import { type EntryOwner, type FileRecord, recordText } from "./record.ts";
import { FileWatch } from "./watch.node.ts";
import type { Change, Decision, WriteQueue } from "./write-queue.node.ts";

/** Milliseconds between checks that the owner's process still exists. */
const livenessIntervalInMilliseconds = 500;
/** Changes by other hosts are not notified on a shared file system. */
const foreignIntervalInMilliseconds = 2000;

/**
 * Entries and leases in the ledger file. A lease is written with the first write under it, so that reading changes
 * nothing. The lease of an owner on this machine ends with its process. An owner on another host has to renew its lease:
 * if its entry is unchanged for as long as the lease, by this machine's clock alone, the entry is free.
 */
export class FileStore implements LedgerStore {
  readonly renews = true;
  readonly #document: LedgerDocument;
  readonly #queue: WriteQueue;
  readonly #owner: ReturnType<typeof newOwner>;
  readonly #proofs: Proofs;
  readonly #watch: FileWatch;
  /** The text of each lease's entry when the lease was granted. */
  readonly #granted = new Map<string, string>();
  /** Entries of owners on other hosts: their text, and since when it is unchanged. */
  readonly #observed = new Map<string, { text: string; since: Stopwatch }>();
  readonly #slots = new Map<string, number>();

  constructor(
    document: LedgerDocument,
    queue: WriteQueue,
    owner: ReturnType<typeof newOwner>,
    proofs: Proofs,
  ) {
    this.#document = document;
    this.#queue = queue;
    this.#owner = owner;
    this.#proofs = proofs;
    this.#watch = new FileWatch(document.path);
  }

  async acquire({ text, holder }: LeaseRequest): Promise<LeaseAnswer> {
    await this.#document.load();
    const record = this.#document.records.get(text) ?? null;
    const other = record?.owner && this.#leasedBy(text, record, record.owner);
    if (other) return other;
    this.#observed.delete(text);
    this.#granted.set(holder, textOf(record));
    return {
      outcome: "granted",
      token: holder,
      entry: record?.entry ?? null,
      interrupted: record?.owner !== undefined,
      trusted: record !== null && (await this.#proofs.verify(record.entry, record.proof)),
      now: Date.now(),
    };
  }

  renew(lease: Lease): Promise<WriteAnswer> {
    return this.#change(lease, (now) => {
      if (now?.owner?.claim === lease.token)
        return replaceBy({ ...now, owner: { ...now.owner, renewals: now.owner.renewals + 1 } });
      return { outcome: textOf(now) === this.#granted.get(lease.token) ? "keep" : "lost" };
    });
  }

  async write(lease: Lease, { entry, release, trusted }: EntryWrite): Promise<WriteAnswer> {
    const proof = trusted ? await this.#proofs.make(entry) : undefined;
    const { faultOf } = await import("./schema.ts");
    const answer = await this.#change(lease, (now) => {
      if (!this.#holds(lease, now)) return { outcome: "lost" };
      const renewals = now?.owner?.claim === lease.token ? now.owner.renewals : 0;
      const owner: EntryOwner = { ...this.#owner, claim: lease.token, lease: lease.duration, renewals };
      const record: FileRecord = { entry, proof, owner: release ? undefined : owner };
      const fault = faultOf(record);
      if (fault) throw unrecordable(fault);
      return replaceBy(record);
    });
    if (release) this.#granted.delete(lease.token);
    return answer;
  }

  async release(lease: Lease): Promise<void> {
    this.#granted.delete(lease.token);
    const written = this.#document.records.get(lease.text)?.owner?.claim === lease.token;
    if (!written) return;
    await this.#change(lease, (now) =>
      now?.owner?.claim === lease.token ? replaceBy({ ...now, owner: undefined }) : { outcome: "keep" },
    );
  }

  async get(text: string): Promise<LedgerEntry | null> {
    await this.#document.load();
    return this.#document.records.get(text)?.entry ?? null;
  }

  async known(origin: string, ids: readonly string[]): Promise<KnownAsset[]> {
    await this.#document.load();
    const entries = [...this.#document.records.values()].map(({ entry }) => entry);
    return knownAmong(entries, origin, ids);
  }

  async page(after: string | null, size: number): Promise<{ entries: LedgerEntry[]; next: string | null }> {
    await this.#document.load();
    return pageOf(this.#document.records, ({ entry }) => entry, after, size, this.#document.order);
  }

  waitForRelease(_text: string, milliseconds: number, signal: AbortSignal | null): Promise<void> {
    return this.#watch.wait(milliseconds, signal);
  }

  /** Shared by those who use this ledger object; several processes need a database for it. */
  async reserve(bucket: string, perMinute: number): Promise<number> {
    const { wait, next } = reserveSlot(this.#slots.get(bucket), performance.now(), perMinute);
    this.#slots.set(bucket, next);
    return wait;
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    this.#watch.close();
  }

  /** No other owner wrote the entry since the lease was granted. A deleted entry has no owner. */
  #holds({ token }: Lease, now: FileRecord | null): boolean {
    return now === null || now.owner?.claim === token || textOf(now) === this.#granted.get(token);
  }

  async #change(lease: Lease, decide: Change["decide"]): Promise<WriteAnswer> {
    const outcome = await this.#queue.add({
      text: lease.text,
      signal: afterGrace(lease.signal ?? null),
      decide,
    });
    return outcome === "lost" ? { outcome: "lost" } : { outcome: "written", now: Date.now() };
  }

  /** The owner that has the entry, or null. */
  #leasedBy(
    text: string,
    record: FileRecord,
    owner: EntryOwner,
  ): (LeaseAnswer & { outcome: "leased" }) | null {
    // One of this ledger's own has ended: claims of one key follow each other.
    if (owner.nonce === this.#owner.nonce) return null;
    const holder = `process ${owner.pid} on ${owner.host}`;
    const alive = isAlive(owner);
    if (alive !== null)
      return alive ? { outcome: "leased", holder, remaining: livenessIntervalInMilliseconds } : null;
    const left = owner.lease - this.#unchangedFor(text, record);
    return left > 0
      ? { outcome: "leased", holder, remaining: Math.min(left, foreignIntervalInMilliseconds) }
      : null;
  }

  #unchangedFor(text: string, record: FileRecord): number {
    const now = recordText(record);
    const before = this.#observed.get(text);
    if (before?.text === now) return before.since.shortest();
    this.#observed.set(text, { text: now, since: new Stopwatch() });
    return 0;
  }
}

function replaceBy(record: FileRecord): Decision {
  return { outcome: "replace", record };
}

function textOf(record: FileRecord | null): string {
  return record ? recordText(record) : "";
}
