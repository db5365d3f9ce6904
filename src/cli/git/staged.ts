import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { decodeName, splitBytes } from "../files/file-name.ts";
import { withoutFilters } from "./filters.ts";
import type { Repository } from "./repository.ts";
import { git } from "./run.ts";
import { refuseSpecialFilesAbove, refuseSpecialFilesBelow } from "./special-files.ts";

/** A regular file as the next commit will hold it. */
export interface StagedFile {
  /** Relative to the repository's root, as git stores it. */
  path: string;
  /** The blob's object name. */
  blob: string;
  /** The blob's bytes. */
  size: number;
  /** The object is not in the repository. */
  missing: boolean;
  /** Whether the work tree's file has exactly the blob's bytes, so that it can be read instead. */
  inWorkTree: boolean;
}

/** A path that the next commit changes, and the blob it will have. */
export interface StagedEntry {
  path: string;
  blob: string;
}

/**
 * What the next commit changes against every parent it will have: files added, modified, renamed or copied. Deletions,
 * submodules, symbolic links and changes of the mode alone are left out. In a merge, what another branch has committed
 * already is not checked again.
 * @throws MediaPreflightError `git`
 */
export async function stagedEntries(repo: Repository): Promise<StagedEntry[]> {
  let entries = await changes([], repo);
  for (const parent of mergeParents(repo)) {
    const against = new Set((await changes([parent], repo)).map((entry) => `${entry.blob} ${entry.path}`));
    entries = entries.filter((entry) => against.has(`${entry.blob} ${entry.path}`));
  }
  return entries;
}

/** Sizes of the entries' blobs in bytes, from one process; null where git lacks one. @throws MediaPreflightError `git` */
export async function blobSizes(
  entries: readonly StagedEntry[],
  repo: Repository,
): Promise<readonly (number | null)[]> {
  if (entries.length === 0) return [];
  const input = entries.map((entry) => `${entry.blob}\n`).join("");
  const args = ["cat-file", "--batch-check=%(objectsize)"];
  const out = await git(args, { cwd: repo.root, signal: repo.signal, input });
  const lines = out.toString("utf8").split("\n");
  return entries.map((_, i) => (/^\d+$/.test(lines[i] ?? "") ? Number(lines[i]) : null));
}

const noFilter = ",attr:!filter !ident !working-tree-encoding";
/** More paths than this are not named one by one: looking at all of its files costs git less. */
const maxNamedPaths = 16;

/**
 * Which of the paths git finds unchanged in the work tree. A file that git is configured to ignore (assume-unchanged,
 * skip-worktree) is not among them.
 * @param filters "none" leaves out files with a filter: their bytes differ from the blob's
 * @throws MediaPreflightError `git`
 */
export async function unmodifiedFiles(
  paths: readonly string[],
  repo: Repository,
  filters: "none" | "any",
): Promise<ReadonlySet<string>> {
  // A backslash may stand for bytes that are not UTF-8 (decodeName), which the text does not open.
  const named = paths.filter((path) => !path.includes("\\"));
  if (named.length === 0) return new Set();
  const magic = filters === "none" ? noFilter : "";
  const few = named.length <= maxNamedPaths;
  if (few) refuseSpecialFilesAbove(named, repo.root);
  else refuseSpecialFilesBelow(repo.root);
  const specs = few ? named.map((path) => `:(literal${magic})${path}`) : [`:(top${magic})`];
  // git-ls-files, -v: "H" cached, "C" modified, "S" skip-worktree, lower case assume-unchanged.
  const args = ["ls-files", "-z", "-v", "--cached", "--modified", "--", ...specs];
  const settings = withoutFilters(repo);
  if (settings === null) return new Set();
  const out = await git(args, { cwd: repo.root, signal: repo.signal, settings });
  const unmodified = new Set<string>();
  const seen = new Set<string>();
  for (const line of out.toString("utf8").split("\0")) {
    const path = line.slice(2);
    if (line[0] === "H" && !seen.has(path)) unmodified.add(path);
    else unmodified.delete(path);
    seen.add(path);
  }
  return unmodified;
}

/** The other parents of a merge in progress, one object name per line (gitrepository-layout, MERGE_HEAD). */
function mergeParents(repo: Repository): string[] {
  const path = join(repo.gitDir, "MERGE_HEAD");
  return existsSync(path)
    ? readRegularFile(path, { maxBytes: 1024 * 1024 })
        .toString("utf8")
        .split("\n")
        .filter((line) => /^[0-9a-f]{40,64}$/.test(line))
    : [];
}

const diff =
  "diff --cached --raw -z --no-abbrev --no-renames --no-ext-diff --no-textconv --ignore-submodules --diff-filter=AMT".split(
    " ",
  );

/** `git diff --raw -z`: ":oldmode newmode oldblob newblob status\0path\0". Renames appear as their new path. */
async function changes(parents: readonly string[], repo: Repository): Promise<StagedEntry[]> {
  const out = await git([...diff, ...parents, "--"], { cwd: repo.root, signal: repo.signal });
  const fields = splitBytes(out, 0).map(decodeName);
  const entries: StagedEntry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = "", before, blob = ""] = (fields[i] ?? "").slice(1).split(" ");
    const path = fields[i + 1];
    // 100644 and 100755 are files; 120000 is a symbolic link, 160000 a submodule.
    const isFile = mode.startsWith("100") && !/^0+$/.test(blob);
    if (path !== undefined && isFile && blob !== before) entries.push({ path, blob });
  }
  return entries;
}

/** Size of the work tree's file in bytes; null if there is none. */
export function sizeInWorkTree(repo: Repository, path: string): number | null {
  try {
    const stat = lstatSync(join(repo.root, path), { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : null;
  } catch {
    return null; // a folder without permission
  }
}
