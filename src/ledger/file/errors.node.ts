import { basename } from "node:path";
import { MediaPreflightError } from "../../errors.ts";

/** What is larger is no ledger of this tool. */
export const largestFileInBytes = 256 * 1024 * 1024;

/** Null where there is no such file. @throws MediaPreflightError `unreadable` */
export function orNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  return unreadable(error);
}

/** @throws MediaPreflightError `unreadable` */
export function unreadable(cause: unknown): never {
  throw new MediaPreflightError("unreadable", "the ledger cannot be read", { cause });
}

/** A folder that is gone, closed or full. */
export function unwritable(file: string, cause: unknown): MediaPreflightError {
  const { code } = cause as NodeJS.ErrnoException;
  return new MediaPreflightError(
    "unreadable",
    `the ledger ${basename(file)} cannot be written (${code ?? "unknown"})`,
    {
      cause,
      hint: "its directory has to be there and writable; or name another ledger",
    },
  );
}

/** Something the service or the caller said that the ledger could not read again. */
export function unkeepable(fault: string): MediaPreflightError {
  return new MediaPreflightError("protocol", `this cannot be kept in the ledger: ${fault}`);
}

/** A file that cannot be one of ours. */
export function tooLarge(file: string): MediaPreflightError {
  return new MediaPreflightError("ledger-invalid", `${file}: over ${largestFileInBytes} bytes`, {
    hint: "this is no ledger of this tool: name another",
  });
}

/** Two entries that claim the same. */
export function twice(file: string, index: number): MediaPreflightError {
  return new MediaPreflightError(
    "ledger-invalid",
    `${file}: entries[${index}]: the same bytes, type and account twice`,
    {
      hint: "nothing was overwritten: keep the one of the two that has come further",
    },
  );
}
