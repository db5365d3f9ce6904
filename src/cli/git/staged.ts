import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { configName } from "../config/find.ts";
import type { Repository } from "./repository.ts";
import { git } from "./run.ts";

/** A regular file as the next commit will hold it. */
export interface StagedFile {
  /** Relative to the repository's root, as git stores it. */
  path: string;
  /** The blob's object name. */
  blob: string;
  /** The blob's bytes. */
  size: number;
  /** Git has the name of the blob and not the blob. */
  missing: boolean;
  /** Whether the work tree's file has exactly the blob's bytes, so that it may be read in its stead. */
  inWorkTree: boolean;
}

/** A path that the next commit changes, and the blob it will have. */
export interface StagedEntry {
  path: string;
  blob: string;
}

/**
 * What the next commit changes, against every parent it will have: files added, modified, renamed or copied.
 * Deletions, submodules, symbolic links and files whose mode alone changes are none. In a merge, what another
 * branch has committed already is not judged again.
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

/** Bytes of the entries' blobs, which one process tells; null where git lacks one. @throws MediaPreflightError `git` */
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

/** An entry with all that is known of it. */
export function stagedFile(
  entry: StagedEntry,
  size: number | null,
  untouched: ReadonlySet<string>,
  repo: Repository,
): StagedFile {
  // A changed line end changes the size: where it is the same, so are the bytes.
  const same = size !== null && untouched.has(entry.path) && sizeInWorkTree(repo, entry.path) === size;
  return { ...entry, size: size ?? 0, missing: size === null, inWorkTree: same };
}

const noFilter = "attr:!filter !ident !working-tree-encoding";
/** More paths than this are not named one by one: git looks at all of its files. */
const namedAtMost = 400;
/** Listed whatever their attributes: git's word on their being unchanged is enough to read them. */
const configurations = [`:(glob)**/${configName}`, ":(glob)**/package.json"];

/** Paths whose file in the work tree is what the index has, by git's word. */
export interface Untouched {
  /** In the index, and neither modified nor put out of git's sight. */
  files: ReadonlySet<string>;
  /** In the index, whatever became of them in the work tree. */
  known: ReadonlySet<string>;
}

/**
 * Which of the staged files lie unchanged in the work tree, with no filter in between. A file that git was told not
 * to look at (assume-unchanged, skip-worktree) counts as touched: nobody knows.
 * @throws MediaPreflightError `git`
 */
export async function untouchedFiles(entries: readonly StagedEntry[], repo: Repository): Promise<Untouched> {
  // A name that is no UTF-8 cannot be named.
  const named = entries.filter(({ path }) => !path.includes("\ufffd"));
  const few = named.length <= namedAtMost && named.reduce((sum, { path }) => sum + path.length, 0) < 30_000;
  const paths = few ? named.map(({ path }) => `:(literal,${noFilter})${path}`) : [`:(${noFilter})`];
  // git-ls-files, -v: "H" cached, "C" modified, "S" skip-worktree, lower case assume-unchanged.
  const args = ["ls-files", "-z", "-v", "--cached", "--modified", "--", ...paths, ...configurations];
  const out = await git(args, { cwd: repo.root, signal: repo.signal });
  const files = new Set<string>();
  const known = new Set<string>();
  for (const line of out.toString("utf8").split("\0")) {
    const path = line.slice(2);
    // A name that is no UTF-8 cannot be opened by its text.
    if (line[0] === "H" && !known.has(path) && !path.includes("\ufffd")) files.add(path);
    else files.delete(path);
    known.add(path);
  }
  return { files, known };
}

/** The other parents of a merge under way, one object name a line (gitrepository-layout, MERGE_HEAD). */
function mergeParents(repo: Repository): string[] {
  const path = join(repo.gitDir, "MERGE_HEAD");
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => /^[0-9a-f]{40,64}$/.test(line))
    : [];
}

const diff = "diff --cached --raw -z --no-abbrev --no-renames --no-ext-diff --diff-filter=AMT".split(" ");

/** `git diff --raw -z`: ":oldmode newmode oldblob newblob status\0path\0". Renames appear as their new path. */
async function changes(parents: readonly string[], repo: Repository): Promise<StagedEntry[]> {
  const out = await git([...diff, ...parents, "--"], { cwd: repo.root, signal: repo.signal });
  const fields = out.toString("utf8").split("\0");
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

function sizeInWorkTree(repo: Repository, path: string): number | null {
  return statSync(join(repo.root, path), { throwIfNoEntry: false })?.size ?? null;
}
