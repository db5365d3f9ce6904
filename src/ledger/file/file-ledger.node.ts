import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import { entryText, keyText, type LedgerEntry, ledgerVersion } from "../entry.ts";
import type { Ledger } from "../ledger.ts";
import { type LedgerStore, ledgerOver } from "../store-ledger.ts";
import {
  largestFileInBytes,
  orNull,
  tooLarge,
  twice,
  unkeepable,
  unreadable,
  unwritable,
} from "./errors.node.ts";
import { lock } from "./lock.node.ts";
import { isLiving, newOwner, retire } from "./owner.node.ts";
import { replaceFile, sweep } from "./replace-file.node.ts";

/** The ledger the command keeps in the working directory. */
export const ledgerFile = "media-preflight.lock.json";

/** Where the file lies, and how long its lock is waited for. */
export interface FileLedgerOptions {
  /** Told once when a living process holds the file. */
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for that. Default 150,000. */
  lockDeadline?: number | undefined;
  /** Milliseconds in which steps are gathered for one rewrite. Default 8. */
  gather?: number | undefined;
}

/** A ledger kept in a file. */
export interface FileLedger extends Ledger {
  readonly path: string;
  /** Rewrites done, for those who measure. */
  readonly rewrites: number;
  /** Writes what is left and ends this owner. */
  close(): Promise<void>;
}

/** A claim from another host cannot be asked whether it lives; past this age, its first write would fail anyway. */
const foreignClaimInMilliseconds = 600_000;

interface Pending {
  key: string;
  change(now: LedgerEntry | null): LedgerEntry;
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * The ledger in a file: JSON, sorted, one field a line, replaced atomically. Several processes may use it at
 * once; a lock is held only while it is rewritten. Nothing is read or written before the first use.
 */
export function fileLedger(file: string = ledgerFile, options: FileLedgerOptions = {}): FileLedger {
  const path = resolve(file);
  const owner = newOwner();
  let entries = new Map<string, LedgerEntry>();
  /** Each entry as text, made once. */
  let texts = new Map<string, string>();
  let order: string[] | null = null;
  let seen = "nothing yet";
  let loading: Promise<void> | null = null;
  let pending: Pending[] = [];
  let draining: Promise<void> | null = null;
  let swept = false;
  let rewrites = 0;

  /** Reads the file if it is not the one last read or written. */
  function load(): Promise<void> {
    loading ??= reload().finally(() => {
      loading = null;
    });
    return loading;
  }

  async function reload(): Promise<void> {
    if (!swept) await sweep(path);
    swept = true;
    const started = rewrites;
    const found = await stat(path, { bigint: true }).catch(orNull);
    if (printOf(found) === seen) return;
    const handle = found ? await open(path, "r").catch(orNull) : null;
    try {
      const opened = handle ? await handle.stat({ bigint: true }) : null;
      if (opened && opened.size > largestFileInBytes) throw tooLarge(file);
      const fresh = handle ? await parsed(await handle.readFile("utf8").catch(unreadable), file) : [];
      const next = new Map<string, LedgerEntry>();
      fresh.forEach((entry, i) => {
        const key = keyText(entry);
        if (next.has(key)) throw twice(file, i);
        next.set(key, entry);
      });
      if (started !== rewrites) return await reload();
      entries = next;
      texts = new Map();
      order = null;
      seen = printOf(opened);
    } finally {
      await handle?.close();
    }
  }

  function write(key: string, change: (now: LedgerEntry | null) => LedgerEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      pending.push({ key, change, resolve, reject });
      draining ??= drain();
    });
  }

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, options.gather ?? 8));
      const batch = pending;
      pending = [];
      try {
        await commit(batch);
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    // In the same breath as the look at `pending`: a step that comes later starts anew.
    draining = null;
  }

  async function commit(batch: Pending[]): Promise<void> {
    const release = await lock(`${path}.lock`, {
      owner,
      onWait: options.onWait,
      deadline: options.lockDeadline,
    }).catch((error: unknown) => {
      throw error instanceof MediaPreflightError ? error : unwritable(file, error);
    });
    try {
      // A load that began before the lock was taken may have read what was there before.
      await loading?.catch(() => {});
      await load();
      const changed = new Map<string, LedgerEntry>();
      const { faultOf } = await import("../schema.ts");
      for (const one of batch) {
        try {
          const entry = one.change(changed.get(one.key) ?? entries.get(one.key) ?? null);
          const fault = faultOf(entry);
          if (fault) throw unkeepable(fault);
          changed.set(one.key, entry);
        } catch (error) {
          one.reject(error);
        }
      }
      if (changed.size > 0) await rewrite(changed);
    } finally {
      await release();
    }
  }

  async function rewrite(changed: Map<string, LedgerEntry>): Promise<void> {
    for (const [key, entry] of changed) {
      if (!entries.has(key)) order = null;
      entries.set(key, entry);
      texts.set(key, indented(entry));
    }
    order ??= [...entries.keys()].sort();
    try {
      await replaceFile(path, parts(order));
      seen = printOf(await stat(path, { bigint: true }).catch(orNull));
      rewrites++;
    } catch (error) {
      seen = "unknown"; // what is in memory is not on disk
      throw unwritable(file, error);
    }
  }

  function* parts(keys: string[]): Generator<string> {
    yield `{\n  "schemaVersion": ${ledgerVersion},\n  "entries": [`;
    let separator = "\n";
    for (const key of keys) {
      let text = texts.get(key);
      if (text === undefined) {
        text = indented(entries.get(key) as LedgerEntry);
        texts.set(key, text);
      }
      yield separator;
      yield text;
      separator = ",\n";
    }
    yield "\n  ]\n}\n";
  }

  async function flush(): Promise<void> {
    while (draining) await draining;
  }

  const store: LedgerStore = {
    owner,
    async read() {
      await load();
      return entries;
    },
    write,
    isAlive: (other, at) => isLiving(other) ?? Date.now() - Date.parse(at) < foreignClaimInMilliseconds,
    flush,
  };
  return {
    ...ledgerOver(store),
    path,
    get rewrites() {
      return rewrites;
    },
    async close() {
      await flush();
      retire(owner);
    },
  };
}

function indented(entry: LedgerEntry): string {
  return entryText(entry).replace(/^/gm, "    ");
}

/** valibot is loaded only where there is something to validate. */
async function parsed(json: string, file: string): Promise<LedgerEntry[]> {
  const { parseLedger } = await import("../schema.ts");
  return parseLedger(json, file);
}

interface Found {
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

function printOf(found: Found | null): string {
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : "none";
}
