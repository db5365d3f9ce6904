import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fixture } from "./run.ts";

export interface Repository {
  path: string;
  git(...args: string[]): string;
  write(file: string, data: string | Uint8Array): void;
  put(from: string, file: string): void;
}

for (const name of Object.keys(process.env)) if (/^GIT_/.test(name)) delete process.env[name];
process.env.GIT_CONFIG_GLOBAL = "/dev/null";
process.env.GIT_CONFIG_NOSYSTEM = "1";

/** A new repository below a folder, with a committer's name and address. */
export function newRepository(below: string): Repository {
  const repo = at(mkdtempSync(join(below, "repository-")));
  repo.git("init", "-q", "-b", "main");
  repo.git("config", "user.name", "Ada");
  repo.git("config", "user.email", "ada@example.com");
  return repo;
}

export function at(path: string): Repository {
  const write = (file: string, data: string | Uint8Array): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), data);
  };
  return {
    path,
    write,
    git: (...args) =>
      execFileSync("git", args, { cwd: path, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    put: (from, file) => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      copyFileSync(fixture(from), join(path, file));
    },
  };
}
