import { andThen, type MaybePromise } from "../async/maybe-promise.ts";
import { type ByteSource, OutOfReach } from "../bytes/source.ts";
import { throwIfAborted } from "../errors.ts";
import type { Budget } from "./budget.ts";

/** Thrown where a structure reaches past the end of the data; `readWith` turns it into damage. */
export class EndOfData {
  /** Where the structure begins, and how many bytes it has from there. */
  readonly offset: number;
  readonly length: number;
  constructor(offset: number, length: number) {
    this.offset = offset;
    this.length = length;
  }
}

const largestWindow = 256 * 1024;

/**
 * Bounded reads of one source, in windows: the first window stays in memory, the current one moves. A read next to the
 * last one, or nearly, doubles the window, so that reading a file in order costs few reads; a jump reads no more than
 * the source's `minReadSize`.
 */
export class Cursor {
  /** Bytes in the source; Infinity where it is unknown. */
  readonly size: number;
  readonly budget: Budget;
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | null;
  #head: Window | null = null;
  #current: Window | null = null;
  #windowSize: number;

  constructor(source: ByteSource, budget: Budget, signal: AbortSignal | null = null) {
    this.#source = source;
    this.size = source.size ?? Number.POSITIVE_INFINITY;
    this.budget = budget;
    this.#signal = signal;
    this.#windowSize = source.minReadSize;
  }

  /**
   * Exactly `length` bytes at `offset`, at once where they are in a window.
   * @throws EndOfData where the data end before that, OverBudget, OutOfReach
   */
  at(offset: number, length: number): MaybePromise<View> {
    return andThen(this.read(offset, length), (view) => {
      if (view.byteLength < length) throw new EndOfData(offset, length);
      return view;
    });
  }

  /** Up to `length` bytes at `offset`: fewer, or none, only where the data end. */
  read(offset: number, length: number): MaybePromise<View> {
    if (!(offset >= 0 && length >= 0 && offset <= Number.MAX_SAFE_INTEGER))
      throw new EndOfData(offset, length);
    const available = Math.min(length, Math.max(0, this.size - offset));
    return this.buffered(offset, available) ?? this.#load(offset, available);
  }

  /** All `length` bytes at `offset` where they are in a window; else null, and nothing is read. */
  buffered(offset: number, length: number): View | null {
    const window = inWindow(this.#current, offset, length) ?? inWindow(this.#head, offset, length);
    return window && view(window, offset, length);
  }

  #load(offset: number, length: number): MaybePromise<View> {
    throwIfAborted(this.#signal);
    const { minReadSize, reach = Number.POSITIVE_INFINITY } = this.#source;
    const last = this.#current ?? this.#head;
    const isNext = last !== null && offset >= last.start && offset <= last.end + minReadSize;
    this.#windowSize = isNext
      ? Math.min(Math.max(this.#windowSize * 2, minReadSize), largestWindow)
      : minReadSize;
    if (offset + length > reach) throw new OutOfReach();
    const requested = Math.min(
      Math.max(length, this.#windowSize),
      Math.max(0, Math.min(this.size, reach) - offset),
    );
    this.budget.read(requested);
    const got = this.#source.read(offset, requested);
    const store = ({ buffer, byteOffset, byteLength }: Uint8Array): View => {
      const end = offset + byteLength;
      const window = { start: offset, end, bytes: new DataView(buffer), shift: byteOffset - offset };
      if (this.#head === null && offset === 0) this.#head = window;
      else this.#current = window;
      return view(window, offset, length);
    };
    if (got instanceof Uint8Array) return store(got);
    return Promise.resolve(got).then((bytes) => {
      this.budget.waited();
      return store(bytes);
    });
  }
}

/** A range of the source in memory; offset `o` of the source is `bytes[o + shift]`. */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: DataView;
  readonly shift: number;
}

function inWindow(window: Window | null, offset: number, length: number): Window | null {
  return window !== null && offset >= window.start && offset + length <= window.end ? window : null;
}

function view({ end, bytes, shift }: Window, offset: number, length: number): View {
  const from = Math.min(offset, end);
  return new WindowView(bytes, from + shift, Math.min(length, end - from));
}

/** Read access to bytes, as a DataView has it; RangeError outside of them. */
export type View = Pick<
  DataView,
  "buffer" | "byteOffset" | "byteLength" | "getUint8" | "getUint16" | "getUint32" | "getInt32"
>;

/** Part of a window. It costs a tenth of a DataView of its own, and headers take hundreds of them. */
class WindowView implements View {
  readonly #window: DataView;
  readonly byteOffset: number;
  readonly byteLength: number;

  constructor(window: DataView, byteOffset: number, byteLength: number) {
    this.#window = window;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
  }

  get buffer(): View["buffer"] {
    return this.#window.buffer;
  }

  getUint8(at: number): number {
    return this.#window.getUint8(this.#position(at, 1));
  }

  getUint16(at: number, little?: boolean): number {
    return this.#window.getUint16(this.#position(at, 2), little);
  }

  getUint32(at: number, little?: boolean): number {
    return this.#window.getUint32(this.#position(at, 4), little);
  }

  getInt32(at: number, little?: boolean): number {
    return this.#window.getInt32(this.#position(at, 4), little);
  }

  #position(at: number, bytes: number): number {
    if (!(at >= 0 && at + bytes <= this.byteLength)) throw new RangeError();
    return this.byteOffset + at;
  }
}

/** The `length` bytes at `at` as Latin-1 text: four-character codes, signatures. */
export function text(view: View, at: number, length = 4): string {
  let out = "";
  for (let i = at; i < at + length; i++) out += String.fromCharCode(view.getUint8(i));
  return out;
}

/** A number of 64 bits, rounded to a double. */
export function uint64(view: View, at: number, little: boolean): number {
  const [high, low] = little ? [at + 4, at] : [at, at + 4];
  return view.getUint32(high, little) * 2 ** 32 + view.getUint32(low, little);
}
