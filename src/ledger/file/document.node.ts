import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";
import { keyText, ledgerVersion } from "../entry.ts";
import {
  duplicateEntry,
  largestFileInBytes,
  notAFile,
  orNull,
  tooLarge,
  unreadable,
  unwritable,
} from "./errors.node.ts";
import { type FileRecord, recordText } from "./record.ts";
import { replaceFile } from "./replace-file.node.ts";
import { sweep } from "./sweep.node.ts";

/** The ledger file as it was last read or written, and how it is read and written. */
export class LedgerDocument {
  readonly path: string;
  /** As the caller named it, for messages. */
  readonly #file: string;
  #records = new Map<string, FileRecord>();
  /** The text of each record in the file, serialized once. */
  #texts = new Map<string, string>();
  #order: string[] | null = null;
  /** Identifies the version of the file that was read; null before the first read, and if the file may differ. */
  #fingerprint: string | null = null;
  #loading: Promise<void> | null = null;
  #swept = false;
  #rewrites = 0;

  constructor(file: string, path: string) {
    this.#file = file;
    this.path = path;
  }

  get rewrites(): number {
    return this.#rewrites;
  }

  get records(): ReadonlyMap<string, FileRecord> {
    return this.#records;
  }

  /** The keys of all records, sorted. */
  get order(): readonly string[] {
    this.#order ??= [...this.#records.keys()].sort();
    return this.#order;
  }

  /** Reads the file if it is not the one last read or written. */
  load(): Promise<void> {
    this.#loading ??= this.#reload().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Reads it again: a read under way may have started before a change. */
  async reload(): Promise<void> {
    await this.#loading?.catch(() => {});
    await this.load();
  }

  /** Replaces the file by one with these records changed. To be called under the lock, after `reload`. */
  async rewrite(changed: ReadonlyMap<string, FileRecord>): Promise<void> {
    for (const [key, record] of changed) {
      if (!this.#records.has(key)) this.#order = null;
      this.#records.set(key, record);
      this.#texts.set(key, indented(record));
    }
    try {
      await replaceFile(this.path, this.#parts());
      this.#fingerprint = fingerprintOf(await stat(this.path, { bigint: true }).catch(orNull));
      this.#rewrites++;
    } catch (error) {
      this.#fingerprint = null;
      throw unwritable(this.#file, error);
    }
  }

  async #reload(): Promise<void> {
    if (!this.#swept) await sweep(this.path);
    this.#swept = true;
    const rewritesBefore = this.#rewrites;
    const found = await lstat(this.path, { bigint: true }).catch(orNull);
    if (fingerprintOf(found) === this.#fingerprint) return;
    if (found && !found.isFile()) throw notAFile(this.#file, kindOf(found));
    const handle = found ? await openWithoutWaiting(this.path).catch(orNull) : null;
    try {
      const opened = handle ? await handle.stat({ bigint: true }) : null;
      if (opened && !opened.isFile()) throw notAFile(this.#file, kindOf(opened));
      if (opened && opened.size > largestFileInBytes) throw tooLarge(this.#file);
      const records = handle ? await this.#parse(await readText(handle, this.#file)) : new Map();
      if (rewritesBefore !== this.#rewrites) return await this.#reload();
      this.#records = records;
      this.#texts = new Map();
      this.#order = null;
      this.#fingerprint = fingerprintOf(opened);
    } finally {
      await handle?.close();
    }
  }

  /** valibot is loaded only if there is something to validate. */
  async #parse(json: string): Promise<Map<string, FileRecord>> {
    const { parseLedger } = await import("./schema.ts");
    const records = new Map<string, FileRecord>();
    parseLedger(json, this.#file).forEach((record, i) => {
      const key = keyText(record.entry);
      if (records.has(key)) throw duplicateEntry(this.#file, i);
      records.set(key, record);
    });
    return records;
  }

  *#parts(): Generator<string> {
    yield `{\n  "schemaVersion": ${ledgerVersion},\n  "entries": [`;
    let separator = "\n";
    for (const key of this.order) {
      const text = this.#texts.get(key) ?? indented(this.#records.get(key) as FileRecord);
      this.#texts.set(key, text);
      yield separator;
      yield text;
      separator = ",\n";
    }
    yield "\n  ]\n}\n";
  }
}

function indented(record: FileRecord): string {
  return recordText(record).replace(/^/gm, "    ");
}

/** A FIFO would block until a process writes to it; a link may have replaced the file since it was checked. */
function openWithoutWaiting(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
}

async function readText(handle: FileHandle, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  for (let bytes = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1 << 20)).catch(unreadable);
    if (bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
    bytes += bytesRead;
    if (bytes > largestFileInBytes) throw tooLarge(file);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function fingerprintOf(found: BigIntStats | null): string {
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : "none";
}

function kindOf(found: BigIntStats): string {
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a FIFO";
  return "a device or socket";
}
