/** Bytes that are kept of what was fetched last: room for the index of ten hours of film. */
const room = 4 * 1024 * 1024;

/** What was fetched last, since a cross-check library asks again for what the own reader has had. */
export class Recent {
  #parts: { from: number; bytes: Uint8Array }[] = [];

  /** All bytes from `from` up to `to`, or null. */
  held(from: number, to: number): Uint8Array | null {
    const part = this.#parts.find((p) => from >= p.from && to <= p.from + p.bytes.byteLength);
    return part ? part.bytes.subarray(from - part.from, to - part.from) : null;
  }

  keep(from: number, bytes: Uint8Array): void {
    let left = room;
    this.#parts = [{ from, bytes }, ...this.#parts].filter((part) => {
      left -= part.bytes.byteLength;
      return left >= 0;
    });
  }
}
