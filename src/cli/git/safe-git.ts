import { devNull } from "node:os";
import { resolve } from "node:path";
import { findProgram } from "../../engines/find-program.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import { repositoryRoot } from "./repository-root.ts";

/*
 * How git is run: a repository's own configuration must not be able to execute a program. What is set here has
 * precedence over every configuration file (git-config(1), "-c" and "ENVIRONMENT"; git 2.39, read 2026-11-29).
 */

/** Configuration that names a program, or that makes git look for one. */
const settings: GitSettings = {
  // Run by every command that reads the index.
  "core.fsmonitor": "false",
  "core.hooksPath": devNull,
  "core.pager": "cat",
  "core.editor": "false",
  "core.sshCommand": "false",
  "core.gitProxy": "",
  "core.askPass": "",
  "core.alternateRefsCommand": "",
  "diff.external": "",
  // An empty value discards the helpers of all files.
  "credential.helper": "",
  "submodule.recurse": "false",
  // A bare repository inside the clone has its own configuration.
  "safe.bareRepository": "explicit",
};

/** Configuration by key; undefined leaves the user's and the repository's own in place. */
export type GitSettings = Readonly<Record<string, string | undefined>>;

/** The arguments before git's command. */
export function gitArguments(more: GitSettings = {}): string[] {
  const all = Object.entries({ ...settings, ...more });
  return [
    "--no-pager",
    ...all.flatMap(([key, value]) => (value === undefined ? [] : ["-c", `${key}=${value}`])),
  ];
}

/** Variables by which git passes a hook the repository that it runs for (`git rev-parse --local-env-vars`, git 2.39). */
const ofOneRepository = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_GRAFT_FILE",
  "GIT_SHALLOW_FILE",
  "GIT_CONFIG",
];

/** Whether a folder is in another repository than the current folder. */
export function isOtherRepository(cwd: string): boolean {
  return repositoryRoot(resolve(cwd)) !== repositoryRoot(process.cwd());
}

/**
 * The environment for git in a folder: git fetches nothing, prompts for nothing and locks nothing. In a hook, git's variables hold for the
 * repository of the hook, and for no other that is checked from there.
 */
export function gitEnvironment(cwd: string): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  if (isOtherRepository(cwd)) for (const name of ofOneRepository) delete inherited[name];
  return {
    ...inherited,
    // Reading must not touch the index while a commit holds it.
    GIT_OPTIONAL_LOCKS: "0",
    // A partial clone would fetch missing objects, with any program that its remote names.
    GIT_NO_LAZY_FETCH: "1",
    // No protocol has this name: git before 2.44 does fetch, and can reach nothing.
    GIT_ALLOW_PROTOCOL: "none",
    GIT_SSH_COMMAND: "false",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
  };
}

let program: string | null | undefined;

/**
 * The absolute path of git, looked up once: never in the repository or the current folder, where Windows would look
 * first.
 * @throws MediaPreflightError `git`
 */
export function gitProgram(): string {
  program ??= findProgram("git");
  if (program === null)
    throw new MediaPreflightError("git", "git is not installed", {
      hint: "install git, or check the files by name",
    });
  return program;
}
