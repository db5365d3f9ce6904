import { constants } from "node:fs";
import { copyFile, link } from "node:fs/promises";
import { basename, join } from "node:path";
import { MediaPreflightError } from "../errors.ts";
import { fixedName } from "./plan/command.ts";

/** Names that are tried. */
const maxNames = 10_000;

/**
 * Gives a finished file a name in `folder` that no file has yet.
 * @returns the path
 * @throws MediaPreflightError `unreadable` where it cannot be written
 */
export async function publish(
  finished: string,
  original: string,
  folder: string,
  format: string,
): Promise<string> {
  for (let n = 1; n <= maxNames; n++) {
    const path = join(folder, fixedName(basename(original), format, n));
    try {
      await linkOrCopy(finished, path);
      return path;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new MediaPreflightError("unreadable", `cannot write ${path}`, { cause });
    }
  }
  throw new MediaPreflightError(
    "unreadable",
    `there are ${maxNames} fixed copies of ${basename(original)} already`,
  );
}

/** Some file systems have no hard links: there the file is copied, and never over another one. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (
      code !== "EPERM" &&
      code !== "ENOTSUP" &&
      code !== "EOPNOTSUPP" &&
      code !== "EMLINK" &&
      code !== "ENOSYS"
    )
      throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
