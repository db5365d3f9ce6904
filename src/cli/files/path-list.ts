import { constants, openSync, statSync } from "node:fs";
import { withFileErrors } from "../../bytes/file-errors.node.ts";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { Terminal } from "../io/terminal.ts";
import { splitBytes } from "./file-name.ts";
import { stdinBytes } from "./stdin.ts";

/** A million long paths. */
const largestListInBytes = 256 * 1024 * 1024;

/**
 * The paths in a list, each as its bytes, which need not be UTF-8.
 * @param list a file, a pipe such as `<(find …)`, or "-" for stdin
 * @throws MediaPreflightError `unreadable`
 */
export async function pathsIn(list: string, nulEnded: boolean, terminal: Terminal): Promise<Buffer[]> {
  const bytes = list === "-" ? await stdinBytes(terminal) : await listBytes(list, terminal.signal);
  if (nulEnded) return splitBytes(bytes, 0);
  return splitBytes(bytes, 0x0a)
    .map((line) => (line.at(-1) === 0x0d ? line.subarray(0, -1) : line))
    .filter((line) => line.length > 0);
}

async function listBytes(list: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const isPipe = withFileErrors(list, () => statSync(list)).isFIFO();
    return isPipe ? await pipeBytes(list, signal) : readRegularFile(list, { maxBytes: largestListInBytes });
  } catch (cause) {
    throwIfAborted(signal);
    throw new MediaPreflightError("unreadable", `cannot read the list of paths ${list}`, {
      cause,
      hint: "--files-from takes a file of paths, or - for stdin",
    });
  }
}

/** What is written into a pipe, without ever blocking this process. */
async function pipeBytes(path: string, signal: AbortSignal): Promise<Buffer> {
  // Loaded here: every other command line starts 3 ms sooner without it.
  const { Socket } = await import("node:net");
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const pipe = new Socket({ fd, readable: true, writable: false, signal });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestListInBytes) throw new Error("the list is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
