import { join } from "node:path";
import { fromBytes } from "../../bytes/memory.ts";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { sniff } from "../../facts/sniff.ts";
import { configurationPaths } from "../config/find-config.ts";
import type { Input } from "../files/inputs.ts";
import { hasMediaExtension, isMedia } from "../files/media-files.ts";
import { fromBlobObject } from "./blob.ts";
import { inIndex, textOf } from "./index-text.ts";
import { objectPath } from "./lfs.ts";
import { readObjects } from "./objects.ts";
import { parsePointer, pointerCap } from "./pointer.ts";
import { readAhead, smallBlob } from "./read-ahead.ts";
import { findRepository, type Repository } from "./repository.ts";
import { blobSizes, type StagedFile, sizeInWorkTree, stagedEntries, unmodifiedFiles } from "./staged.ts";

/** What git is about to commit. */
export interface GitIndex {
  root: string;
  /** How many files are staged, media or not. */
  staged: number;
  /** Text of a file as the index has it, or null; for paths inside the repository. */
  readText(path: string): Promise<string | null>;
  /** The media among the staged files, named relative to the root. */
  inputs(wanted: (path: string) => boolean): AsyncGenerator<Input>;
}

/** Small blobs are read in batches of this many bytes. */
const batchBytes = 16 * 1024 * 1024;

/** Paths outside the repository, and names that cannot be given to git in one line. */
const unaddressable = /^:0:\.\.\/|\n/;

/** @throws MediaPreflightError `git` */
export async function openGitIndex(cwd: string, signal: AbortSignal): Promise<GitIndex> {
  const repo = await findRepository(cwd, signal);
  const entries = await stagedEntries(repo);
  const settings = configurationPaths(cwd, repo.root)
    .map((path) => inIndex(path, repo))
    .filter((name) => !unaddressable.test(name));
  const first = await readAhead(settings, entries, repo);
  return {
    root: repo.root,
    staged: entries.length,
    async readText(path) {
      const name = inIndex(path, repo);
      if (unaddressable.test(name)) return null;
      const bytes = (settings.includes(name) ? first : await readObjects([name], repo)).get(name);
      return bytes ? await textOf(bytes, path, repo) : null;
    },
    async *inputs(wanted) {
      const selected = entries.filter(({ path }) => wanted(path));
      const rest = selected.filter(({ blob }) => !first.has(blob));
      const names = rest.map(({ path }) => path);
      const untouched = await unmodifiedFiles(names, repo, "none");
      const sizes = await blobSizes(rest, repo);
      const sizeOf = new Map(rest.map(({ blob }, i) => [blob, sizes[i] ?? null]));
      const files = selected.map((entry): StagedFile => {
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
      yield { kind: "error", displayName: file.path, error: missing(file) };
      continue;
    }
    const known = first.get(file.blob) ?? blobs.get(file.blob);
    if (known === undefined && needsRead(file)) blobs = await readObjects(nextBlobs(files, i, first), repo);
    const bytes = known ?? blobs.get(file.blob);
    const input = (await inputBehindPointer(file, bytes, repo)) ?? (await ownContent(file, bytes, repo));
    if (input !== "not media") yield input;
  }
}

const needsRead = (file: StagedFile): boolean => !file.inWorkTree && !file.missing && file.size <= smallBlob;

function missing(file: StagedFile): MediaPreflightError {
  return new MediaPreflightError("git", `git does not have the staged object ${file.blob}`, {
    hint: "check the repository with git fsck",
  });
}

/** The blobs that the files from the i-th on need, up to a bound. */
function nextBlobs(
  files: readonly StagedFile[],
  from: number,
  alreadyRead: ReadonlyMap<string, Uint8Array>,
): string[] {
  const names = new Set<string>();
  let bytes = 0;
  for (let i = from; i < files.length && bytes <= batchBytes; i++) {
    const file = files[i];
    if (!file || !needsRead(file) || alreadyRead.has(file.blob)) continue;
    names.add(file.blob);
    bytes += file.size;
  }
  return [...names];
}

/** The answer for a staged file that is not media, and so is not checked. */
type NotMedia = "not media";

/** The object behind a staged Git LFS pointer; null if the file is no pointer. */
async function inputBehindPointer(
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
      ? { kind: "missing-object", displayName: file.path, size: pointer.size }
      : "not media";
  return await media(file.path, () => fromPath(path));
}

async function ownContent(
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
  const input: Input = { kind: "source", displayName: path, open };
  if (hasMediaExtension(path)) return input;
  const source = open();
  try {
    return isMedia(await sniff(new Cursor(source, new Budget()))) ? input : "not media";
  } finally {
    await source.close?.();
  }
}
