import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { hasMediaExtension, isCandidate } from "../cli/files/media-files.ts";
import { type FoundFile, filesBelow } from "../cli/files/walk.ts";
import { isMediaPreflightError, MediaPreflightError, throwIfAborted } from "../errors.ts";
import { withAllowedFile } from "./allowed-file.ts";
import { allowedPath } from "./allowed-folders.ts";

/** Files of a folder that are looked at, media or not: each without a known extension is opened. */
const maxEntries = 20_000;

/** What the paths of a call stand for. */
export interface NamedFiles {
  /** Files, each as the agent would name it. */
  paths: string[];
  /** Folders that cannot be read to their end. */
  errors: MediaPreflightError[];
}

export interface NamedFilesOptions {
  folders: readonly string[];
  /** Files of one call at most. */
  maxFiles: number;
  /** Whether the configuration ignores a file. */
  isIgnored(givenPath: string): boolean;
  signal: AbortSignal;
}

/**
 * The files that the paths of a call name: files as they are, and the media below folders, as `check` finds them. A link
 * that leads out of the allowed folders is returned as a path, which is refused when it is opened.
 */
export async function namedFiles(
  givenPaths: readonly string[],
  options: NamedFilesOptions,
): Promise<NamedFiles> {
  const named: NamedFiles = { paths: [], errors: [] };
  for (const given of givenPaths) {
    const folder = allowedFolder(given, options.folders);
    try {
      if (folder === null) named.paths.push(given);
      else await addFolder(named, given, folder, options);
    } catch (error) {
      if (!isMediaPreflightError(error) || options.signal.aborted) throw error;
      named.errors.push(error);
    }
  }
  return named;
}

async function addFolder(
  named: NamedFiles,
  given: string,
  folder: string,
  { folders, maxFiles, isIgnored, signal }: NamedFilesOptions,
): Promise<void> {
  let [found, looked] = [0, 0];
  for (const file of filesBelow(folder)) {
    throwIfAborted(signal);
    if (++looked > maxEntries) throw tooMany(given, `more than ${maxEntries} files`, found);
    const path = join(given, relative(folder, file.path));
    if (isIgnored(path) || !(await isMediaFile(path, file, folders))) continue;
    if (named.paths.length >= maxFiles) throw tooMany(given, `more media files than ${maxFiles}`, found);
    named.paths.push(path);
    found++;
  }
  if (found === 0)
    throw new MediaPreflightError("no-media", "no media in this folder", {
      path: given,
      hint: "name the files themselves if they are media",
    });
}

/** The real path of a folder; null for anything else, which is opened, or refused, as a file. */
function allowedFolder(given: string, folders: readonly string[]): string | null {
  try {
    const path = allowedPath(given, folders);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : null;
  } catch {
    return null;
  }
}

/** By its extension, otherwise by its bytes; those of a file outside the allowed folders are not read. */
async function isMediaFile(path: string, file: FoundFile, folders: readonly string[]): Promise<boolean> {
  if (hasMediaExtension(path)) return true;
  try {
    return await withAllowedFile(path, folders, (opened) => isCandidate({ ...file, path: opened.path }));
  } catch {
    return false;
  }
}

function tooMany(path: string, what: string, checked: number): MediaPreflightError {
  return new MediaPreflightError("usage", `the folder has ${what}; only ${checked} of it were checked`, {
    path,
    hint: "name its subfolders, or the files themselves, in several calls",
  });
}
