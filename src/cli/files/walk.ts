import { execFileSync } from "node:child_process";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import picomatch from "picomatch";

/** Folders nobody means when naming the folder above them. */
const skipped = new Set([".git", "node_modules", ".hg", ".svn"]);

/**
 * The regular files below a directory, sorted by path. What git ignores is left alone; where there is no
 * repository, hidden folders and node_modules are.
 */
export function* filesBelow(directory: string): Generator<string> {
  const listed = gitFiles(directory);
  if (listed) for (const file of listed) yield join(directory, file);
  else yield* walk(directory, false);
}

/** The files that a glob matches, sorted; hidden ones only where the pattern names the dot. */
export function* matching(pattern: string): Generator<string> {
  const glob = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const { base, negated } = picomatch.scan(glob);
  if (negated) return;
  const matches = picomatch(glob.replace(/^\.\//, ""), { dot: /(^|\/)\.[^./]/.test(glob) });
  const literal = base === "" ? "." : base;
  for (const file of walk(literal, true)) {
    const slashed = sep === "\\" ? file.replaceAll("\\", "/") : file;
    if (matches(slashed)) yield glob.startsWith("./") ? `.${sep}${file}` : file;
  }
}

function gitFiles(directory: string): string[] | null {
  try {
    const output = execFileSync(
      "git",
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."],
      {
        cwd: directory,
        stdio: ["ignore", "pipe", "ignore"],
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
      },
    );
    // A folder that git ignores as a whole was named all the same: it is walked.
    const files = output.toString("utf8").split("\0").filter(Boolean);
    return files.length > 0
      ? [...new Set(files)].sort().filter((file) => isFile(join(directory, file)))
      : null;
  } catch {
    return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function* walk(directory: string, hidden: boolean): Generator<string> {
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
      if (!skipped.has(entry.name) && (hidden || !entry.name.startsWith("."))) yield* walk(path, hidden);
    } else if (entry.isFile() || (entry.isSymbolicLink() && isFile(path))) yield path;
  }
}
