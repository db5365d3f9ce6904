import { closeSync, statSync } from "node:fs";
import { openRegularFile, type RegularFile } from "../bytes/open-file.node.ts";
import { realPath } from "../bytes/real-path.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { allowedPath } from "./allowed-folders.ts";

/** A file that an agent named, in an allowed folder. */
export interface AllowedFile {
  /** As the agent named it. */
  givenPath: string;
  /** The real path: all links resolved. */
  path: string;
  /**
   * The path still leads to the file that was opened.
   * @throws MediaPreflightError `changed`
   */
  requireSame(): void;
}

/**
 * Runs `use` with a regular file in an allowed folder. The file stays open, so that no other file can have its device and
 * inode, and its path must lead to it before and after.
 * @throws MediaPreflightError `path-refused`, `not-found`, `unreadable`, `changed`
 */
export async function withAllowedFile<T>(
  givenPath: string,
  folders: readonly string[],
  use: (file: AllowedFile) => Promise<T>,
): Promise<T> {
  const path = allowedPath(givenPath, folders);
  const opened = open(path, givenPath);
  const requireSame = (): void => {
    const now = statSync(path, { bigint: true, throwIfNoEntry: false });
    const { dev, ino } = opened.stats;
    if (realPath(path) === path && now?.dev === dev && now.ino === ino) return;
    throw new MediaPreflightError("changed", "another file replaced it while it was being read", {
      path: givenPath,
      retryable: true,
      hint: "call it again when nothing replaces the file any more",
    });
  };
  try {
    requireSame();
    const result = await use({ givenPath, path, requireSame });
    requireSame();
    return result;
  } finally {
    closeSync(opened.fd);
  }
}

/** Opens it; an error names it as the agent did. */
function open(path: string, givenPath: string): RegularFile {
  try {
    return openRegularFile(path);
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    const { code, summary, cause, hint } = error;
    throw new MediaPreflightError(code, summary, { path: givenPath, cause, hint });
  }
}
