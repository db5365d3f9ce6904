import { join, resolve, sep } from "node:path";
import { realPathWithin } from "../../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { ownsItsGitDir, type Repository } from "../../git/repository.ts";
import { git, gitOrNull } from "../../git/run.ts";

/** Where git looks for the hook. */
export interface HookPath {
  path: string;
  /** It is a file of the work tree, which is committed and runs on other machines too. */
  shared: boolean;
}

/** Only here does the repository's own core.hooksPath count: no command that is run here runs a hook. */
const settings = { "core.hooksPath": undefined };

/**
 * The pre-commit hook of a repository (git-config(1), "core.hooksPath").
 * @throws MediaPreflightError `git` if the repository's own configuration leads out of the repository
 */
export async function hookPath(repo: Repository): Promise<HookPath> {
  if (!(await ownsItsGitDir(repo)))
    throw new MediaPreflightError(
      "git",
      `.git leads to a repository that is not this folder's: ${repo.gitDir}`,
      {
        hint: "run this in that repository itself",
      },
    );
  const out = await git(["rev-parse", "--git-path", "hooks"], { cwd: repo.root, settings });
  const folder = resolve(repo.root, out.toString("utf8").trimEnd());
  const path = join(folder, "pre-commit");
  const inside = [repo.root, repo.commonDir, repo.gitDir].some(
    (root) => realPathWithin(folder, root) !== null,
  );
  if (!inside && !chosenByUser(repo))
    throw new MediaPreflightError("git", `this repository's hooks folder leads out of it: ${folder}`, {
      hint: "check .git/config and .git/hooks: a repository that you were given may have set this",
    });
  const administrative = [repo.gitDir, repo.commonDir].some((root) => path.startsWith(root + sep));
  return { path, shared: inside && !administrative };
}

/** Whether core.hooksPath comes from the user's or the machine's configuration, not from the repository's. */
function chosenByUser(repo: Repository): boolean {
  const args = ["config", "--show-scope", "--get", "core.hooksPath"];
  const scope = gitOrNull(args, { cwd: repo.root, settings })?.toString("utf8").split("\t")[0];
  return scope === "global" || scope === "system" || scope === "command";
}
