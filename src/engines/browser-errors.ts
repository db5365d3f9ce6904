import { MediaPreflightError } from "../errors.ts";

/** Longest text of a browser or library that is repeated in an error. */
const maxCharacters = 300;

/**
 * Runs an engine in a browser; what it throws becomes a coded error.
 * @param what begins the message: "the browser could not convert it"
 * @throws MediaPreflightError `unreadable`, `engine-failed`, and those that `act` throws
 */
export async function withBrowserErrors<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    if (isUnreadable(cause))
      throw new MediaPreflightError("unreadable", "the file can no longer be read", {
        cause,
        hint: "it was moved, changed or deleted: choose it again",
      });
    const text = cause instanceof Error ? cause.message : String(cause);
    const firstLine = text.split("\n")[0]?.slice(0, maxCharacters) ?? "";
    throw new MediaPreflightError("engine-failed", `${what}: ${firstLine}`, { cause });
  }
}

/** Whether the file was moved, changed or deleted since it was chosen (File API, 6.3). */
function isUnreadable(cause: unknown): boolean {
  const name = (cause as { name?: unknown } | null)?.name;
  return name === "NotReadableError" || name === "NotFoundError";
}
