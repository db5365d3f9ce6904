import { lstat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { FSWatcher } from "chokidar";
import { realPath } from "../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import { isIgnoredName } from "./ignored.ts";
import { interruptibleSleep } from "./interruptible-sleep.ts";
import { type DueFile, type FileState, sameState, WatchList } from "./watch-list.ts";

export interface WatchFolderOptions {
  /** Files and folders that are ignored with everything in them: absolute real paths. */
  exclude: readonly string[];
  /** Ends the watch: no further file is returned. */
  signal: AbortSignal;
}

/** A folder and the files that arrive in it. */
export interface WatchedFolder {
  /** Its real path; the files' paths begin with it. */
  readonly root: string;
  /**
   * Files that are completely written, as they arrive; ends with the signal.
   * @throws MediaPreflightError `unreadable` if the folder can no longer be watched
   */
  files(): AsyncGenerator<DueFile>;
  /** Returns the file again after so many milliseconds, or when it changes. */
  postpone(path: string, milliseconds: number): void;
  /** The file was handled. If it changed meanwhile, it will be returned again. */
  finished(path: string, state: FileState): Promise<void>;
  attempts(path: string): number;
  readonly waiting: number;
  close(): Promise<void>;
}

/** Milliseconds between checks that the folder still exists. */
const longestSleep = 5_000;

/**
 * Watches a folder and all below it, without following links.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<WatchedFolder> {
  const { signal, exclude } = options;
  const root = await rootOf(folder);
  const list = new WatchList();
  const pause = interruptibleSleep(signal);
  let failure: MediaPreflightError | null = null;
  let ready = false;

  const isIgnored = (path: string): boolean => {
    if (path === root) return false;
    if (exclude.some((one) => path === one || path.startsWith(one + sep))) return true;
    return isIgnoredName(relative(root, path));
  };
  const update = async (path: string): Promise<void> => {
    const initial = !ready;
    const state = await stateOf(path, root);
    if (state === null) list.gone(path);
    else list.seen(path, state, performance.now(), Date.now() - state.mtimeMs, initial);
    pause.wake();
  };
  const fail = (message: string, cause?: unknown): void => {
    failure ??= new MediaPreflightError("unreadable", message, {
      path: folder,
      cause,
      hint: "on a network drive, set CHOKIDAR_USEPOLLING=1; on Linux, fs.inotify.max_user_watches may be too low",
    });
    pause.wake();
  };

  const watcher = (await loadChokidar())
    .watch(root, { ignored: isIgnored, followSymlinks: false, alwaysStat: false, atomic: false })
    .on("add", (path) => void update(path))
    .on("change", (path) => void update(path))
    .on("unlink", (path) => list.gone(path))
    .on("error", (error) => fail("the folder cannot be watched", error));
  await listed(watcher, signal);
  ready = true;

  return {
    root,
    async *files() {
      while (!signal.aborted) {
        // Not every system reports it.
        if (!(await isFolder(root))) fail("the watched folder is gone");
        if (failure) throw failure;
        for (const due of list.due(performance.now())) {
          const state = await stateOf(due.path, root);
          if (signal.aborted) return;
          if (state === null) list.gone(due.path);
          else if (!sameState(state, due.state))
            list.seen(due.path, state, performance.now(), Date.now() - state.mtimeMs, false);
          else {
            list.taken(due.path);
            yield due;
          }
        }
        const next = list.nextDue();
        const sleep = next === null ? longestSleep : Math.max(next - performance.now(), 0);
        await pause.sleep(Math.min(sleep, longestSleep));
      }
    },
    postpone(path, milliseconds) {
      list.postpone(path, performance.now() + milliseconds);
      pause.wake();
    },
    async finished(path, handled) {
      const state = await stateOf(path, root);
      if (state === null) list.gone(path);
      else {
        list.seen(path, state, performance.now(), Date.now() - state.mtimeMs, false);
        list.finished(path, handled, performance.now());
      }
      pause.wake();
    },
    attempts: (path) => list.attempts(path),
    get waiting() {
      return list.waiting;
    },
    close: () => watcher.close(),
  };
}

/** The folder's real path. @throws MediaPreflightError `not-found`, `unreadable` */
async function rootOf(folder: string): Promise<string> {
  const stats = await lstat(resolve(folder)).catch(() => null);
  const root = realPath(resolve(folder));
  if (!stats || root === null)
    throw new MediaPreflightError("not-found", "no such folder", { path: folder, hint: "create it first" });
  if (!(await lstat(root)).isDirectory())
    throw new MediaPreflightError("unreadable", "this is not a folder", { path: folder });
  return root;
}

async function loadChokidar(): Promise<typeof import("chokidar")> {
  try {
    return await import("chokidar");
  } catch (cause) {
    throw new MediaPreflightError("unreadable", "chokidar, which watches folders, is not installed", {
      cause,
      hint: "npm install chokidar",
    });
  }
}

/** The state of a regular file whose path contains no link; null for anything else. */
async function stateOf(path: string, root: string): Promise<FileState | null> {
  const stats = await lstat(path).catch(() => null);
  if (!stats?.isFile() || realPath(path) !== join(root, relative(root, path))) return null;
  const { size, mtimeMs, ctimeMs, ino } = stats;
  return { size, mtimeMs, ctimeMs, ino };
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() === true;
}

/** Waits until all existing files are listed. */
async function listed(watcher: FSWatcher, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    watcher.once("ready", resolve).once("error", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
