import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { MediaPreflightError } from "../errors.ts";
import type { ByteSource } from "./source.ts";

/**
 * Ranged reads of a local file. The reads are synchronous: a header is a few kilobytes that the kernel
 * usually has at hand, and a trip through the thread pool costs ten times the read itself.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export function fromPath(path: string, name: string = basename(path)): ByteSource {
  const fd = attempt(path, () => openSync(path, "r"));
  let open = true;
  readers++;
  const close = (): void => {
    if (!open) return;
    open = false;
    // With nobody left who reads, the slab is free again.
    if (--readers === 0) taken = 0;
    closeSync(fd);
  };
  let size: number;
  try {
    const stat = attempt(path, () => fstatSync(fd));
    if (!stat.isFile()) {
      const what = stat.isDirectory() ? "a directory" : "not a regular file";
      throw new MediaPreflightError("unreadable", `it is ${what}`, { hint: "name a file" });
    }
    size = stat.size;
  } catch (error) {
    close();
    throw error;
  }
  return {
    size,
    name,
    grain: 4096,
    close,
    read(offset, length) {
      // The descriptor may be another file's by now.
      if (!open) throw new MediaPreflightError("unreadable", "it was closed while it was being read");
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = room(wanted);
      let got = 0;
      while (got < wanted) {
        const n = attempt(path, () => readSync(fd, bytes, got, wanted - got, offset + got));
        if (n === 0) throw new MediaPreflightError("changed", "it became shorter while it was being read");
        got += n;
      }
      return bytes;
    },
  };
}

const slabBytes = 256 * 1024;
let slab = new Uint8Array(0);
let taken = 0;
/** Sources that are open. */
let readers = 0;

/**
 * Bytes to read into. Small reads share a slab, each its own part of it, which is not used again before its source is
 * closed: memory of its own for every read costs as much as the read itself.
 */
function room(length: number): Uint8Array {
  if (length > slabBytes / 16) return new Uint8Array(length);
  if (taken + length > slab.byteLength) [slab, taken] = [new Uint8Array(slabBytes), 0];
  const part = slab.subarray(taken, taken + length);
  taken += length;
  return part;
}

const reasons: Record<string, string> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file: a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "it is a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  EIO: "the device reported an error",
};

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw new MediaPreflightError(
      missing ? "not-found" : "unreadable",
      reasons[code] ?? `cannot read it (${code})`,
      {
        cause,
        hint: missing ? `check the spelling of ${basename(path)}` : undefined,
      },
    );
  }
}
