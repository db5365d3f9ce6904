/** Bytes that are kept: the index of ten hours of video fits. */
const capacity = 4 * 1024 * 1024;

/** The most recent reads, because cross-check libraries request again what our own parser has read. */
export class RecentReads {
  #parts: { from: number; bytes: Uint8Array }[] = [];

  /** All bytes from `from` up to `to`, or null. */
  find(from: number, to: number): Uint8Array | null {
    const part = this.#parts.find((p) => from >= p.from && to <= p.from + p.bytes.byteLength);
    return part ? part.bytes.subarray(from - part.from, to - part.from) : null;
  }

  add(from: number, bytes: Uint8Array): void {
    let left = capacity;
    this.#parts = [{ from, bytes }, ...this.#parts].filter((part) => {
      left -= part.bytes.byteLength;
      return left >= 0;
    });
  }
}
