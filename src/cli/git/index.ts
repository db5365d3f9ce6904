import { join, relative, sep } from "node:path";
import { fromBytes } from "../../bytes/memory.ts";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { sniff } from "../../facts/sniff.ts";
import { hasMediaExtension, isMedia } from "../candidates.ts";
import type { Input } from "../inputs.ts";
import { fromBlobObject } from "./blob.ts";
import { objectPath, parsePointer } from "./lfs.ts";
import { readObjects } from "./objects.ts";
import { findRepository, type Repository, type StagedFile, stagedFiles } from "./staged.ts";

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

/** @throws MediaPreflightError `git` */
export async function openIndex(cwd: string, signal: AbortSignal): Promise<Index> {
  const repo = await findRepository(cwd, signal);
  return {
    root: repo.root,
    async readText(path) {
      const name = `:${relative(repo.root, path).replaceAll(sep, "/")}`;
      const bytes = (await readObjects([name], repo)).get(name);
      return bytes ? new TextDecoder().decode(bytes) : null;
    },
    inputs: (wanted) => stagedInputs(repo, wanted),
  };
}

async function* stagedInputs(repo: Repository, wanted: (path: string) => boolean): AsyncGenerator<Input> {
  const files = await stagedFiles(repo, wanted);
  const small = files.filter((file) => !file.inWorkTree && file.size <= smallBlob);
  const blobs = await readObjects([...new Set(small.map((file) => file.blob))], repo);
  for (const file of files) {
    const bytes = blobs.get(file.blob);
    const pointer = bytes ? parsePointer(bytes) : null;
    if (pointer) {
      const path = objectPath(pointer, file.path, repo);
      if (path === null) {
        if (hasMediaExtension(file.path)) yield { kind: "absent", shown: file.path, size: pointer.size };
      } else if (await isMediaFile(file.path, () => fromPath(path))) {
        yield { kind: "source", shown: file.path, open: () => fromPath(path) };
      }
      continue;
    }
    const open = opener(file, bytes, repo);
    if (await isMediaFile(file.path, open)) yield { kind: "source", shown: file.path, open };
  }
}

function opener(file: StagedFile, bytes: Uint8Array | undefined, repo: Repository): () => ByteSource {
  if (file.inWorkTree) return () => fromPath(join(repo.root, file.path));
  return bytes ? () => fromBytes(bytes, file.path) : () => fromBlobObject(file, repo);
}

async function isMediaFile(path: string, open: () => ByteSource): Promise<boolean> {
  if (hasMediaExtension(path)) return true;
  const source = open();
  try {
    return isMedia(await sniff(new Cursor(source, new Budget())));
  } finally {
    await source.close?.();
  }
}
