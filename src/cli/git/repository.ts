import { statSync } from "node:fs";
import { join } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { repositoryRoot } from "../config/find.ts";
import { git } from "./run.ts";

export interface Repository {
  /** The work tree's topmost folder. */
  root: string;
  /** Where objects of git and git-lfs lie; shared between work trees. */
  commonDir: string;
  /** This work tree's own administrative directory. */
  gitDir: string;
  signal?: AbortSignal | undefined;
}

/** The repository that a folder lies in. @throws MediaPreflightError `git` */
export async function findRepository(cwd: string, signal?: AbortSignal): Promise<Repository> {
  const plain = plainRoot(cwd);
  if (plain !== null) {
    const gitDir = join(plain, ".git");
    return { root: plain, commonDir: gitDir, gitDir, signal };
  }
  const asked = ["--show-toplevel", "--path-format=absolute", "--git-common-dir", "--git-dir"];
  const out = await git(["rev-parse", ...asked], { cwd, signal });
  const [root = cwd, commonDir = "", gitDir = ""] = out.toString("utf8").trimEnd().split("\n");
  return { root, commonDir, gitDir, signal };
}

/** Set by git for its hooks in linked work trees, and by people: then git itself is asked. */
const overrides = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"] as const;

/**
 * The root, found without a process: where nothing is out of the ordinary, the folder that holds a .git directory.
 * Null where git must be asked: a linked work tree, a submodule, a work tree that lies elsewhere.
 */
function plainRoot(cwd: string): string | null {
  if (overrides.some((name) => process.env[name])) return null;
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
