import { type ByteSource, OutOfReach } from "../bytes/source.ts";
import { throwIfAborted } from "../errors.ts";
import type { Budget } from "./budget.ts";

/** Signal: a structure reaches past the end of the data. The inspector turns it into damage. */
export class EndOfData {
  /** Where the structure begins, and how many bytes it wants from there. */
  readonly offset: number;
  readonly length: number;
  constructor(offset: number, length: number) {
    this.offset = offset;
    this.length = length;
  }
}

const largestWindow = 256 * 1024;

/**
 * Bounded reads of one source, in windows: the first window is kept, the current one moves. A read next to the
 * last one doubles the window, so that a walk through a file costs few reads; a jump reads no more than a grain.
 */
export class Cursor {
  /** Bytes in the source; Infinity where it is unknown. */
  readonly size: number;
  readonly budget: Budget;
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | null;
  #head: Window | null = null;
  #here: Window | null = null;
  #grain: number;

  constructor(source: ByteSource, budget: Budget, signal: AbortSignal | null = null) {
    this.#source = source;
    this.size = source.size ?? Number.POSITIVE_INFINITY;
    this.budget = budget;
    this.#signal = signal;
    this.#grain = source.grain;
  }

  /**
   * Exactly `length` bytes at `offset`. Await it: it is synchronous where the bytes are in a window.
   * @throws EndOfData where the data end before that, OverBudget, OutOfReach
   */
  at(offset: number, length: number): DataView | Promise<DataView> {
    const view = this.some(offset, length);
    return view instanceof DataView
      ? exactly(view, offset, length)
      : view.then((v) => exactly(v, offset, length));
  }

  /** Up to `length` bytes at `offset`: fewer, or none, only where the data end. */
  some(offset: number, length: number): DataView | Promise<DataView> {
    if (!(offset >= 0) || !(length >= 0) || offset > Number.MAX_SAFE_INTEGER)
      throw new EndOfData(offset, length);
    const wanted = Math.min(length, Math.max(0, this.size - offset));
    const held = holds(this.#here, offset, wanted) ?? holds(this.#head, offset, wanted);
    if (held) return view(held, offset, wanted);
    return this.#load(offset, wanted);
  }

  #load(offset: number, length: number): DataView | Promise<DataView> {
    throwIfAborted(this.#signal);
    const last = this.#here ?? this.#head;
    const next = last !== null && offset >= last.start && offset <= last.end;
    this.#grain = next
      ? Math.min(Math.max(this.#grain * 2, this.#source.grain), largestWindow)
      : this.#source.grain;
    const reach = this.#source.reach ?? Number.POSITIVE_INFINITY;
    if (offset + length > reach) throw new OutOfReach();
    const asked = Math.min(Math.max(length, this.#grain), Math.max(0, Math.min(this.size, reach) - offset));
    this.budget.read(asked === Number.POSITIVE_INFINITY ? length : asked);
    const got = this.#source.read(offset, asked);
    if (got instanceof Uint8Array) return view(this.#keep(offset, got), offset, length);
    return got.then((bytes) => {
      this.budget.waited();
      return view(this.#keep(offset, bytes), offset, length);
    });
  }

  #keep(start: number, { buffer, byteOffset, byteLength }: Uint8Array): Window {
    const window = { start, end: start + byteLength, buffer, shift: byteOffset - start };
    if (this.#head === null && start === 0) this.#head = window;
    else this.#here = window;
    return window;
  }
}

/** A stretch of the source that is at hand; a position in it lies in the buffer, `shift` bytes on. */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly buffer: ArrayBufferLike;
  readonly shift: number;
}

function holds(window: Window | null, offset: number, length: number): Window | null {
  return window !== null && offset >= window.start && offset + length <= window.end ? window : null;
}

function view({ end, buffer, shift }: Window, offset: number, length: number): DataView {
  const from = Math.min(offset, end);
  return new DataView(buffer, from + shift, Math.min(length, end - from));
}

function exactly(got: DataView, offset: number, length: number): DataView {
  if (got.byteLength < length) throw new EndOfData(offset, length);
  return got;
}

/** The `length` bytes at `at` as Latin-1 text: four-character codes, signatures. */
export function text(view: DataView, at: number, length = 4): string {
  let out = "";
  for (let i = at; i < at + length; i++) out += String.fromCharCode(view.getUint8(i));
  return out;
}
