import { fromPath } from "../../bytes/path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Input } from "./inputs.ts";
import { localPath } from "./local-path.ts";
import type { FoundFile } from "./walk.ts";

/** A file of a folder or a glob as an input. */
export function inputOf({ path, bytes, leavesRepository }: FoundFile): Input {
  if (leavesRepository)
    return {
      kind: "error",
      displayName: path,
      error: new MediaPreflightError("unreadable", "this link leads out of the repository", {
        hint: "name the link itself if you mean that file",
      }),
    };
  return bytes === null
    ? { kind: "path", displayName: path, path: localPath(path) }
    : { kind: "source", displayName: path, open: () => fromPath(bytes, path) };
}
