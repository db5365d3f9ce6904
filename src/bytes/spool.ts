/** Stores bytes that arrive as a stream until they can be read in any order. */
export interface Spool {
  write(chunk: Uint8Array): void | Promise<void>;
  /** All bytes written so far, as a Blob that is valid until `remove`. */
  blob(): Promise<Blob>;
  /** Frees the memory or the file; idempotent. */
  remove(): Promise<void>;
}

/** A spool in memory; browsers move large Blobs to disk themselves. */
export function memorySpool(): Spool {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (chunk) => {
      chunks.push(new Uint8Array(chunk));
    },
    blob: async () => new Blob(chunks),
    remove: async () => {
      chunks = [];
    },
  };
}
