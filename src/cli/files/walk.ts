import { isUtf8 } from "node:buffer";
import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { realPathWithin } from "../../bytes/real-path.node.ts";
import { repositoryRoot } from "../git/repository-root.ts";
import { gitOrNull } from "../git/run.ts";
import { refuseSpecialFilesBelow } from "../git/special-files.ts";
import { decodeName, splitBytes } from "./file-name.ts";

/** A regular file that was found rather than named. */
export interface FoundFile {
  path: string;
  /** The path's bytes, where they are not UTF-8: the text does not open the file. */
  bytes: Buffer | null;
  /** It is a link to a file outside the repository, which a folder or glob does not include. */
  leavesRepository: boolean;
}

/** Folders that are skipped unless named themselves. */
const skipped = new Set([".git", "node_modules", ".hg", ".svn"]);

/**
 * The regular files below a directory, sorted by path, without those that git ignores. Where there is no repository,
 * hidden folders and node_modules are skipped.
 * @throws MediaPreflightError `git` if a FIFO is in place of a file with git's ignore rules
 */
export function* filesBelow(directory: string): Generator<FoundFile> {
  const root = repositoryRoot(resolve(directory));
  if (root !== null) refuseSpecialFilesBelow(directory);
  const listed = gitFiles(directory);
  if (listed === null) yield* walk(directory, root, false);
  else for (const name of listed) yield* regularFile(directory, name, root);
}

/** The files that a glob matches, sorted; hidden ones only where the pattern names the dot. */
export function* matching(pattern: string): Generator<FoundFile> {
  const glob = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const { base, negated } = picomatch.scan(glob);
  if (negated) return;
  const matches = picomatch(glob.replace(/^\.\//, ""), { dot: /(^|\/)\.[^./]/.test(glob) });
  const literal = base === "" ? "." : base;
  for (const file of walk(literal, repositoryRoot(resolve(literal)), true)) {
    const slashed = sep === "\\" ? file.path.replaceAll("\\", "/") : file.path;
    if (matches(slashed)) yield glob.startsWith("./") ? { ...file, path: `.${sep}${file.path}` } : file;
  }
}

/** A name in a folder: text, or bytes where they are not UTF-8. */
type Name = string | Buffer;

function gitFiles(directory: string): Name[] | null {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."];
  const out = gitOrNull(args, { cwd: directory });
  // A folder that git ignores, but that was named, is walked.
  if (!out?.length) return null;
  if (isUtf8(out)) return [...new Set(out.toString("utf8").split("\0").filter(Boolean))].sort();
  const names = new Map(splitBytes(out, 0).map((name) => [name.toString("latin1"), name]));
  return [...names.values()]
    .sort(Buffer.compare)
    .map((name) => (isUtf8(name) ? name.toString("utf8") : name));
}

function* regularFile(directory: string, name: Name, root: string | null): Generator<FoundFile> {
  const { path, bytes } = joined(directory, name);
  const own = lstatSync(bytes ?? path, { throwIfNoEntry: false });
  if (own?.isFile()) yield { path, bytes, leavesRepository: false };
  else if (own?.isSymbolicLink()) yield* linkedFile(path, bytes, root);
}

/** A link to a regular file; its target outside the repository is never opened. */
function* linkedFile(path: string, bytes: Buffer | null, root: string | null): Generator<FoundFile> {
  const leavesRepository = root !== null && (bytes !== null || realPathWithin(path, root) === null);
  if (leavesRepository || leadsToFile(path)) yield { path, bytes, leavesRepository };
}

function leadsToFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // dangling, or a loop
  }
}

function joined(directory: string, name: Name): { path: string; bytes: Buffer | null } {
  if (typeof name === "string") return { path: join(directory, name), bytes: null };
  const before = directory === "." ? "" : join(directory, sep);
  return { path: before + decodeName(name), bytes: Buffer.concat([Buffer.from(before), name]) };
}

function* walk(directory: string, root: string | null, hidden: boolean): Generator<FoundFile> {
  for (const entry of entriesOf(directory)) {
    if (entry.isDirectory()) {
      const name = entry.name;
      if (Buffer.isBuffer(name) || skipped.has(name) || (!hidden && name.startsWith("."))) continue;
      yield* walk(joined(directory, name).path, root, hidden);
    } else yield* regularFile(directory, entry.name, root);
  }
}

function entriesOf(directory: string): Dirent<Name>[] {
  try {
    const entries: Dirent<Name>[] = readdirSync(directory, { withFileTypes: true });
    // Node puts U+FFFD in the place of bytes that are not UTF-8.
    if (entries.some(({ name }) => name.includes("\ufffd"))) return rawEntriesOf(directory);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // no permission, or it no longer exists: nothing below it can be read
  }
}

function rawEntriesOf(directory: string): Dirent<Name>[] {
  const entries: Dirent<Name>[] = readdirSync(directory, { withFileTypes: true, encoding: "buffer" });
  for (const entry of entries)
    if (Buffer.isBuffer(entry.name) && isUtf8(entry.name)) entry.name = entry.name.toString("utf8");
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}
