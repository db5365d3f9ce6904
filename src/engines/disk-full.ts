import { MediaPreflightError } from "../errors.ts";

/**
 * The error for a disk that had no room for an engine's output; null for other failures. ffmpeg and libvips repeat the
 * operating system's text.
 */
export function diskFullError(message: string): MediaPreflightError | null {
  const text = /No space left on device|Disk quota exceeded/.exec(message)?.[0];
  if (!text) return null;
  return new MediaPreflightError("unreadable", `cannot write the copy: ${text}`, {
    hint: "free space there, or give another folder with --out",
  });
}
