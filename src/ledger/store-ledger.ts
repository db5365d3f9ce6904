import { delay } from "../async/delay.ts";
import { MediaPreflightError, throwIfAborted } from "../errors.ts";
import {
  entryText,
  keyOf,
  keyText,
  type LedgerEntry,
  type LedgerKey,
  type Owner,
  type Progressed,
} from "./entry.ts";
import { ClaimLost, type ClaimOptions, type Ledger, type LedgerClaim } from "./ledger.ts";

/** Where entries are kept. */
export interface LedgerStore {
  readonly owner: Owner;
  /** Fresh entries by `keyText`; cheap where nothing changed. */
  read(): Promise<ReadonlyMap<string, LedgerEntry>>;
  /**
   * Replaces one entry by what `change` makes of it as it is at that moment, nobody else writing in between.
   * What `change` throws is thrown. Resolves once kept.
   */
  write(key: string, change: (now: LedgerEntry | null) => LedgerEntry): Promise<void>;
  /** Whether the owner may still be at work on an entry written at `at`. */
  isAlive(owner: Owner, at: string): boolean | Promise<boolean>;
  flush(): Promise<void>;
}

const pollInMilliseconds = 150;

/** The ledger's rules over any store. */
export function ledgerOver(store: LedgerStore): Ledger {
  /** Who is at work on a key within this process: the tail of the queue. */
  const queues = new Map<string, Promise<void>>();

  async function claim(
    key: LedgerKey,
    file: string | null,
    options: ClaimOptions = {},
  ): Promise<LedgerClaim> {
    throwIfAborted(options.signal);
    const text = keyText(key);
    const leave = await enter(queues, text, options.signal ?? null);
    try {
      return await whenFree(text, options, (seen) => held(store, key, file, seen, leave));
    } catch (error) {
      leave();
      throw error;
    }
  }

  async function whenFree(
    text: string,
    options: ClaimOptions,
    take: (seen: LedgerEntry | null) => LedgerClaim,
  ): Promise<LedgerClaim> {
    const deadline = Date.now() + (options.deadline ?? 600_000);
    for (let told = false; ; ) {
      throwIfAborted(options.signal);
      const seen = (await store.read()).get(text) ?? null;
      const other = seen?.owner && seen.owner.nonce !== store.owner.nonce ? seen.owner : null;
      if (!seen || !other || !(await store.isAlive(other, seen.at))) return take(seen);
      if (Date.now() > deadline) {
        throw new MediaPreflightError(
          "ledger-locked",
          `process ${other.pid} on ${other.host} is still at work on it`,
          {
            hint: "wait for that process to end, or end it, and run the same command again",
            retryable: true,
          },
        );
      }
      if (!told)
        options.onWait?.(
          `waiting for process ${other.pid} on ${other.host}, which is at work on the same file`,
        );
      told = true;
      await delay(pollInMilliseconds, options.signal ?? null);
    }
  }

  return {
    claim,
    async entries() {
      const all = await store.read();
      return [...all.keys()].sort().map((text) => all.get(text) as LedgerEntry);
    },
    flush: () => store.flush(),
  };
}

function held(
  store: LedgerStore,
  key: LedgerKey,
  file: string | null,
  seen: LedgerEntry | null,
  leave: () => void,
): LedgerClaim {
  let entry = seen;
  /** As the store has it, for all that is known. */
  let kept = seen;
  const identity = keyOf(key);
  const text = keyText(key);

  function put(progressed: Progressed, owner: Owner | undefined): Promise<void> {
    const next: LedgerEntry = { ...identity, file: entry?.file ?? file, ...progressed, owner };
    const before = entry;
    entry = next;
    const change = (now: LedgerEntry | null): LedgerEntry => {
      const mine = now?.owner?.nonce === store.owner.nonce;
      const untouched = now && before && entryText(now) === entryText(before);
      // Whoever wrote since this claim looked has the entry; one that was deleted meanwhile is nobody's.
      if (now && !mine && !untouched) throw new ClaimLost(key);
      return next;
    };
    return store.write(text, change).then(
      () => {
        kept = next;
      },
      (error) => {
        // What was not kept is not so: it is neither gone on from nor written again when it is let go of.
        if (entry === next) entry = kept;
        throw error;
      },
    );
  }

  return {
    key: identity,
    get entry() {
      return entry;
    },
    record(progressed) {
      // What is active or failed rests: no second write to let go of it.
      const done = progressed.step === "active" || progressed.step === "failed";
      return put(progressed, done ? undefined : store.owner);
    },
    async release() {
      try {
        if (entry?.owner?.nonce === store.owner.nonce) await put(entry, undefined);
      } catch (error) {
        if (!(error instanceof ClaimLost)) throw error;
      } finally {
        leave();
      }
    },
  };
}

/** Waits for the key's turn within this process; the answer ends the turn. */
async function enter(
  queues: Map<string, Promise<void>>,
  text: string,
  signal: AbortSignal | null,
): Promise<() => void> {
  const before = queues.get(text);
  let leave: () => void = () => {};
  const turn = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const tail = (before ?? Promise.resolve()).then(() => turn);
  queues.set(text, tail);
  // Whoever gave up waiting is still behind those before: only once they are done, too, is the queue over.
  tail.then(() => {
    if (queues.get(text) === tail) queues.delete(text);
  });
  if (before) await orAborted(before, signal);
  return leave;
}

/** Whoever waited looks at the signal next. */
function orAborted(promise: Promise<void>, signal: AbortSignal | null): Promise<void> {
  if (!signal) return promise;
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop);
    promise.then(resolve).finally(() => signal.removeEventListener("abort", stop));
  });
}
