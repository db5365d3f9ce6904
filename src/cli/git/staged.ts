import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { git } from "./run.ts";

/** A regular file as the next commit will hold it. */
export interface StagedFile {
  /** Relative to the repository's root, as git stores it. */
  path: string;
  /** The blob's object name. */
  blob: string;
  /** The blob's bytes. */
  size: number;
  /** Whether the work tree's file has exactly the blob's bytes, so that it may be read in its stead. */
  inWorkTree: boolean;
}

export interface Repository {
  root: string;
  /** Where objects of git and git-lfs lie; shared between work trees. */
  commonDir: string;
  /** This work tree's own administrative directory. */
  gitDir: string;
  signal?: AbortSignal | undefined;
}

/** @throws MediaPreflightError `git` */
export async function findRepository(cwd: string, signal?: AbortSignal): Promise<Repository> {
  const asked = ["--show-toplevel", "--path-format=absolute", "--git-common-dir", "--git-dir"];
  const out = await git(["rev-parse", ...asked], { cwd, signal });
  const [root = cwd, commonDir = "", gitDir = ""] = out.toString("utf8").trimEnd().split("\n");
  return { root, commonDir, gitDir, signal };
}

/**
 * What the next commit changes, against every parent it will have: files added, modified, renamed or copied.
 * Deletions, submodules and symbolic links are none. In a merge, what another branch has committed already is
 * not judged again.
 *
 * `wanted` says by path which are of interest before any of them is sized.
 * @throws MediaPreflightError `git`
 */
export async function stagedFiles(
  repo: Repository,
  wanted: (path: string) => boolean,
): Promise<StagedFile[]> {
  const call = { cwd: repo.root, signal: repo.signal };
  const [raw, changed] = await Promise.all([
    changes([], call),
    git(["diff-files", "-z", "--name-only", "--no-ext-diff"], call),
  ]);
  let entries = raw.filter((entry) => wanted(entry.path));
  for (const parent of mergeParents(repo)) {
    const against = new Set((await changes([parent], call)).map((entry) => `${entry.blob} ${entry.path}`));
    entries = entries.filter((entry) => against.has(`${entry.blob} ${entry.path}`));
  }
  if (entries.length === 0) return [];
  const differs = new Set(changed.toString("utf8").split("\0"));
  const [sizes, filtered] = await Promise.all([blobSizes(entries, call), filteredPaths(entries, call)]);
  return entries.map((entry, i) => {
    const size = sizes[i] ?? 0;
    const same = !differs.has(entry.path) && !filtered.has(entry.path);
    // A changed line end changes the size: where it is the same, so are the bytes.
    return { ...entry, size, inWorkTree: same && sizeInWorkTree(repo, entry.path) === size };
  });
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

interface Entry {
  path: string;
  blob: string;
}

type Call = { cwd: string; signal?: AbortSignal | undefined };

/** `git diff --raw -z`: ":oldmode newmode oldblob newblob status\0path\0". Renames appear as their new path. */
async function changes(parents: readonly string[], call: Call): Promise<Entry[]> {
  const args = [
    "diff",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--diff-filter=AMT",
  ];
  const fields = (await git([...args, ...parents, "--"], call)).toString("utf8").split("\0");
  const entries: Entry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = "", , blob = ""] = (fields[i] ?? "").slice(1).split(" ");
    const path = fields[i + 1];
    // 100644 and 100755 are files; 120000 is a symbolic link, 160000 a submodule.
    if (path !== undefined && mode.startsWith("100") && !/^0+$/.test(blob)) entries.push({ path, blob });
  }
  return entries;
}

async function blobSizes(entries: readonly Entry[], call: Call): Promise<number[]> {
  const input = entries.map((entry) => `${entry.blob}\n`).join("");
  const out = await git(["cat-file", "--batch-check=%(objectsize)"], { ...call, input });
  return out
    .toString("utf8")
    .split("\n")
    .map((line) => (/^\d+$/.test(line) ? Number(line) : 0));
}

/** Paths whose bytes git may change between index and work tree without changing their number. */
async function filteredPaths(entries: readonly Entry[], call: Call): Promise<Set<string>> {
  const input = entries.map((entry) => `${entry.path}\0`).join("");
  const out = await git(["check-attr", "-z", "--stdin", "filter", "ident", "working-tree-encoding"], {
    ...call,
    input,
  });
  const fields = out.toString("utf8").split("\0");
  const filtered = new Set<string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    if (fields[i + 2] !== "unspecified" && fields[i + 2] !== "unset") filtered.add(fields[i] ?? "");
  }
  return filtered;
}

function sizeInWorkTree(repo: Repository, path: string): number | null {
  return statSync(join(repo.root, path), { throwIfNoEntry: false })?.size ?? null;
}
