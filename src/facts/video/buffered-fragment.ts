import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { Cursor, type View } from "../cursor.ts";
import type { Box } from "../isobmff/boxes.ts";

/** A moof box, held in memory if it is small. */
export interface BufferedFragment {
  moof: Box;
  /** Where its boxes are to be read. */
  cursor: Cursor;
}

/** A fragment of a minute has a moof of some 20 KB. */
const largest = 64 * 1024;
/** Bytes that the fragments of one file may hold together; later ones are read again. */
export const fragmentRoom: number = 4 * 1024 * 1024;

/**
 * Holds a moof's bytes: what its samples add up to can be counted once the movie's header is read, and to go through
 * the file a second time would be a read for each fragment.
 * @param room bytes that may still be held
 */
export function bufferFragment(cursor: Cursor, moof: Box, room: number): MaybePromise<BufferedFragment> {
  const length = moof.end - moof.at;
  if (length > Math.min(largest, room)) return { moof, cursor };
  return andThen(cursor.some(moof.at, length), (view) => ({
    moof,
    cursor: new Cursor(copyOf(view, moof.at), cursor.budget),
  }));
}

/** The same bytes at the same positions; what lies before them is not there. */
function copyOf(view: View, at: number): ConstructorParameters<typeof Cursor>[0] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return {
    size: at + bytes.length,
    name: null,
    grain: bytes.length,
    read: (offset, length) => bytes.subarray(offset - at, offset - at + length),
  };
}
