import { chmodSync, lstatSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileError } from "../../../bytes/file-errors.node.ts";
import { makeFolder } from "../../../bytes/make-folder.node.ts";
import { readRegularFile } from "../../../bytes/open-file.node.ts";
import { MediaPreflightError } from "../../../errors.ts";
import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";
import { findRepository } from "../../git/repository.ts";
import { statusLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";
import { type HookPath, hookPath } from "./hook-path.ts";
import { isOfHusky, isTemporary, isUnchanged, lineToAdd, mark, runningProgram, script } from "./script.ts";

export const run: Run = async (args, terminal) => {
  const [verb, extra] = args.positionals;
  if ((verb !== "install" && verb !== "uninstall") || extra !== undefined)
    throw usage("hook needs install or uninstall", "hook");
  const hook = await hookPath(await findRepository(process.cwd(), terminal.signal));
  if (verb === "install") install(hook, terminal);
  else uninstall(hook, terminal);
  return 0;
};

function install(hook: HookPath, terminal: Terminal): void {
  const program = runningProgram(hook.shared);
  const { path } = hook;
  const existing = existingHook(path);
  if (existing.kind === "other" || (existing.kind === "file" && !existing.text.includes(mark)))
    throw taken(hook);
  if (existing.kind === "file" && existing.text === script(program)) {
    terminal.err(statusLine(`${shown(path)} is installed already`));
    return;
  }
  if (existing.kind === "file" && !isUnchanged(existing.text)) throw edited(path);
  if (existing.kind === "file") rmSync(path);
  makeFolder(dirname(path));
  writeFileSync(path, script(program), { flag: "wx" });
  chmodSync(path, 0o755);
  terminal.err(statusLine(`wrote ${shown(path)}: media are checked before every commit`));
  if (isTemporary(program))
    terminal.err(
      statusLine(
        "it runs a copy in the cache of npx, which may be emptied → install the package and run this again",
      ),
    );
}

function uninstall({ path }: HookPath, terminal: Terminal): void {
  const existing = existingHook(path);
  if (existing.kind !== "file" || !existing.text.includes(mark)) {
    terminal.err(statusLine(`there is no hook of media-preflight at ${shown(path)}`));
    return;
  }
  if (!isUnchanged(existing.text)) throw edited(path);
  rmSync(path);
  terminal.err(statusLine(`removed ${shown(path)}`));
}

type Existing = { kind: "none" } | { kind: "file"; text: string } | { kind: "other" };

/** The file at the hook's path. The target of a link belongs to others, and is not read. */
function existingHook(path: string): Existing {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: "none" };
  if (stats.isSymbolicLink()) {
    if (statSync(path, { throwIfNoEntry: false })) return { kind: "other" };
    throw fileError("unreadable", "the hook is a dangling symbolic link", path, {
      hint: "remove it, then run media-preflight hook install again",
    });
  }
  return { kind: "file", text: readRegularFile(path, { maxBytes: 1024 * 1024 }).toString("utf8") };
}

function taken({ path, shared }: HookPath): MediaPreflightError {
  const husky = isOfHusky(path);
  const place = shown(husky ? join(dirname(dirname(path)), "pre-commit") : path);
  return new MediaPreflightError(
    "usage",
    husky ? "husky manages this repository's hooks" : `${place} exists already and is left unchanged`,
    {
      hint: `add this line to ${place}, before any exit or exec: ${lineToAdd(runningProgram(shared || husky))}`,
    },
  );
}

function edited(path: string): MediaPreflightError {
  return new MediaPreflightError(
    "usage",
    `${shown(path)} was edited after it was installed, and is left unchanged`,
    {
      hint: "remove its lines about media-preflight by hand",
    },
  );
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}
