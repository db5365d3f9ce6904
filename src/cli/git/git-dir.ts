import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";

/** The location of a work tree's repository (gitrepository-layout(5)). */
export interface GitDirs {
  /** This work tree's own administrative folder. */
  gitDir: string;
  /** What all work trees of the repository share: objects, references, hooks. */
  commonDir: string;
}

/** The folders of the repository whose `.git`, a folder or a file, is in `root`; found without running git. */
export function gitDirsOf(root: string): GitDirs {
  const dotGit = join(root, ".git");
  const named = isFile(dotGit) ? /^gitdir: (.+)$/m.exec(textOf(dotGit) ?? "")?.[1] : undefined;
  const gitDir = named === undefined ? dotGit : resolve(root, named.trimEnd());
  const common = textOf(join(gitDir, "commondir"))?.trimEnd();
  return { gitDir, commonDir: common ? resolve(gitDir, common) : gitDir };
}

/** The work tree that a linked work tree's administrative folder was made for; null if it names none. */
export function linkedWorkTree(gitDir: string): string | null {
  const dotGit = textOf(join(gitDir, "gitdir"))?.trimEnd();
  return dotGit ? dirname(resolve(gitDir, dotGit)) : null;
}

/** Git's own files of one line are paths. */
const longestPathInBytes = 64 * 1024;

function textOf(path: string): string | null {
  try {
    return readRegularFile(path, { maxBytes: longestPathInBytes }).toString("utf8");
  } catch {
    return null; // not there, or not a file that git would read
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
