import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { MediaPreflightError } from "../../../errors.ts";
import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";
import { findRepository, type Repository } from "../../git/repository.ts";
import { git } from "../../git/run.ts";

const mark = "# media-preflight: checks the media that this commit would add.";

export const run: Run = async (args, terminal) => {
  const [verb, extra] = args.positionals;
  if ((verb !== "install" && verb !== "uninstall") || extra !== undefined) {
    throw usage("hook needs install or uninstall", "hook");
  }
  const repo = await findRepository(process.cwd(), terminal.signal);
  const path = await hookPath(repo);
  const shown = relative(process.cwd(), path) || path;
  const there = existsSync(path) ? readFileSync(path, "utf8") : null;
  const written = script(command(repo, path));
  if (verb === "install") {
    if (there?.includes(mark)) terminal.err(`${shown} is in place already\n`);
    else if (there !== null) throw taken(path, repo);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, written, { flag: "wx" });
      chmodSync(path, 0o755);
      terminal.err(`wrote ${shown}: media are checked before every commit\n`);
    }
    return 0;
  }
  if (there === null || !there.includes(mark)) {
    terminal.err(`there is no hook of media-preflight at ${shown}\n`);
    return 0;
  }
  if (!isOurs(there)) {
    throw new MediaPreflightError(
      "usage",
      `${shown} has been edited since it was installed: it is left as it is`,
      { hint: "take out its lines about media-preflight by hand" },
    );
  }
  rmSync(path);
  terminal.err(`removed ${shown}\n`);
  return 0;
};

/** Where git looks for the hook; core.hooksPath is respected (git-config, "core.hooksPath"). */
async function hookPath(repo: Repository): Promise<string> {
  const out = await git(["rev-parse", "--git-path", "hooks"], { cwd: repo.root });
  return join(resolve(repo.root, out.toString("utf8").trimEnd()), "pre-commit");
}

function taken(path: string, repo: Repository): MediaPreflightError {
  // husky's own files lie in .husky/_; what people write lies beside that folder.
  const husky = basename(dirname(path)) === "_" && basename(dirname(dirname(path))) === ".husky";
  const theirs = husky ? join(dirname(dirname(path)), "pre-commit") : path;
  const shown = relative(process.cwd(), theirs) || theirs;
  const line = `${command(repo, path)} || exit $?`;
  return new MediaPreflightError(
    "usage",
    husky ? "husky has this repository's hooks" : `${shown} is there already and is left as it is`,
    { hint: `add this line to ${shown}, before any exit or exec: ${line}` },
  );
}

const head = `#!/bin/sh
${mark}
# Skip it once with: git commit --no-verify. Remove it with: media-preflight hook uninstall
`;

const script = (program: string): string => `${head}exec ${program}\n`;

/** Whether nobody has touched what install wrote, whichever program it names. */
function isOurs(text: string): boolean {
  return text.startsWith(head) && /^exec \S.* check --staged\n$/.test(text.slice(head.length));
}

/**
 * The program that runs now, as the hook will find it from the repository's root. A hook that is not shared may
 * name it wherever it lies; one that is committed has the PATH to go by.
 */
function command(repo: Repository, hook: string): string {
  const local = join(repo.root, "node_modules", ".bin", "media-preflight");
  const self = process.argv[1] === undefined ? null : realpathSync(process.argv[1]);
  const near = existsSync(local) ? local : self;
  const path = near === null ? null : relative(repo.root, near);
  const inside = path !== null && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  const shared = !hook.startsWith(repo.gitDir + sep) && !hook.startsWith(repo.commonDir + sep);
  // npx runs from a cache that is emptied now and then.
  const lasting = self !== null && !self.includes(`${sep}_npx${sep}`) && /media-preflight[^/\\]*$/.test(self);
  const program = inside
    ? quoted(`./${path.replaceAll(sep, "/")}`)
    : lasting && !shared
      ? quoted(self.replaceAll(sep, "/"))
      : "media-preflight";
  return `${program} check --staged`;
}

function quoted(path: string): string {
  return /^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
