import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import type { Run } from "../commands.ts";
import { usage } from "../flags.ts";
import { findRepository, type Repository } from "../git/repository.ts";
import { git } from "../git/run.ts";

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
  if (verb === "install") {
    if (there?.includes(mark)) terminal.err(`${shown} is in place already\n`);
    else if (there !== null) throw taken(shown, repo);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, script(repo), { flag: "wx" });
      chmodSync(path, 0o755);
      terminal.err(`wrote ${shown}: media are checked before every commit\n`);
    }
    return 0;
  }
  if (there === null || !there.includes(mark)) {
    terminal.err(`there is no hook of media-preflight at ${shown}\n`);
    return 0;
  }
  if (there !== script(repo)) {
    throw new MediaPreflightError(
      "usage",
      `${shown} has been edited since it was installed: it is left as it is`,
      {
        hint: "take out its lines about media-preflight by hand",
      },
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

function taken(shown: string, repo: Repository): MediaPreflightError {
  return new MediaPreflightError("usage", `${shown} is there already and is left as it is`, {
    hint: `add this line to it, before any exit or exec:\n    ${command(repo)} || exit $?`,
  });
}

function script(repo: Repository): string {
  return `#!/bin/sh
${mark}
# Skip it once with: git commit --no-verify. Remove it with: media-preflight hook uninstall
exec ${command(repo)}
`;
}

/** The program that runs now, as the hook will find it from the repository's root; else the one on the PATH. */
function command(repo: Repository): string {
  const local = join(repo.root, "node_modules", ".bin", "media-preflight");
  const self = process.argv[1] === undefined ? null : realpathSync(process.argv[1]);
  const near = existsSync(local) ? local : self;
  const path = near === null ? null : relative(repo.root, near);
  const inside = path !== null && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  const program = inside ? quoted(`./${path.replaceAll(sep, "/")}`) : "media-preflight";
  return `${program} check --staged`;
}

function quoted(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
