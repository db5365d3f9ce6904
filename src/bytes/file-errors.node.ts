import { type ErrorCode, MediaPreflightError } from "../errors.ts";

/** Runs a call of node:fs; an error of it becomes a coded error about `path`. */
export function withFileErrors<T>(path: string | Buffer, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw errorAbout(path, cause);
  }
}

/** The same for calls of node:fs/promises. */
export async function withFileErrorsAsync<T>(path: string | Buffer, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw errorAbout(path, cause);
  }
}

/** A coded error that carries the path. */
export function fileError(
  code: ErrorCode,
  message: string,
  path: string | Buffer,
  more: { cause?: unknown; hint?: string | undefined } = {},
): MediaPreflightError {
  const details = {
    path: String(path),
    cause: more.cause,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
  };
  return new MediaPreflightError(code, message, details);
}

function errorAbout(path: string | Buffer, cause: unknown): MediaPreflightError {
  if (cause instanceof MediaPreflightError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const missing = code === "ENOENT" || code === "ENOTDIR";
  const message = reasons[code] ?? (code ? `cannot be read (${code})` : "cannot be read");
  return fileError(missing ? "not-found" : "unreadable", message, path, {
    cause,
    hint: missing ? "check the spelling" : undefined,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file: a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "this is a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENXIO: "this is not a regular file",
  EIO: "the device reported an error",
};
