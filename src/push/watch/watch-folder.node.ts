import { lstat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { FSWatcher } from "chokidar";
import { realPath } from "../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import { isIgnoredName } from "./ignored.ts";
import { type InterruptibleSleep, interruptibleSleep } from "./interruptible-sleep.ts";
import { listFiles } from "./list-files.node.ts";
import { type DueFile, type FileState, sameState, WatchList } from "./watch-list.ts";

export interface WatchFolderOptions {
  /** Files and folders that are ignored with everything in them: absolute real paths. */
  exclude: readonly string[];
  /** Ends the watch: no further file is returned. */
  signal: AbortSignal;
}

/** Milliseconds between checks that the folder still exists. */
const longestSleep = 5_000;
/** Milliseconds from one search for files that were not reported to the next, and how many times what one takes. */
const searchInterval = { least: 5_000, timesDuration: 20 };

/**
 * Watches a folder and all below it, without following links; resolves once the existing files are listed.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<WatchedFolder> {
  const root = await rootOf(folder);
  const watched = new WatchedFolder(folder, root, options);
  await watched.start((await loadChokidar()).watch);
  return watched;
}

/** A folder and the files that arrive in it. */
export class WatchedFolder {
  /** Its real path; the files' paths begin with it. */
  readonly root: string;
  /** As the user named it. */
  readonly #folder: string;
  readonly #options: WatchFolderOptions;
  readonly #list = new WatchList();
  readonly #pause: InterruptibleSleep;
  #watcher: FSWatcher | null = null;
  /** Whether all files that were there at the start are listed. */
  #ready = false;
  #failure: MediaPreflightError | null = null;
  /** When files that were not reported are searched for, on the monotonic clock. */
  #nextSearch = 0;

  constructor(folder: string, root: string, options: WatchFolderOptions) {
    this.root = root;
    this.#folder = folder;
    this.#options = options;
    this.#pause = interruptibleSleep(options.signal);
  }

  /** To be called once, first. */
  async start(watch: typeof import("chokidar").watch): Promise<void> {
    const ignored = (path: string): boolean => this.#isIgnored(path);
    this.#watcher = watch(this.root, { ignored, followSymlinks: false, alwaysStat: false, atomic: false })
      .on("add", (path) => void this.#update(path))
      .on("change", (path) => void this.#update(path))
      .on("unlink", (path) => this.#list.gone(path))
      .on("error", (error) => this.#fail("the folder cannot be watched", error));
    await listed(this.#watcher, this.#options.signal);
    this.#ready = true;
    this.#nextSearch = performance.now() + searchInterval.least;
  }

  /**
   * Files that are completely written, as they arrive; ends with the signal.
   * @throws MediaPreflightError `unreadable` if the folder can no longer be watched
   */
  async *files(): AsyncGenerator<DueFile> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      // Not every system reports it.
      if (!(await isFolder(this.root))) this.#fail("the watched folder is gone");
      if (this.#failure) throw this.#failure;
      if (performance.now() >= this.#nextSearch) await this.#search();
      for (const due of this.#list.due(performance.now())) {
        const state = await stateOf(due.path, this.root);
        if (signal.aborted) return;
        if (state && sameState(state, due.state)) {
          this.#list.taken(due.path);
          yield due;
        } else this.#note(due.path, state);
      }
      const next = this.#list.nextDue();
      const sleep = next === null ? longestSleep : Math.max(next - performance.now(), 0);
      await this.#pause.sleep(Math.min(sleep, longestSleep));
    }
  }

  /** Returns the file again after `milliseconds`, or when it changes. */
  postpone(path: string, milliseconds: number): void {
    this.#list.postpone(path, performance.now() + milliseconds);
    this.#pause.wake();
  }

  /** The file was handled. If it changed meanwhile, it will be returned again. */
  async finished(path: string, handled: FileState): Promise<void> {
    const state = await stateOf(path, this.root);
    this.#note(path, state);
    if (state) this.#list.finished(path, handled, performance.now());
    this.#pause.wake();
  }

  attempts(path: string): number {
    return this.#list.attempts(path);
  }

  get waiting(): number {
    return this.#list.waiting;
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }

  #isIgnored(path: string): boolean {
    if (path === this.root) return false;
    if (this.#options.exclude.some((one) => path === one || path.startsWith(one + sep))) return true;
    return isIgnoredName(relative(this.root, path));
  }

  /**
   * Lists files that were not reported: chokidar 5 reads a new folder before it watches it, and the queue of inotify drops
   * events when it is full (inotify(7), IN_Q_OVERFLOW).
   */
  async #search(): Promise<void> {
    const start = performance.now();
    for await (const path of listFiles(this.root, (one) => this.#isIgnored(one))) {
      if (this.#options.signal.aborted) return;
      if (!this.#list.has(path)) this.#note(path, await stateOf(path, this.root));
    }
    const { least, timesDuration } = searchInterval;
    const now = performance.now();
    this.#nextSearch = now + Math.max(least, timesDuration * (now - start));
  }

  async #update(path: string): Promise<void> {
    const initial = !this.#ready;
    this.#note(path, await stateOf(path, this.root), initial);
    this.#pause.wake();
  }

  /** Notes a file's state, or that it is gone. */
  #note(path: string, state: FileState | null, initial = false): void {
    if (state === null) this.#list.gone(path);
    else this.#list.seen(path, state, performance.now(), Date.now() - state.mtimeMs, initial);
  }

  #fail(message: string, cause?: unknown): void {
    this.#failure ??= new MediaPreflightError("unreadable", message, {
      path: this.#folder,
      cause,
      hint: "on a network drive, set CHOKIDAR_USEPOLLING=1; on Linux, fs.inotify.max_user_watches may be too low",
    });
    this.#pause.wake();
  }
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
