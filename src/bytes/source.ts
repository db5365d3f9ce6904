/** Bytes behind one ranged read, whatever they come from. */
export interface ByteSource {
  /** Total size in bytes, or null where it cannot be known (a server that states none). */
  readonly size: number | null;
  /** A file name to show and to take an extension from; it never contains a query string. */
  readonly name: string | null;
  /** Path of the bytes on this machine, for programs that read files. */
  readonly path?: string;
  /**
   * Bytes to read at a time, at least: few for a local file, many over a network, where a request costs more.
   */
  readonly minReadSize: number;
  /** Bytes from the start that can be read, if not all can: the server serves no ranges. */
  readonly reach?: number;
  /**
   * Bytes from `offset`, at most `length` of them; fewer only at the end of the data.
   * Synchronous if the bytes are in memory. The caller does not write into them, and has finished with them when it
   * closes the source.
   * @throws MediaPreflightError `unreadable`, `changed`, `aborted`, `timeout`, `network`
   */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
  /** Releases files, connections and memory; idempotent. */
  close?(): void | Promise<void>;
}

/** Thrown for bytes that exist but cannot be read; `readWith` in facts/read.ts turns it into an unread fact. */
export class OutOfReach {}
