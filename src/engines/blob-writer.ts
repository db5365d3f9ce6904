/** Bytes that are collected before they are added to the Blob. */
const partBytes = 4 * 2 ** 20;

/**
 * Builds a Blob from writes at any position. Browsers keep large Blobs on disk, so that memory stays bounded; where
 * writes overlap, the later one counts, and gaps are zeros.
 */
export class BlobWriter {
  #blob = new Blob([]);
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;

  /** Bytes written so far, up to the furthest. */
  get size(): number {
    return this.#blob.size + this.#pendingBytes;
  }

  write(data: Uint8Array<ArrayBuffer>, position: number): void {
    if (position === this.size) {
      // The caller may use its buffer again.
      this.#pending.push(data.slice());
      this.#pendingBytes += data.byteLength;
      if (this.#pendingBytes >= partBytes) this.#flush();
      return;
    }
    this.#flush();
    const before = this.#blob.slice(0, position);
    const gap = new Uint8Array(Math.max(position - before.size, 0));
    this.#blob = new Blob([before, gap, data, this.#blob.slice(position + data.byteLength)]);
  }

  /** What was written. */
  finish(type: string): Blob {
    this.#flush();
    return new Blob([this.#blob], { type });
  }

  #flush(): void {
    if (this.#pendingBytes === 0) return;
    this.#blob = new Blob([this.#blob, ...this.#pending]);
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
