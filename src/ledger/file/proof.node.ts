import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { loadOnce } from "../../async/load-once.ts";
import { entryText, type LedgerEntry } from "../entry.ts";

/*
 * A ledger in a repository can come from anybody. An entry that this machine wrote carries a message authentication code
 * (HMAC-SHA-256) by a key in the user's state folder, which no repository can know.
 */

/** Tells entries that this machine wrote from others. */
export interface Proofs {
  make(entry: LedgerEntry): Promise<string>;
  holds(entry: LedgerEntry, proof: string | undefined): Promise<boolean>;
}

const keyFile = "ledger-key";
const keyInBytes = 32;

/** @param directory where the key is kept; it is made with the first use */
export function createProofs(directory: string = stateDirectory()): Proofs {
  const key = loadOnce(() => readOrMakeKey(directory));
  const make = async (entry: LedgerEntry): Promise<string> =>
    createHmac("sha256", await key())
      .update(entryText(entry))
      .digest("hex");
  return {
    make,
    async holds(entry, proof) {
      if (proof === undefined) return false;
      const [given, wanted] = [Buffer.from(proof), Buffer.from(await make(entry))];
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}

/**
 * The user's folder for state that outlives a run: $XDG_STATE_HOME (XDG Base Directory Specification 0.8) where it is
 * set, otherwise the platform's own.
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const name = "media-preflight";
  const state = env.XDG_STATE_HOME;
  if (state && isAbsolute(state)) return join(state, name);
  if (platform === "win32") return join(env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), name);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", name);
  return join(homedir(), ".local", "state", name);
}

/** Without a place to keep it, the key lasts as long as the process: unfinished uploads are then made again. */
async function readOrMakeKey(directory: string): Promise<Buffer> {
  const fresh = randomBytes(keyInBytes);
  try {
    return (await readKey(directory)) ?? (await keepKey(directory, fresh)) ?? fresh;
  } catch {
    return fresh;
  }
}

/** Null if there is none. A key that others could have written or read is not used. */
async function readKey(directory: string): Promise<Buffer | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(join(directory, keyFile), flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { mode, uid, size } = await file.stat();
    const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || !own || size !== keyInBytes)
      throw new Error("not a key of this user");
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Two processes may make one at the same time: the first to put it there wins, and both use that. */
async function keepKey(directory: string, key: Buffer): Promise<Buffer | null> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `${keyFile}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    await file.writeFile(key).finally(() => file.close());
    await link(temporary, join(directory, keyFile)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return await readKey(directory);
  } finally {
    await rm(temporary, { force: true });
  }
}
