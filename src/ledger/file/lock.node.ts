import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, open, rm, unlink } from "node:fs/promises";
import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import { sha256OfText } from "../../bytes/sha256.ts";
import { MediaPreflightError } from "../../errors.ts";
import { isAlive, newOwner, retire } from "./owner.node.ts";
import type { Owner } from "./record.ts";
import { temporaryName } from "./replace-file.node.ts";

/*
 * Why not a library: proper-lockfile and similar packages release a lock some seconds after its last sign of life, and
 * two of them can release it at the same time. Here a lock names its owner, so that the lock of a dead process is free
 * at once, and only one process can release it.
 */

export interface LockOptions {
  owner: Owner;
  signal?: AbortSignal | null | undefined;
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for an owner that is alive. Default 150,000. */
  deadline?: number | undefined;
}

const defaultDeadlineInMilliseconds = 150_000;
/** A longer wait is reported. */
const silentWaitInMilliseconds = 1000;
/** Locks exist for some milliseconds; one of another host that is unchanged for this long is abandoned. */
const foreignLockInMilliseconds = 120_000;
/** A lock that names no owner is still being written, or its writer died, on a file system without hard links. */
const unreadableLockInMilliseconds = 2000;
/** A lock's content is some hundred bytes. */
const largestLockInBytes = 4096;

/**
 * Takes the lock file at `path`. @returns a function that releases it
 *
 * Taking it is one `link` of a file that already names its owner, so that a lock file is never seen half written.
 * Removing a dead owner's lock needs another lock, named after that lock's content: only one process can get it, and it
 * reads it again before deleting, so that a lock acquired in the meantime is never deleted.
 * @throws MediaPreflightError `ledger-locked`, `aborted`
 */
export async function lock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const deadline = options.deadline ?? defaultDeadlineInMilliseconds;
  const waited = new Stopwatch();
  const watch = new HolderWatch();
  for (let reported = false; ; ) {
    if (await take(path, options.owner)) return () => unlink(path).catch(ignoreMissing);
    const holder = await readHolder(path);
    if (holder && watch.isAbandoned(holder)) {
      await removeAbandoned(path, holder, options);
    } else {
      const elapsed = waited.longest();
      if (elapsed > deadline) throw stillLocked(path, holder);
      if (holder && !reported && elapsed > silentWaitInMilliseconds) {
        reported = true;
        options.onWait?.(`waiting for ${holder.name}, which has locked the ledger`);
      }
    }
    await delay(5 + Math.random() * 20, options.signal ?? null);
  }
}

/**
 * Removes the lock at `path` if its owner is known to be dead. The next process to lock the file would do so too, but a run that has
 * nothing to write locks nothing. @throws MediaPreflightError `ledger-locked` while another process removes it
 */
export async function removeDeadLock(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.alive !== false) return;
  const owner = newOwner();
  try {
    await removeAbandoned(path, holder, { owner, deadline: 0 });
  } finally {
    retire(owner);
  }
}

function stillLocked(path: string, holder: Holder | null): MediaPreflightError {
  return new MediaPreflightError(
    "ledger-locked",
    `${holder?.name ?? "another process"} has locked the ledger`,
    {
      hint: `if nothing is running there, delete ${path}`,
      retryable: true,
    },
  );
}

async function removeAbandoned(path: string, holder: Holder, options: LockOptions): Promise<void> {
  const release = await lock(`${path}.${holder.fingerprint}`, options);
  try {
    if ((await readHolder(path))?.fingerprint === holder.fingerprint) await unlink(path).catch(ignoreMissing);
  } finally {
    await release();
  }
}

async function take(path: string, owner: Owner): Promise<boolean> {
  // Different each time: a lock that was acquired, released and acquired again is another lock.
  const content = JSON.stringify({ ...owner, taken: randomUUID() });
  const temporary = temporaryName(path);
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code === "EPERM" || code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOSYS") {
      return takeWithoutLinks(path, content);
    }
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For file systems without hard links (exFAT, some network ones). */
async function takeWithoutLinks(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(content).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

interface Holder {
  name: string;
  /** Whether its owner is alive; null if that cannot be known. */
  alive: boolean | null;
  /** Differs between any two locks at the same path. */
  fingerprint: string;
  /** Milliseconds of this machine's clock after which an unchanged lock is abandoned. */
  abandonedAfter: number;
}

/** Measures how long a lock has been unchanged, by this machine's clock alone. */
class HolderWatch {
  #fingerprint: string | null = null;
  #since = new Stopwatch();

  isAbandoned({ alive, fingerprint, abandonedAfter }: Holder): boolean {
    if (alive !== null) return !alive;
    if (fingerprint !== this.#fingerprint) {
      this.#fingerprint = fingerprint;
      this.#since = new Stopwatch();
    }
    return this.#since.shortest() > abandonedAfter;
  }
}

/** The lock's holder; null if it was released in the meantime. @throws MediaPreflightError `ledger-locked` if it is not a lock */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size > largestLockInBytes) throw notALock(path);
    const content = await readLock(path);
    const fingerprint = sha256OfText(`${content}\0${content ? "" : found.ino}`).slice(0, 16);
    const owner = ownerIn(content);
    if (!owner)
      return {
        name: "an unknown process",
        alive: null,
        fingerprint,
        abandonedAfter: unreadableLockInMilliseconds,
      };
    const name = `process ${owner.pid} on ${owner.host}`;
    return { name, alive: isAlive(owner), fingerprint, abandonedAfter: foreignLockInMilliseconds };
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

async function readLock(path: string): Promise<string> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(largestLockInBytes));
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A link, a folder, a device: it would never be released. */
function notALock(path: string): MediaPreflightError {
  return new MediaPreflightError("ledger-locked", `${path} is not a lock of this tool`, {
    hint: "remove it, and run the same command again",
  });
}

function ownerIn(content: string): Owner | null {
  try {
    const { pid, host, started, nonce } = JSON.parse(content) as Record<string, unknown>;
    if (typeof pid !== "number" || typeof host !== "string" || typeof nonce !== "string") return null;
    return { pid, host, started: typeof started === "string" ? started : null, nonce };
  } catch {
    return null;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
