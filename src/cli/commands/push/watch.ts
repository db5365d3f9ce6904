import { resolve, sep } from "node:path";
import { makeFolder } from "../../../bytes/make-folder.node.ts";
import { isLink, realPath } from "../../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import { setUpPush } from "./set-up.ts";
import { type Targets, WatchRun } from "./watch-run.ts";

/**
 * `push --watch DIR`: pushes the files in a folder and those that are added until Ctrl-C or SIGTERM. Then no further file is taken, and what
 * is under way may end within the grace; the ledger has what was done.
 * @returns 0 if all files passed, 1 if some did not, 2 if some could not be done
 */
export async function watch(directory: string, args: Parsed, terminal: Terminal): Promise<ExitCode> {
  const targets = targetsOf(directory, args);
  const run = new WatchRun(directory, targets, args, terminal, await setUpPush(args, terminal));
  try {
    return await run.untilStopped();
  } finally {
    // A signal is the normal end of a watch: no exit status of an interrupt.
    if (terminal.signal.aborted) process.exitCode = undefined;
  }
}

/** Creates the target folders. @throws MediaPreflightError `usage`, `unreadable` */
function targetsOf(directory: string, { values }: Parsed): Targets {
  const watched = realPath(resolve(directory));
  const target = (flag: "done-dir" | "failed-dir"): string | null => {
    const folder = values[flag];
    if (folder === undefined) return null;
    const wanted = realPath(resolve(folder));
    if (wanted !== null && watched !== null && (watched === wanted || watched.startsWith(wanted + sep)))
      throw usage(`--${flag} cannot be the watched folder or one above it`, "push");
    try {
      if (isLink(resolve(folder))) throw new Error("it is a link");
      makeFolder(resolve(folder));
    } catch (cause) {
      throw new MediaPreflightError("unreadable", `cannot create the folder of --${flag}`, {
        path: folder,
        cause,
      });
    }
    return realPath(resolve(folder));
  };
  return { done: target("done-dir"), failed: target("failed-dir") };
}
