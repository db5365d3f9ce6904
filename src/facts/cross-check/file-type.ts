import { fileTypeFromBuffer } from "file-type";
import type { Kind } from "../formats.ts";
import type { CrossCheckLibrary } from "./library-reading.ts";

const window = 16 * 1024;

/** file-type over the head of a file that no own signature fits. */
export const crossCheck: CrossCheckLibrary = async (question) => {
  const type = await fileTypeFromBuffer(await question.read(0, window));
  if (!type) return {};
  const word = type.mime.slice(0, type.mime.indexOf("/"));
  const kind: Kind | null = word === "image" || word === "video" || word === "audio" ? word : null;
  return { named: { mime: type.mime, extension: type.ext, kind } };
};
