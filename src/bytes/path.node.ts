import { closeSync, readSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileError, withFileErrors } from "./file-errors.node.ts";
import { openRegularFile } from "./open-file.node.ts";
import type { ByteSource } from "./source.ts";

/**
 * Ranged reads of a local file. The reads are synchronous: a header is a few kilobytes that the kernel
 * usually has in memory, and a read through the thread pool takes ten times as long.
 * @param path a Buffer if the name is not UTF-8
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export function fromPath(path: string | Buffer, name: string = basename(String(path))): ByteSource {
  const { fd, size } = openRegularFile(path);
  let open = true;
  return {
    size,
    name,
    path: resolve(String(path)),
    minReadSize: 4096,
    close() {
      if (open) closeSync(fd);
      open = false;
    },
    read(offset, length) {
      // The descriptor may belong to another file by now.
      if (!open) throw fileError("unreadable", "the file was closed while it was being read", path);
      const available = Math.max(0, Math.min(length, size - offset));
      const bytes = new Uint8Array(available);
      let received = 0;
      while (received < available) {
        const count = withFileErrors(path, () =>
          readSync(fd, bytes, received, available - received, offset + received),
        );
        if (count === 0) throw fileError("changed", "the file became shorter while it was being read", path);
        received += count;
      }
      return bytes;
    },
  };
}
