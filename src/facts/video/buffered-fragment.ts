import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { Cursor, type View } from "../cursor.ts";
import type { Box } from "../isobmff/boxes.ts";

/** A moof box, buffered in memory if it is small. */
export interface BufferedFragment {
  moof: Box;
  /** Where its boxes are to be read. */
  cursor: Cursor;
}

/** Bytes. A fragment of a minute has a moof of some 20 KB. */
const largestMoof = 64 * 1024;
/** Bytes of memory that a buffered fragment takes besides its moof. */
const overhead = 256;
/** Bytes of one file's fragments that are buffered; later ones are read again. */
export const fragmentBufferBytes: number = 4 * 1024 * 1024;

/** Bytes of the buffer that a moof takes: many empty ones must not fill the memory with objects. */
export function fragmentCost(moof: Box): number {
  return moof.end - moof.at + overhead;
}

/**
 * Copies a moof's bytes into memory: its samples can be counted only once the movie's header is read, and reading the
 * file a second time would take a read for each fragment.
 * @param room bytes that may still be buffered
 */
export function bufferFragment(cursor: Cursor, moof: Box, room: number): MaybePromise<BufferedFragment> {
  const length = moof.end - moof.at;
  if (length > largestMoof || fragmentCost(moof) > room) return { moof, cursor };
  return andThen(cursor.read(moof.at, length), (view) => ({
    moof,
    cursor: new Cursor(copyOf(view, moof.at), cursor.budget),
  }));
}

/** The same bytes at the same positions; bytes before them are absent. */
function copyOf(view: View, at: number): ConstructorParameters<typeof Cursor>[0] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return {
    size: at + bytes.length,
    name: null,
    minReadSize: bytes.length,
    read: (offset, length) => bytes.subarray(offset - at, offset - at + length),
  };
}
