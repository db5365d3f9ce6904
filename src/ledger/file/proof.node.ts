import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadOnce } from "../../async/load-once.ts";
import { makeFolder } from "../../bytes/make-folder.node.ts";
import { stateDirectory } from "../../bytes/state-directory.node.ts";
import { entryText, type LedgerEntry } from "../entry.ts";

/*
 * A ledger in a repository can come from anybody. An entry that this machine wrote carries a message authentication code
 * (HMAC-SHA-256) by a key in the user's state folder, which no repository can know.
 */

/** Distinguishes entries that this machine wrote from others. */
export interface Proofs {
  make(entry: LedgerEntry): Promise<string>;
  verify(entry: LedgerEntry, proof: string | undefined): Promise<boolean>;
}

const keyFile = "ledger-key";
const keyInBytes = 32;

/** @param directory of the key file; created with the first use */
export function createProofs(directory: string = stateDirectory()): Proofs {
  const key = loadOnce(() => readOrMakeKey(directory));
  const make = async (entry: LedgerEntry): Promise<string> =>
    createHmac("sha256", await key())
      .update(entryText(entry))
      .digest("hex");
  return {
    make,
    async verify(entry, proof) {
      if (proof === undefined) return false;
      const [given, expected] = [Buffer.from(proof), Buffer.from(await make(entry))];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** If the key cannot be stored, it is valid in this process only: unfinished uploads are then repeated. */
async function readOrMakeKey(directory: string): Promise<Buffer> {
  const fresh = randomBytes(keyInBytes);
  try {
    return (await readKey(directory)) ?? (await storeKey(directory, fresh)) ?? fresh;
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

/** Of two processes that do this at the same time, both use the key that was stored first. */
async function storeKey(directory: string, key: Buffer): Promise<Buffer | null> {
  makeFolder(directory, 0o700);
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
