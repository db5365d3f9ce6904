/** Bytes behind one ranged read, whatever they come from. */
export interface ByteSource {
  /** Total size in bytes, or null where it cannot be known (a server that states none). */
  readonly size: number | null;
  /** A name to show and to take an extension from: a file name, never a query string. */
  readonly name: string | null;
  /** Where the bytes lie on this machine, for programs that read them there. */
  readonly path?: string;
  /**
   * The least number of bytes worth asking for at a time: small for a local file, large for a network one.
   */
  readonly grain: number;
  /** How many bytes from the start can be had, where that is not all: a server that serves no ranges. */
  readonly reach?: number;
  /**
   * Bytes from `offset`, at most `length` of them; fewer only where the data end.
   * Synchronous if the bytes are in memory. The caller does not write into them, and has finished with them when it
   * closes the source.
   * @throws MediaPreflightError `unreadable`, `changed`, `aborted`, `timeout`, `network`
   */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
  /** Frees what the source holds; idempotent. */
  close?(): void | Promise<void>;
}

/** Signals bytes that exist but cannot be read. The inspector turns it into an unread fact. */
export class OutOfReach {}
