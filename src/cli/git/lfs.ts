import { lstatSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { sha256OfPath } from "../../bytes/sha256-path.node.ts";
import { type LfsPointer, parsePointer, pointerCap } from "./pointer.ts";
import { findRepository, type Repository } from "./repository.ts";
import { git } from "./run.ts";

/**
 * The path of a pointer's object on this machine, or null: in git-lfs's store, otherwise the work tree's file if it has
 * the object's hash.
 * @param workFile the work tree's file of the pointer's path, or null where it is the pointer itself
 */
export async function objectPath(
  pointer: LfsPointer,
  workFile: string | null,
  repo: Repository,
): Promise<string | null> {
  const { oid, size } = pointer;
  const inStore = (store: string): string => join(store, "objects", oid.slice(0, 2), oid.slice(2, 4), oid);
  const defaultPath = inStore(join(repo.commonDir, "lfs"));
  if (ownSizeOf(defaultPath) === size) return defaultPath;
  const configured = await storeOf(repo);
  if (configured !== null && ownSizeOf(inStore(configured)) === size) return inStore(configured);
  if (workFile === null || ownSizeOf(workFile) !== size) return null;
  return (await sha256OfPath(workFile)) === oid ? workFile : null;
}

/** The object of a pointer file: null if the file is no pointer; `object` is null if it is not on this machine. */
export async function lfsObjectAt(
  path: string,
  signal?: AbortSignal,
): Promise<{ pointer: LfsPointer; object: string | null } | null> {
  const pointer = pointerAt(path);
  if (pointer === null) return null;
  try {
    const repo = await findRepository(dirname(resolve(path)), signal);
    return { pointer, object: await objectPath(pointer, null, repo) };
  } catch {
    return { pointer, object: null }; // in no repository, or without git: there is no store
  }
}

function pointerAt(path: string): LfsPointer | null {
  try {
    return (sizeOf(path) ?? pointerCap) < pointerCap
      ? parsePointer(readRegularFile(path, { maxBytes: pointerCap }))
      : null;
  } catch {
    return null; // opening it reports the reason
  }
}

const stores = new WeakMap<Repository, Promise<string | null>>();

/** git-lfs-config, "lfs.storage": relative to the .git directory. */
function storeOf(repo: Repository): Promise<string | null> {
  const known = stores.get(repo);
  if (known) return known;
  const query = git(["config", "--type=path", "--get", "lfs.storage"], {
    cwd: repo.root,
    signal: repo.signal,
  })
    .then((out) => resolve(repo.commonDir, out.toString("utf8").trimEnd()))
    .catch(() => null);
  stores.set(repo, query);
  return query;
}

function sizeOf(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : null;
}

/** The same, but null for a link: git-lfs makes none, and one could lead to any file of the user. */
function ownSizeOf(path: string): number | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : null;
}
