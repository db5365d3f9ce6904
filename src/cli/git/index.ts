import { readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { fromBytes } from "../../bytes/memory.ts";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { sniff } from "../../facts/sniff.ts";
import { hasMediaExtension, isMedia } from "../candidates.ts";
import { configName } from "../config/find.ts";
import type { Input } from "../inputs.ts";
import { fromBlobObject } from "./blob.ts";
import { objectPath } from "./lfs.ts";
import { readObjects } from "./objects.ts";
import { parsePointer, pointerCap } from "./pointer.ts";
import { findRepository, type Repository } from "./repository.ts";
import { blobSizes, type StagedFile, stagedEntries, stagedFile, untouchedFiles } from "./staged.ts";

/** What git is about to commit. */
export interface Index {
  root: string;
  /** Text of a file as the index has it, or null; for paths inside the repository. */
  readText(path: string): Promise<string | null>;
  /** The media among the staged files, named relative to the root. */
  inputs(wanted: (path: string) => boolean): AsyncGenerator<Input>;
}

/** Blobs up to this many bytes are fetched together; larger ones are streamed until their headers decide. */
const smallBlob = 1024 * 1024;
/** Of those, as many at a time as are held in memory without a thought. */
const fetchedAtOnce = 16 * 1024 * 1024;

/** @throws MediaPreflightError `git` */
export async function openIndex(cwd: string, signal: AbortSignal): Promise<Index> {
  const repo = await findRepository(cwd, signal);
  // Git is at work before anybody waits for it.
  const entries = stagedEntries(repo);
  const untouched = entries.then((list) => untouchedFiles(list, repo));
  const sizes = entries.then((list) => blobSizes(list, repo));
  for (const asked of [untouched, sizes]) asked.catch(() => {});
  return {
    root: repo.root,
    async readText(path) {
      const name = relative(repo.root, path).replaceAll(sep, "/");
      const { files, known } = await untouched;
      if (files.has(name)) return readFileSync(path, "utf8");
      const listed = [configName, "package.json"].includes(basename(path));
      if ((listed && !known.has(name)) || /^\.\.\/|\n/.test(name)) return null;
      const bytes = (await readObjects([`:${name}`], repo)).get(`:${name}`);
      return bytes ? new TextDecoder().decode(bytes) : null;
    },
    async *inputs(wanted) {
      const [list, { files }, bytes] = await Promise.all([entries, untouched, sizes]);
      const staged = list.map((entry, i) => [entry, bytes[i] ?? null] as const);
      const mine = staged.filter(([entry]) => wanted(entry.path));
      yield* stagedInputs(
        mine.map(([entry, size]) => stagedFile(entry, size, files, repo)),
        repo,
      );
    },
  };
}

async function* stagedInputs(files: readonly StagedFile[], repo: Repository): AsyncGenerator<Input> {
  let blobs = new Map<string, Uint8Array>();
  for (const [i, file] of files.entries()) {
    if (file.missing) {
      yield { kind: "error", shown: file.path, error: missing(file) };
      continue;
    }
    if (needsFetch(file) && !blobs.has(file.blob)) blobs = await readObjects(nextBlobs(files, i), repo);
    const bytes = blobs.get(file.blob);
    const input = (await behindPointer(file, bytes, repo)) ?? (await plain(file, bytes, repo));
    if (input !== "left alone") yield input;
  }
}

/** What is no media is nobody's business here. */
type Other = "left alone";

const needsFetch = (file: StagedFile): boolean => !file.inWorkTree && !file.missing && file.size <= smallBlob;

function missing(file: StagedFile): MediaPreflightError {
  return new MediaPreflightError("git", `git does not have the staged object ${file.blob}`, {
    hint: "git fsck tells whether the repository is sound",
  });
}

/** The blobs that the files from the i-th on need, up to a bound. */
function nextBlobs(files: readonly StagedFile[], from: number): string[] {
  const names = new Set<string>();
  let bytes = 0;
  for (let i = from; i < files.length && bytes <= fetchedAtOnce; i++) {
    const file = files[i];
    if (!file || !needsFetch(file)) continue;
    names.add(file.blob);
    bytes += file.size;
  }
  return [...names];
}

/** The object in the stead of a staged Git LFS pointer; null where the file is none. */
async function behindPointer(
  file: StagedFile,
  bytes: Uint8Array | undefined,
  repo: Repository,
): Promise<Input | Other | null> {
  if (file.size >= pointerCap) return null;
  const work = join(repo.root, file.path);
  const pointer = parsePointer(bytes ?? readFileSync(work));
  if (!pointer) return null;
  const path = await objectPath(pointer, file.inWorkTree ? null : work, repo);
  if (path === null)
    return hasMediaExtension(file.path)
      ? { kind: "absent", shown: file.path, size: pointer.size }
      : "left alone";
  return await media(file.path, () => fromPath(path));
}

async function plain(
  file: StagedFile,
  bytes: Uint8Array | undefined,
  repo: Repository,
): Promise<Input | Other> {
  const open = (): ByteSource =>
    file.inWorkTree
      ? fromPath(join(repo.root, file.path))
      : bytes
        ? fromBytes(bytes, file.path)
        : fromBlobObject(file, repo);
  return await media(file.path, open);
}

/** A file that is media by its name or by its first bytes. */
async function media(path: string, open: () => ByteSource): Promise<Input | Other> {
  const input: Input = { kind: "source", shown: path, open };
  if (hasMediaExtension(path)) return input;
  const source = open();
  try {
    return isMedia(await sniff(new Cursor(source, new Budget()))) ? input : "left alone";
  } finally {
    await source.close?.();
  }
}
