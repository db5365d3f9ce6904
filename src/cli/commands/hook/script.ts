import { basename, dirname, sep } from "node:path";
import { escapeControls } from "../../../report/escape.ts";

/** The line by which a hook of ours is recognised. */
export const mark = "# media-preflight: checks the media that this commit would add.";

const head = `#!/bin/sh
${mark}
# Skip it once with: git commit --no-verify. Remove it with: media-preflight hook uninstall
`;

/** What a hook runs: this Node.js and this file, or the command on PATH if others share the hook. */
export type Program = { node: string; file: string } | "from PATH";

/** The program that runs now, and is to run in the hook. */
export function runningProgram(shared: boolean): Program {
  const file = process.argv[1];
  if (shared || file === undefined) return "from PATH";
  return { node: slashed(process.execPath), file: slashed(file) };
}

/** Whether the program is in the cache of npx, which is emptied from time to time. */
export function isTemporary(program: Program): boolean {
  return program !== "from PATH" && program.file.split("/").includes("_npx");
}

/** The text of the hook. */
export function script(program: Program): string {
  return `${head}${body(program)}`;
}

/** One line to add to an existing hook. */
export function lineToAdd(program: Program): string {
  return `${commandLine(program)} check --staged || exit $?`;
}

/** Whether `text` is exactly what install wrote, whichever program it names. */
export function isUnchanged(text: string): boolean {
  if (text === script("from PATH")) return true;
  const [, node, file] = /^node=('.*')\nfile=('.*')$/ms.exec(text) ?? [];
  return (
    node !== undefined &&
    file !== undefined &&
    text === script({ node: unquoted(node), file: unquoted(file) })
  );
}

/** husky's own files are in .husky/_; the user's hooks are next to that folder. */
export function isOfHusky(hook: string): boolean {
  return basename(dirname(hook)) === "_" && basename(dirname(dirname(hook))) === ".husky";
}

function body(program: Program): string {
  if (program === "from PATH")
    return `command -v media-preflight >/dev/null 2>&1 || {
  ${report("the command is not on PATH", "install it with: npm install --global media-preflight")}
  exit 2
}
exec media-preflight check --staged
`;
  const again = "install it again with: media-preflight hook install";
  return `node=${quoted(program.node)}
file=${quoted(program.file)}
[ -x "$node" ] || {
  ${report(`this Node.js no longer exists: ${program.node}`, again)}
  exit 2
}
[ -f "$file" ] || {
  ${report(`the command no longer exists: ${program.file}`, again)}
  exit 2
}
exec "$node" "$file" check --staged
`;
}

/** A command of the shell that prints why media cannot be checked, and what to do. */
function report(why: string, remedy: string): string {
  const text = `media-preflight: cannot check media: ${why}; ${remedy}; or skip this check once with: git commit --no-verify`;
  return `printf '%s\\n' ${quoted(escapeControls(text))} >&2`;
}

function commandLine(program: Program): string {
  return program === "from PATH" ? "media-preflight" : `${quoted(program.node)} ${quoted(program.file)}`;
}

/** Git runs hooks by a POSIX shell on Windows too. */
function slashed(path: string): string {
  return path.replaceAll(sep, "/");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("'\\''", "'");
}
