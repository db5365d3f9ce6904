import { closeSync, readSync } from "node:fs";
import { basename, resolve } from "node:path";
import { attempt, fileError, openRegularFile } from "./open-file.node.ts";
import type { ByteSource } from "./source.ts";

/**
 * Ranged reads of a local file. The reads are synchronous: a header is a few kilobytes that the kernel
 * usually has in memory, and a trip through the thread pool costs ten times the read itself.
 * @param path bytes, where a name is not UTF-8
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export function fromPath(path: string | Buffer, name: string = basename(String(path))): ByteSource {
  const { fd, size } = openRegularFile(path);
  let open = true;
  return {
    size,
    name,
    path: resolve(String(path)),
    grain: 4096,
    close() {
      if (open) closeSync(fd);
      open = false;
    },
    read(offset, length) {
      // The descriptor may be another file's by now.
      if (!open) throw fileError("unreadable", "the file was closed while it was being read", path);
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = new Uint8Array(wanted);
      let got = 0;
      while (got < wanted) {
        const n = attempt(path, () => readSync(fd, bytes, got, wanted - got, offset + got));
        if (n === 0) throw fileError("changed", "the file became shorter while it was being read", path);
        got += n;
      }
      return bytes;
    },
  };
}
