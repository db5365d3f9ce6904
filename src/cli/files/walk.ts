import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { repositoryRoot } from "../config/find.ts";
import { gitOrNull } from "../git/run.ts";
import { realPathWithin } from "./contained-path.ts";

/** A regular file that was found rather than named. */
export interface FoundFile {
  path: string;
  /** It is a link to a file outside the repository: nobody meant that one by naming a folder or a glob. */
  leavesRepository: boolean;
}

/** Folders nobody means when naming the folder above them. */
const skipped = new Set([".git", "node_modules", ".hg", ".svn"]);

/**
 * The regular files below a directory, sorted by path, without those that git ignores. Where there is no repository,
 * hidden folders and node_modules are skipped.
 */
export function* filesBelow(directory: string): Generator<FoundFile> {
  const root = repositoryRoot(resolve(directory));
  const listed = gitFiles(directory);
  if (listed)
    for (const file of listed) {
      const found = regularFile(join(directory, file), root);
      if (found) yield found;
    }
  else yield* walk(directory, root, false);
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

function gitFiles(directory: string): string[] | null {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."];
  const out = gitOrNull(args, { cwd: directory });
  const files = out?.toString("utf8").split("\0").filter(Boolean);
  // A folder that git ignores as a whole was named all the same: it is walked.
  return files?.length ? [...new Set(files)].sort() : null;
}

function regularFile(path: string, root: string | null): FoundFile | null {
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (own?.isFile()) return { path, leavesRepository: false };
  return own?.isSymbolicLink() ? linkedFile(path, root) : null;
}

function linkedFile(path: string, root: string | null): FoundFile | null {
  const leavesRepository = root !== null && realPathWithin(path, root) === null;
  try {
    // What a link leads to outside the repository is not even looked at.
    if (leavesRepository) return { path, leavesRepository };
    return statSync(path).isFile() ? { path, leavesRepository } : null;
  } catch {
    return null; // dangling, or a loop
  }
}

function* walk(directory: string, root: string | null, hidden: boolean): Generator<FoundFile> {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    return; // no permission, or it is gone: nothing below it can be read
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  // Joined once, not for each of ten thousand files.
  const before = directory === "." ? "" : join(directory, sep);
  for (const entry of entries) {
    const path = before + entry.name;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name) && (hidden || !entry.name.startsWith("."))) yield* walk(path, root, hidden);
    } else if (entry.isFile()) yield { path, leavesRepository: false };
    else if (entry.isSymbolicLink()) {
      const found = linkedFile(path, root);
      if (found) yield found;
    }
  }
}
