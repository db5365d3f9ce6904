import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";

const root = join(import.meta.dirname, "../..");

export interface Repository {
  path: string;
  run(command: string, ...args: string[]): SpawnSyncReturns<string>;
  git(...args: string[]): string;
  write(file: string, text: string): void;
  /** Puts a fixture into the work tree. */
  put(fixture: string, file: string): void;
  /** Commits what is staged; returns whether that succeeded, and all that was printed. */
  commit(): { done: boolean; text: string };
}

/** The environment without the developer's git configuration, and without variables of a git that runs these tests in a hook. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  // Without what npm set for the script that runs these tests; its registry and certificates stay.
  const set =
    /^(GIT_(DIR|INDEX_FILE|WORK_TREE|PREFIX)|npm_(lifecycle|package|execpath|node|command).*|npm_config_(local|global)?_?prefix|NODE(_OPTIONS|_PATH|_ENV)?|CI)$/i;
  for (const name of Object.keys(env)) if (set.test(name)) delete env[name];
  // The project's Node, because the machine's may be too old, and none of the project's other programs.
  const folders = (env.PATH ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  env.PATH = [inject("node"), ...folders].join(":");
  return env;
}

/** A new repository with one commit, whose node_modules are the installed packages. */
export function newRepository(): Repository {
  const path = mkdtempSync(join(inject("workshop"), "repository-"));
  const run = (command: string, ...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(command, args, { cwd: path, env: environment(), encoding: "utf8" });
  const git = (...args: string[]): string => {
    const done = run("git", ...args);
    if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  };
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.com");
  write(".gitignore", "node_modules\n");
  write("package.json", '{ "private": true }\n');
  symlinkSync(inject("modules"), join(path, "node_modules"));
  git("add", ".");
  git("commit", "-qm", "Begin");
  return {
    path,
    run,
    git,
    write,
    put: (fixture, file) => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      copyFileSync(join(root, "fixtures", fixture), join(path, file));
    },
    commit: () => {
      const before = git("rev-parse", "HEAD");
      const { stdout, stderr } = run("git", "commit", "-m", "Add media");
      return { done: git("rev-parse", "HEAD") !== before, text: stdout + stderr };
    },
  };
}
