import { constants } from "node:fs";
import { copyFile, link, lstat, open, rename, rm, unlink, utimes } from "node:fs/promises";
import { dirname, extname, join, parse } from "node:path";
import { makeFolder } from "../../bytes/make-folder.node.ts";
import { sha256OfPath } from "../../bytes/sha256-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import { temporaryName } from "../../ledger/file/replace-file.node.ts";
import { sweep } from "../../ledger/file/sweep.node.ts";
import { type FileState, sameState } from "./watch-list.ts";

/** Names tried before giving up. */
const maxNumbers = 10_000;

/**
 * Moves a file into a folder, which is created, under `relative`; never over a file: then it is called "name-2.ext".
 * Within a file system it is linked and unlinked; otherwise it is copied, and the original removed once the copy has the same SHA-256.
 * @param state the file as it was checked: anything else is not moved
 * @returns the path that it has now
 * @throws MediaPreflightError `changed`, `unreadable`
 */
export async function moveFile(
  from: string,
  folder: string,
  relative: string,
  state: FileState,
): Promise<string> {
  try {
    if (!(await isUnchanged(from, state))) throw changed(from);
    const wanted = join(folder, relative);
    makeFolder(dirname(wanted));
    for (let n = 1; n <= maxNumbers; n++) {
      const to = n === 1 ? wanted : numbered(wanted, n);
      if (await moveTo(from, to, state)) return to;
    }
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    throw new MediaPreflightError("unreadable", `cannot move it to ${folder}`, {
      cause,
      path: from,
      hint: "make the folder writable; the file stays where it is",
    });
  }
  throw new MediaPreflightError(
    "unreadable",
    `there are ${maxNumbers} files of this name in ${folder} already`,
    {
      path: from,
    },
  );
}

/** @returns whether it was moved; false: `to` exists */
async function moveTo(from: string, to: string, state: FileState): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return await finishMove(from, to, state);
    if (!withoutLinks.has(code ?? "")) throw error;
    return (await finishMove(from, to, state)) || (await copyTo(from, to, state));
  }
  if (!(await isUnchanged(to, state))) {
    await unlink(to);
    throw changed(from);
  }
  await unlink(from);
  return true;
}

/**
 * Removes the original if `to` is what an earlier run, which was killed before it could do so, made of it: another link to
 * it, or a copy with its time and bytes.
 * @returns whether it was
 */
async function finishMove(from: string, to: string, state: FileState): Promise<boolean> {
  const [ours, theirs] = [await lstat(from), await lstat(to).catch(() => null)];
  if (!theirs?.isFile() || ours.size !== theirs.size) return false;
  // With one name, both paths are that name: a link in the folder leads back, or it is mounted twice.
  const linked = ours.dev === theirs.dev && ours.ino === theirs.ino && ours.nlink > 1;
  const copied = async (): Promise<boolean> =>
    ours.dev !== theirs.dev &&
    ours.mtime.getTime() === theirs.mtime.getTime() &&
    (await sha256OfPath(from)) === (await sha256OfPath(to));
  if (!linked && !(await copied())) return false;
  if (!(await isUnchanged(from, state))) throw changed(from);
  await unlink(from);
  return true;
}

/** Another device, or a file system without hard links. */
const withoutLinks: ReadonlySet<string> = new Set([
  "EXDEV",
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EMLINK",
  "ENOSYS",
]);

/** Copies under a hidden name first, so that no program reads half a file. */
async function copyTo(from: string, to: string, state: FileState): Promise<boolean> {
  const { dir, base } = parse(to);
  const hidden = join(dir, `.${[...base].slice(0, 40).join("")}`);
  await sweep(hidden);
  const temporary = temporaryName(hidden);
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL);
    const [ours, theirs] = [await sha256OfPath(temporary), await sha256OfPath(from)];
    if (ours !== theirs || !(await isUnchanged(from, state))) throw changed(from);
    const { atime, mtime } = await lstat(from);
    await utimes(temporary, atime, mtime);
    if (!(await publish(temporary, to))) return false;
    await unlink(from);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives the copy its name; false if that exists. */
async function publish(temporary: string, to: string): Promise<boolean> {
  try {
    await link(temporary, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!withoutLinks.has(code ?? "")) throw error;
  }
  // Without hard links: reserve the name, then replace the empty file of ours.
  try {
    await (await open(to, "wx")).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await rename(temporary, to);
  return true;
}

async function isUnchanged(path: string, state: FileState): Promise<boolean> {
  const now = await lstat(path).catch(() => null);
  return now?.isFile() === true && sameState(now, state);
}

/** "clip.mp4" as "clip-2.mp4". */
export function numbered(path: string, n: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${n}${extension}`;
}

function changed(path: string): MediaPreflightError {
  return new MediaPreflightError("changed", "it changed after it was checked, and was not moved", {
    path,
    retryable: true,
  });
}
