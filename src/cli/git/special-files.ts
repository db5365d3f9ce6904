import { type Dirent, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileError } from "../../bytes/file-errors.node.ts";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { gitDirsOf } from "./git-dir.ts";
import { repositoryRoot } from "./repository-root.ts";

/*
 * Git opens its own files, .gitignore and .gitattributes without looking what they are: from a FIFO among them it would
 * wait for a writer.
 */

/** Files of the administrative folder that git reads in every command, or in one of those that are run here. */
const administrative = [
  "HEAD",
  "config",
  "config.worktree",
  "index",
  "packed-refs",
  "shallow",
  "commondir",
  "info/exclude",
  "info/attributes",
  "info/grafts",
  "info/sparse-checkout",
  "objects/info/alternates",
];

const inWorkTree = [".gitignore", ".gitattributes"];

/** Folders that are not looked into: git's own, and the one with more folders than all others together. */
const skipped = new Set([".git", "node_modules"]);

/**
 * Refuses a repository in which git would wait forever.
 * @param cwd where git is about to be run
 * @throws MediaPreflightError `git`
 */
export function refuseSpecialFiles(cwd: string): void {
  const root = repositoryRoot(cwd);
  if (root === null) return;
  const { gitDir, commonDir } = gitDirsOf(root);
  for (const folder of new Set([gitDir, commonDir])) {
    for (const name of administrative) refuseSpecial(join(folder, name));
    const branch = branchOf(folder);
    if (branch !== null) refuseSpecial(join(commonDir, branch));
  }
  for (const folder of between(cwd, root)) for (const name of inWorkTree) refuseSpecial(join(folder, name));
}

/**
 * The same for the ignore and attribute files in a folder and in all folders below it.
 * @throws MediaPreflightError `git`
 */
export function refuseSpecialFilesBelow(folder: string): void {
  for (const entry of entriesOf(folder)) {
    if (entry.isDirectory() && !skipped.has(entry.name)) refuseSpecialFilesBelow(join(folder, entry.name));
    else if (inWorkTree.includes(entry.name)) refuseSpecial(join(folder, entry.name));
  }
}

/**
 * The same for the folders that lead to some files.
 * @param paths relative to the root, with slashes
 * @throws MediaPreflightError `git`
 */
export function refuseSpecialFilesAbove(paths: readonly string[], root: string): void {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = dirname(path); at !== "." && !folders.has(at); at = dirname(at)) folders.add(at);
  for (const folder of folders) for (const name of inWorkTree) refuseSpecial(join(root, folder, name));
}

function refuseSpecial(path: string): void {
  let isSpecial = false;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    isSpecial = stats !== undefined && !stats.isFile() && !stats.isDirectory();
  } catch {
    return; // git reports the reason
  }
  if (isSpecial)
    throw fileError("git", "this is not a regular file, so git would not finish", path, {
      hint: "remove it: git has no use for it",
    });
}

/** The file of the branch that HEAD names, relative to the repository's folder; null if it names none. */
function branchOf(gitDir: string): string | null {
  try {
    const head = readRegularFile(join(gitDir, "HEAD"), { maxBytes: 4096 }).toString("utf8");
    return /^ref: (refs\/\S+)$/m.exec(head)?.[1] ?? null;
  } catch {
    return null;
  }
}

function* between(cwd: string, root: string): Generator<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    yield folder;
    if (folder === root || dirname(folder) === folder) return;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // no permission: git cannot read it either
  }
}
