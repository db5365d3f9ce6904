import type { LibraryEnvironment } from "./library-reading.ts";
import { readWithLibrary } from "./read-with-library.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** The worker's side of the protocol. Returns the function that handles each message. */
export function serve(
  post: (message: FromWorker) => void,
  environmentFor: (wasm: string | null) => LibraryEnvironment,
): (message: ToWorker) => void {
  let wasm: string | null = null;
  let deliver: ((bytes: Uint8Array<ArrayBuffer> | null) => void) | null = null;
  return (message) => {
    if (message.op === "start") {
      wasm = message.wasm;
      post({ op: "ready" });
    } else if (message.op === "bytes") {
      deliver?.(message.bytes);
    } else {
      const { id, library: crossCheck, format, size } = message;
      // One read at a time, whatever the library does: each waits for the one before it.
      let last: Promise<unknown> = Promise.resolve();
      const read = (offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
        const next = last.then(async () => {
          const bytes = await new Promise<Uint8Array<ArrayBuffer> | null>((resolve) => {
            deliver = resolve;
            post({ op: "read", id, offset, length });
          });
          if (!bytes) throw new Error("the file could not be read");
          return bytes;
        });
        last = next.catch(() => undefined);
        return next;
      };
      readWithLibrary(crossCheck, { format, size, read }, environmentFor(wasm)).then(
        (libraryReading) => post({ op: "answer", id, libraryReading }),
        (error: unknown) =>
          post({ op: "failed", id, why: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
}
