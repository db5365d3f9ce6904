import { fileURLToPath } from "node:url";
import { MediaPreflightError } from "../../errors.ts";

/** The path that a `file:` URL names. @throws MediaPreflightError `usage`: another host, an encoded slash */
export function pathOfFileUrl(url: string | URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new MediaPreflightError("usage", "this file URL names no path on this machine", {
      url: String(url),
      cause,
      hint: "write it as file:///folder/name.mp4, or give the path",
    });
  }
}
