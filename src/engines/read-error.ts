import { MediaPreflightError } from "../errors.ts";

/** The error for a file that was moved, changed or deleted since it was chosen (File API, 6.3); null for other causes. */
export function readError(cause: unknown): MediaPreflightError | null {
  const name = (cause as { name?: unknown } | null)?.name;
  if (name !== "NotReadableError" && name !== "NotFoundError") return null;
  return new MediaPreflightError("unreadable", "the file can no longer be read", {
    cause,
    hint: "it was moved, changed or deleted: choose it again",
  });
}
