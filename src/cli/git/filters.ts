import type { Repository } from "./repository.ts";
import { gitOrNull } from "./run.ts";

/**
 * Configuration that makes git run no filter (gitattributes(5), "filter"): a repository's own configuration may name any
 * program, and comparing a file with the index would run it. Null if a filter's name cannot be overridden.
 */
export function withoutFilters(repo: Repository): Readonly<Record<string, string>> | null {
  const settings: Record<string, string> = {};
  const out = gitOrNull(["config", "-z", "--name-only", "--get-regexp", "^filter\\."], { cwd: repo.root });
  // Exit 1: no such key. Any other error in the configuration is reported by the next command.
  for (const key of (out ?? "").toString("utf8").split("\0")) {
    const name = /^filter\.(.+)\.(clean|smudge|process|required)$/.exec(key)?.[1];
    if (name === undefined) continue;
    // Git takes the first "=" of "-c name=value" for the end of the name.
    if (name.includes("=") || name.includes("\ufffd")) return null;
    for (const what of ["clean", "smudge", "process"]) settings[`filter.${name}.${what}`] = "";
    settings[`filter.${name}.required`] = "false";
  }
  return settings;
}
