import { relative, resolve, sep } from "node:path";
import { realPathWithin } from "../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";

/*
 * Machines mount one folder at different places: a job names a file by its path below that folder, the shared root.
 */

/**
 * The path of a local file below the shared root, all links resolved, with "/" between its parts.
 * @throws MediaPreflightError `usage`
 */
export function pathBelowRoot(path: string, sharedRoot: string | undefined): string {
  if (sharedRoot === undefined)
    throw new MediaPreflightError("usage", "a local path means nothing to another machine", {
      path,
      hint: "name the folder that all workers can read with --shared-root DIR (sharedRoot), or queue a URL",
    });
  const real = realPathWithin(path, sharedRoot);
  const root = realPathWithin(sharedRoot, sharedRoot);
  if (real === null || root === null || real === root)
    throw new MediaPreflightError("usage", `the file is not below the shared root ${sharedRoot}`, {
      path,
      hint: "copy it there, or name another shared root",
    });
  return relative(root, real).split(sep).join("/");
}

/**
 * The real path of a job's file below this worker's shared root. The queue is not trusted to stay below it.
 * @throws MediaPreflightError `usage`; retryable if only this worker cannot open it
 */
export function fileBelowRoot(path: string, sharedRoot: string | undefined): string {
  if (sharedRoot === undefined)
    throw new MediaPreflightError("usage", "this worker has no shared root and cannot open local files", {
      path,
      retryable: true,
      hint: "start it with --shared-root DIR (sharedRoot)",
    });
  const real = path.includes("\0") ? null : realPathWithin(resolve(sharedRoot, path), sharedRoot);
  if (real === null)
    throw new MediaPreflightError("usage", "the path leads out of this worker's shared root", {
      path,
      hint: "workers only open files below their --shared-root, with all links resolved",
    });
  return real;
}
