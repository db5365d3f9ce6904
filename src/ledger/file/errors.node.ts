import { MediaPreflightError } from "../../errors.ts";

/** A larger file is not a ledger of this tool. */
export const largestFileInBytes = 256 * 1024 * 1024;

/** Null if there is no such file. @throws MediaPreflightError `unreadable` */
export function orNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  return unreadable(error);
}

/** @throws MediaPreflightError `unreadable` */
export function unreadable(cause: unknown): never {
  if (cause instanceof MediaPreflightError) throw cause;
  throw new MediaPreflightError("unreadable", "cannot read the ledger", { cause });
}

/** The folder is missing, not writable or full. */
export function unwritable(file: string, cause: unknown): MediaPreflightError {
  if (cause instanceof MediaPreflightError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  return new MediaPreflightError("unreadable", `cannot write the ledger ${file} (${code ?? "unknown"})`, {
    cause,
    hint: "its folder must exist and be writable; or name another ledger",
  });
}

/** A value of the service or the caller that the ledger could not read again. */
export function unrecordable(fault: string): MediaPreflightError {
  return new MediaPreflightError("protocol", `cannot record this in the ledger: ${fault}`);
}

/** Not a file of this tool. */
export function tooLarge(file: string): MediaPreflightError {
  return new MediaPreflightError("ledger-invalid", `${file}: larger than ${largestFileInBytes} bytes`, {
    hint: "this is not a ledger of this tool: name another file",
  });
}

/** A link, device, FIFO, socket or folder. */
export function notAFile(file: string, what: string): MediaPreflightError {
  return new MediaPreflightError("ledger-invalid", `${file} is ${what}, not a regular file`, {
    hint: "nothing was read or written: remove it, or name another ledger",
  });
}

/** Two entries with the same key. */
export function duplicateEntry(file: string, index: number): MediaPreflightError {
  return new MediaPreflightError(
    "ledger-invalid",
    `${file}: entries[${index}]: a second entry for the same bytes, type and account`,
    { hint: "nothing was overwritten: keep the one whose step is later" },
  );
}
