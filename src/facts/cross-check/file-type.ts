import { fileTypeFromBuffer } from "file-type";
import type { Kind } from "../formats.ts";
import type { LibraryReader } from "./library-reading.ts";

const window = 16 * 1024;

/** file-type, for the first bytes of a file that matches no signature of ours. */
export const reader: LibraryReader = async (input) => {
  const type = await fileTypeFromBuffer(await input.read(0, window));
  if (!type) return {};
  const topLevelType = type.mime.slice(0, type.mime.indexOf("/"));
  const kind: Kind | null =
    topLevelType === "image" || topLevelType === "video" || topLevelType === "audio" ? topLevelType : null;
  return { named: { mime: type.mime, extension: type.ext, kind } };
};
