import { MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { Terminal } from "../io/terminal.ts";

/** Bytes. More than this on stdin is not read into memory: no documented limit is even a third of it. */
const largestInBytes = 256 * 1024 * 1024;

/** All of standard input. @throws MediaPreflightError `unreadable` if it is too much, `aborted` */
export async function stdinBytes({ stdin, signal }: Terminal): Promise<Buffer> {
  throwIfAborted(signal);
  // The writer of the pipe may never finish; Ctrl-C must still end the read.
  const stop = (): void => void stdin.destroy();
  signal.addEventListener("abort", stop);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > largestInBytes)
        throw new MediaPreflightError(
          "unreadable",
          `more than ${largestInBytes / 1024 / 1024} MiB on stdin`,
          {
            hint: "save it to a file and name the file",
          },
        );
      chunks.push(chunk);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  throwIfAborted(signal);
  return Buffer.concat(chunks, size);
}
