import { answer } from "./answer.ts";
import type { LibraryEnvironment } from "./library-reading.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** The worker's half of the protocol: what to do with each message. */
export function serve(
  post: (message: FromWorker) => void,
  surroundings: (wasm: string | null) => LibraryEnvironment,
): (message: ToWorker) => void {
  let given: string | null = null;
  let deliver: ((bytes: Uint8Array<ArrayBuffer> | null) => void) | null = null;
  return (message) => {
    if (message.op === "start") {
      given = message.wasm;
      post({ op: "ready" });
    } else if (message.op === "bytes") {
      deliver?.(message.bytes);
    } else {
      const { id, crossCheck, format, size } = message;
      // CrossCheckLibraries read one stretch after another, never two at once; a chain keeps it so.
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
      answer(crossCheck, { format, size, read }, surroundings(given)).then(
        (libraryReading) => post({ op: "answer", id, libraryReading }),
        (error: unknown) =>
          post({ op: "failed", id, why: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
}
