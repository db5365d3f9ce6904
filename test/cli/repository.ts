import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fixture } from "./run.ts";

export interface Repository {
  path: string;
  git(...args: string[]): string;
  /** Adds settings, by their dotted names, to its own configuration: as `git config` does, without a process for each. */
  set(settings: readonly (readonly [name: string, value: string])[]): void;
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
  repo.set([
    ["user.name", "Ada"],
    ["user.email", "ada@example.com"],
  ]);
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
    set: (settings) => {
      const lines = settings.map(([name, value]) => {
        const [, section, subsection, key] = /^(\w+)(?:\.(.+))?\.([\w-]+)$/.exec(name) ?? [];
        return `[${section}${subsection ? ` "${subsection}"` : ""}]\n\t${key} = "${value}"\n`;
      });
      appendFileSync(join(path, ".git/config"), lines.join(""));
    },
    put: (from, file) => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      copyFileSync(fixture(from), join(path, file));
    },
  };
}
