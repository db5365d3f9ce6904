import { createHash, randomUUID } from "node:crypto";
import { link, open, readFile, rm, stat, unlink } from "node:fs/promises";
import { delay } from "../../async/delay.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Owner } from "../entry.ts";
import { isLiving } from "./owner.node.ts";
import { temporaryName } from "./replace-file.node.ts";

/*
 * Why not a library: those that are kept well (proper-lockfile and its kin) free a lock some seconds after its
 * last sign of life, and two of them may free it at once. Here a lock says who holds it, so that one whose holder
 * is dead is free at once, and only one process can ever free it.
 */

export interface LockOptions {
  owner: Owner;
  signal?: AbortSignal | null | undefined;
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for a living holder. Default 150,000. */
  deadline?: number | undefined;
}

/** A lock is held for some milliseconds; of a holder on another host nothing else can be known than its age. */
const foreignLockInMilliseconds = 120_000;

/**
 * Takes the lock file at `path`; the answer gives it back.
 *
 * Taking is one `link` of a file that already says who its owner is: a lock file is never seen half written.
 * Freeing a dead holder's lock takes another lock, named after that very lock's content: only one process can get
 * it, and it looks again before it deletes, so that a lock taken meanwhile is never deleted by mistake.
 * @throws MediaPreflightError `ledger-locked`, `aborted`
 */
export async function lock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const deadline = Date.now() + (options.deadline ?? 150_000);
  const start = Date.now();
  for (let told = false; ; ) {
    if (await take(path, options.owner)) {
      return () => unlink(path).catch(ignoreMissing);
    }
    const holder = await look(path);
    if (!holder) continue;
    if (holder.dead) {
      const release = await lock(`${path}.${holder.print}`, options);
      try {
        if ((await look(path))?.print === holder.print) await unlink(path).catch(ignoreMissing);
      } finally {
        await release();
      }
      continue;
    }
    if (Date.now() > deadline) {
      throw new MediaPreflightError("ledger-locked", `${holder.who} holds the ledger`, {
        hint: `if nothing is running there, delete ${path}`,
        retryable: true,
      });
    }
    if (!told && Date.now() - start > 1000) {
      told = true;
      options.onWait?.(`waiting for ${holder.who}, which holds the ledger`);
    }
    await delay(5 + Math.random() * 20, options.signal ?? null);
  }
}

async function take(path: string, owner: Owner): Promise<boolean> {
  // A content of its own each time: a lock taken, given back and taken again is another lock.
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
  who: string;
  dead: boolean;
  /** Tells this lock from any other at the same path. */
  print: string;
}

async function look(path: string): Promise<Holder | null> {
  try {
    const [content, { mtimeMs, ino }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const print = createHash("sha256")
      .update(`${content}\0${content ? "" : ino}`)
      .digest("hex")
      .slice(0, 16);
    const owner = ownerIn(content);
    const age = Date.now() - mtimeMs;
    // Half written, by a process that died on a file system without links.
    if (!owner) return { who: "an unknown process", dead: age > 2000, print };
    const living = isLiving(owner);
    const dead = living === null ? age > foreignLockInMilliseconds : !living;
    return { who: `process ${owner.pid} on ${owner.host}`, dead, print };
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
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
