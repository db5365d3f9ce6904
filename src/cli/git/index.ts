import { join } from "node:path";
import { fromBytes } from "../../bytes/memory.ts";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { sniff } from "../../facts/sniff.ts";
import { configurationPaths } from "../config/find.ts";
import type { Input } from "../files/inputs.ts";
import { hasMediaExtension, isMedia } from "../files/media-files.ts";
import { fromBlobObject } from "./blob.ts";
import { fetchFirst, smallBlob } from "./fetch-first.ts";
import { inIndex, textOf } from "./index-text.ts";
import { objectPath } from "./lfs.ts";
import { readObjects } from "./objects.ts";
import { parsePointer, pointerCap } from "./pointer.ts";
import { findRepository, type Repository } from "./repository.ts";
import { blobSizes, type StagedFile, sizeInWorkTree, stagedEntries, untouchedFiles } from "./staged.ts";

/** What git is about to commit. */
export interface Index {
  root: string;
  /** How many files are staged, media or not. */
  staged: number;
  /** Text of a file as the index has it, or null; for paths inside the repository. */
  readText(path: string): Promise<string | null>;
  /** The media among the staged files, named relative to the root. */
  inputs(wanted: (path: string) => boolean): AsyncGenerator<Input>;
}

/** Small blobs are read in batches of so many bytes. */
const fetchedAtOnce = 16 * 1024 * 1024;

/** Paths outside the repository, and names that cannot be given to git in one line. */
const beyond = /^:0:\.\.\/|\n/;

/** @throws MediaPreflightError `git` */
export async function openIndex(cwd: string, signal: AbortSignal): Promise<Index> {
  const repo = await findRepository(cwd, signal);
  const entries = await stagedEntries(repo);
  const settings = configurationPaths(cwd, repo.root)
    .map((path) => inIndex(path, repo))
    .filter((name) => !beyond.test(name));
  const first = await fetchFirst(settings, entries, repo);
  return {
    root: repo.root,
    staged: entries.length,
    async readText(path) {
      const name = inIndex(path, repo);
      if (beyond.test(name)) return null;
      const bytes = (settings.includes(name) ? first : await readObjects([name], repo)).get(name);
      return bytes ? await textOf(bytes, path, repo) : null;
    },
    async *inputs(wanted) {
      const mine = entries.filter(({ path }) => wanted(path));
      const rest = mine.filter(({ blob }) => !first.has(blob));
      const names = rest.map(({ path }) => path);
      const untouched = await untouchedFiles(names, repo, "none");
      const sizes = await blobSizes(rest, repo);
      const sizeOf = new Map(rest.map(({ blob }, i) => [blob, sizes[i] ?? null]));
      const files = mine.map((entry): StagedFile => {
        const size = first.get(entry.blob)?.byteLength ?? sizeOf.get(entry.blob) ?? null;
        // A changed line end changes the size: where it is the same, so are the bytes.
        const inWorkTree = untouched.has(entry.path) && sizeInWorkTree(repo, entry.path) === size;
        return { ...entry, size: size ?? 0, missing: size === null, inWorkTree };
      });
      yield* stagedInputs(files, first, repo);
    },
  };
}

async function* stagedInputs(
  files: readonly StagedFile[],
  first: Map<string, Uint8Array>,
  repo: Repository,
): AsyncGenerator<Input> {
  let blobs = first;
  for (const [i, file] of files.entries()) {
    if (file.missing) {
      yield { kind: "error", shown: file.path, error: missing(file) };
      continue;
    }
    const known = first.get(file.blob) ?? blobs.get(file.blob);
    if (known === undefined && needsFetch(file)) blobs = await readObjects(nextBlobs(files, i, first), repo);
    const bytes = known ?? blobs.get(file.blob);
    const input = (await behindPointer(file, bytes, repo)) ?? (await plain(file, bytes, repo));
    if (input !== "not media") yield input;
  }
}

const needsFetch = (file: StagedFile): boolean => !file.inWorkTree && !file.missing && file.size <= smallBlob;

function missing(file: StagedFile): MediaPreflightError {
  return new MediaPreflightError("git", `git does not have the staged object ${file.blob}`, {
    hint: "check the repository with git fsck",
  });
}

/** The blobs that the files from the i-th on need, up to a bound. */
function nextBlobs(
  files: readonly StagedFile[],
  from: number,
  held: ReadonlyMap<string, Uint8Array>,
): string[] {
  const names = new Set<string>();
  let bytes = 0;
  for (let i = from; i < files.length && bytes <= fetchedAtOnce; i++) {
    const file = files[i];
    if (!file || !needsFetch(file) || held.has(file.blob)) continue;
    names.add(file.blob);
    bytes += file.size;
  }
  return [...names];
}

/** The answer for a staged file that is not media, and so is not checked. */
type NotMedia = "not media";

/** The object behind a staged Git LFS pointer; null if the file is no pointer. */
async function behindPointer(
  file: StagedFile,
  bytes: Uint8Array | undefined,
  repo: Repository,
): Promise<Input | NotMedia | null> {
  if (file.size >= pointerCap) return null;
  const work = join(repo.root, file.path);
  const pointer = parsePointer(bytes ?? readRegularFile(work, { maxBytes: pointerCap }));
  if (!pointer) return null;
  const path = await objectPath(pointer, file.inWorkTree ? null : work, repo);
  if (path === null)
    return hasMediaExtension(file.path)
      ? { kind: "absent", shown: file.path, size: pointer.size }
      : "not media";
  return await media(file.path, () => fromPath(path));
}

async function plain(
  file: StagedFile,
  bytes: Uint8Array | undefined,
  repo: Repository,
): Promise<Input | NotMedia> {
  const open = (): ByteSource =>
    file.inWorkTree
      ? fromPath(join(repo.root, file.path))
      : bytes
        ? fromBytes(bytes, file.path)
        : fromBlobObject(file, repo);
  return await media(file.path, open);
}

/** A file that is media by its name or by its first bytes. */
async function media(path: string, open: () => ByteSource): Promise<Input | NotMedia> {
  const input: Input = { kind: "source", shown: path, open };
  if (hasMediaExtension(path)) return input;
  const source = open();
  try {
    return isMedia(await sniff(new Cursor(source, new Budget()))) ? input : "not media";
  } finally {
    await source.close?.();
  }
}
