import { lstatSync } from "node:fs";
import { relative, sep } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import type { Repository } from "./repository.ts";
import { unmodifiedFiles } from "./staged.ts";

/** What git takes for a path of the index: https://git-scm.com/docs/gitrevisions, ":<n>:<path>", read 2026-11-22. */
export function inIndex(path: string, repo: Repository): string {
  return `:0:${relative(repo.root, path).replaceAll(sep, "/")}`;
}

/** A text file from the index; if a filter applies to it, as git checked it out into the work tree. */
export async function textOf(bytes: Uint8Array, path: string, repo: Repository): Promise<string> {
  const here = inWorkTree(path, bytes.byteLength);
  if (here?.equals(bytes)) return here.toString("utf8");
  const name = inIndex(path, repo).slice(3);
  const untouched = here !== null && (await unmodifiedFiles([name], repo, "any")).has(name);
  return untouched ? here.toString("utf8") : new TextDecoder().decode(bytes);
}

/** A filter may make the work tree's text longer than the index has it, but not without bound. */
const longerByBytes = 1024 * 1024;

/** The work tree's own file, never what a link leads to; null if there is none. */
function inWorkTree(path: string, indexBytes: number): Buffer | null {
  try {
    if (!lstatSync(path).isFile()) return null;
    return readRegularFile(path, { maxBytes: 4 * indexBytes + longerByBytes });
  } catch {
    return null;
  }
}
