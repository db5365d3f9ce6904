import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { sniffIsobmff } from "./isobmff.ts";
import { readFormatOf } from "./signatures.ts";

/** Bytes of one read of a local file; most signatures are in the first ones. */
export const windowBytes = 4096;

/**
 * A format that is read, or an ISO base media file of any brand. Null if sniffOtherFormats must decide: MP3, too,
 * has no signature.
 */
export function sniffReadFormats(cursor: Cursor): MaybePromise<Format | null> {
  return andThen(cursor.read(0, windowBytes), (head) =>
    // Boxes first: their sizes may look like start codes, 0x1BA or 0x1B3.
    andThen(sniffIsobmff(cursor, head), (format) => format ?? readFormatOf(head)),
  );
}
