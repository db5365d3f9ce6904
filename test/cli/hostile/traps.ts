import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Repository } from "../repository.ts";

/** A program that leaves a file behind when it runs. */
export interface Trap {
  program: string;
  /** Whether the program has run. */
  sprung(): boolean;
  reset(): void;
}

export function newTrap(folder: string): Trap {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "trap.sh");
  const evidence = join(folder, "sprung");
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${evidence}'\n`);
  chmodSync(program, 0o755);
  return { program, sprung: () => existsSync(evidence), reset: () => rmSync(evidence, { force: true }) };
}

/** Settings of a repository's own configuration that make git run a program in one command or another. */
export function setTraps(repo: Repository, { program }: Trap): void {
  const hooks = join(repo.path, ".git/hooks");
  mkdirSync(hooks, { recursive: true });
  for (const hook of [
    "post-index-change",
    "pre-commit",
    "post-checkout",
    "fsmonitor-watchman",
    "reference-transaction",
  ]) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\nexec '${program}' ${hook}\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  repo.set([
    ["core.fsmonitor", program],
    ["core.pager", program],
    ["pager.diff", program],
    ["pager.ls-files", program],
    ["core.sshCommand", program],
    ["core.gitProxy", program],
    ["core.askPass", program],
    ["core.editor", program],
    ["core.alternateRefsCommand", program],
    ["credential.helper", program],
    ["diff.external", program],
    ["diff.trap.command", program],
    ["diff.trap.textconv", program],
    ["filter.trap.clean", program],
    ["filter.trap.smudge", program],
    ["filter.other.process", program],
    ["filter.other.required", "true"],
    ["merge.trap.driver", program],
    ["gpg.program", program],
    ["alias.ls-files", `!${program}`],
    ["protocol.ext.allow", "always"],
    ["extensions.partialClone", "evil"],
    ["remote.evil.promisor", "true"],
    ["remote.evil.url", `ext::${program} %S`],
    ["remote.evil.uploadpack", program],
    ["core.repositoryFormatVersion", "1"],
  ]);
}

export const attributes = "*.jpg filter=trap diff=trap merge=trap\n*.png filter=other diff=trap\n";
