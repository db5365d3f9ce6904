import { Stopwatch } from "../async/stopwatch.ts";
import { MediaPreflightError, throwIfAborted } from "../errors.ts";
import { type GrantedLease, StoreClaim } from "./claim.ts";
import { keyText, type LedgerEntry, type LedgerKey } from "./entry.ts";
import { KeyQueue } from "./key-queue.ts";
import type { ClaimOptions, EntriesOptions, Ledger } from "./ledger.ts";
import type { LeaseRequest, LedgerStore } from "./store.ts";

/** Milliseconds of a lease unless the claim has the option: renewed every 20 s. */
export const defaultLeaseInMilliseconds = 60_000;
const defaultClaimDeadlineInMilliseconds = 600_000;

/** A ledger over any store. */
export function ledgerOver(store: LedgerStore): Ledger {
  const queue = new KeyQueue();
  const open = new Set<StoreClaim>();
  const flush = async (): Promise<void> => {
    await Promise.all([...open].map((claim) => claim.flush()));
    await store.flush();
  };
  return {
    async claim(key, file, options = {}) {
      throwIfAborted(options.signal);
      const text = keyText(key);
      const leave = await queue.enter(text, options.signal ?? null);
      try {
        const granted = await acquire(store, key, file, options);
        const claim = new StoreClaim(store, granted, () => {
          open.delete(claim);
          leave();
        });
        open.add(claim);
        return claim;
      } catch (error) {
        leave();
        throw error;
      }
    },
    get: (key) => store.get(keyText(key)),
    known: (origin, ids) => store.known(origin, ids),
    entries: (options) => eachEntry(store, options),
    reserveRegistration: (bucket, perMinute) => store.reserve(bucket, perMinute),
    flush,
    async close() {
      await flush();
      for (const claim of open) claim.abandon();
      await store.close();
    },
  };
}

/** Requests the lease until it is granted. */
async function acquire(
  store: LedgerStore,
  key: LedgerKey,
  file: string | null,
  options: ClaimOptions,
): Promise<GrantedLease> {
  const signal = options.signal ?? null;
  const deadline = options.deadline ?? defaultClaimDeadlineInMilliseconds;
  const waited = new Stopwatch();
  const request: LeaseRequest = {
    key,
    text: keyText(key),
    // Not randomUUID: pages without TLS lack it.
    holder: crypto.getRandomValues(new Uint32Array(4)).join("-"),
    duration: options.lease ?? defaultLeaseInMilliseconds,
    signal,
  };
  for (let reported = false; ; reported = true) {
    throwIfAborted(signal);
    const sinceRequest = new Stopwatch();
    const answer = await store.acquire(request);
    if (answer.outcome === "granted")
      return { lease: { ...request, token: answer.token }, answer, sinceRequest, file };
    const left = deadline - waited.longest();
    if (left < 0) throw stillLeased(answer.holder);
    if (!reported) options.onWait?.(`waiting for ${answer.holder}, which is working on the same file`);
    await store.waitForRelease(request.text, Math.min(answer.remaining, left) + 1, signal);
  }
}

function stillLeased(holder: string): MediaPreflightError {
  return new MediaPreflightError("ledger-locked", `${holder} is still working on this file`, {
    hint: "wait for that process to end, or end it, and run the same command again",
    retryable: true,
  });
}

async function* eachEntry(
  store: LedgerStore,
  { pageSize = 1000, signal }: EntriesOptions = {},
): AsyncGenerator<LedgerEntry, void> {
  let after: string | null = null;
  do {
    throwIfAborted(signal);
    const { entries, next }: { entries: LedgerEntry[]; next: string | null } = await store.page(
      after,
      pageSize,
    );
    yield* entries;
    after = next;
  } while (after !== null);
}
