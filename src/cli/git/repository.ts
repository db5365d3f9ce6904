import { realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { realPath, realPathWithin } from "../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import { gitDirsOf, linkedWorkTree } from "./git-dir.ts";
import { repositoryRoot } from "./repository-root.ts";
import { git, gitOrNull } from "./run.ts";
import { isOtherRepository } from "./safe-git.ts";

export interface Repository {
  /** The work tree's topmost folder. */
  root: string;
  /** Where objects of git and git-lfs lie; shared between work trees. */
  commonDir: string;
  /** This work tree's own administrative directory. */
  gitDir: string;
  signal?: AbortSignal | undefined;
}

/** The repository that contains a folder. @throws MediaPreflightError `git` */
export async function findRepository(cwd: string, signal?: AbortSignal): Promise<Repository> {
  const plain = plainRoot(cwd);
  if (plain !== null) {
    return { root: plain, ...gitDirsOf(plain), signal };
  }
  const queries = ["--show-toplevel", "--path-format=absolute", "--git-common-dir", "--git-dir"];
  const out = await git(["rev-parse", ...queries], { cwd, signal });
  const [root = cwd, commonDir = "", gitDir = ""] = out.toString("utf8").trimEnd().split("\n");
  refuseOtherWorkTree(cwd, root);
  return { root, commonDir, gitDir, signal };
}

/** A repository's own core.worktree could name any folder of the user; the environment is the user's. */
function refuseOtherWorkTree(cwd: string, root: string): void {
  const here = repositoryRoot(cwd);
  if (hasOverride(cwd) || here === null || realpathSync(here) === realpathSync(root)) return;
  throw new MediaPreflightError("git", `this repository's work tree is another folder: ${root}`, {
    hint: "check core.worktree in .git/config; if it is your own, set GIT_DIR and GIT_WORK_TREE",
  });
}

/** Set by git for its hooks in linked work trees, and by people: then git resolves the folders. */
const overrides = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"] as const;

function hasOverride(cwd: string): boolean {
  return !isOtherRepository(cwd) && overrides.some((name) => process.env[name]);
}

/**
 * Whether the folder that holds the repository belongs to its work tree: it is inside, or was made for it (a linked
 * work tree, a submodule). A `.git` that came with a folder may name another repository.
 */
export async function ownsItsGitDir({ root, gitDir, commonDir }: Repository): Promise<boolean> {
  if (hasOverride(root)) return true;
  if ([gitDir, commonDir].every((folder) => realPathWithin(folder, root) !== null)) return true;
  const top = realpathSync(root);
  if (realPathWithin(gitDir, join(commonDir, "worktrees")) !== null)
    return realPath(linkedWorkTree(gitDir) ?? gitDir) === top;
  if (realPath(gitDir) !== realPath(commonDir)) return false;
  const args = ["config", "--file", join(gitDir, "config"), "--type=path", "--get", "core.worktree"];
  const named = gitOrNull(args, { cwd: root })?.toString("utf8").trimEnd();
  return named !== undefined && realPath(resolve(gitDir, named)) === top;
}

/**
 * The root, found without a process: where nothing is out of the ordinary, the folder that holds a .git directory.
 * Null where only git can tell: a linked work tree, a submodule, a work tree in another folder.
 */
function plainRoot(cwd: string): string | null {
  if (hasOverride(cwd)) return null;
  const root = repositoryRoot(cwd);
  if (root === null) return null;
  const gitDir = join(root, ".git");
  if (!statSync(join(gitDir, "HEAD"), { throwIfNoEntry: false })) return null;
  try {
    const config = readRegularFile(join(gitDir, "config"), { maxBytes: 1024 * 1024 }).toString("utf8");
    return /worktree|bare\s*=\s*true|include/i.test(config) ? null : root;
  } catch {
    return null;
  }
}
