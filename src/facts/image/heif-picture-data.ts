import type { Cursor } from "../cursor.ts";
import { bodyOf } from "../isobmff/boxes.ts";
import { propertiesOf } from "./heif-geometry.ts";
import { type ItemLocation, type Items, largestConfiguration } from "./heif-items.ts";
import { extraSliceBits, isStillSlice } from "./hevc-slice.ts";

/** Coded pictures whose first bytes are checked: the first tiles of a grid. */
export const maxPicturesChecked = 4;

/** HEVC's NAL unit types that begin a picture's data: slices 0 – 21, parameter sets, delimiters and SEI 32 – 40 (ITU-T H.265 table 7-1). */
const isKnownType = (type: number): boolean => type <= 21 || (type >= 32 && type <= 40);

/** Bytes of a NAL unit that are checked: its header and the beginning of a slice header. */
const unitHeadBytes = 16;

/**
 * Whether an item of HEVC data begins with a NAL unit that fits into it (ISO/IEC 14496-15 §8.3.2) and, if that is a
 * slice, with one of a still picture: text, zeros and damaged headers do not. True if the data cannot be checked.
 */
export async function beginsWithNalUnit(
  cursor: Cursor,
  items: Items,
  id: number,
  location: ItemLocation | undefined,
): Promise<boolean> {
  const first = location?.extents[0];
  if (!location?.inFile || !first) return true;
  const start = location.method === 1 ? (items.idat?.body ?? Number.NaN) + first.at : first.at;
  if (!(start < cursor.size)) return true;
  const bytes = location.extents.reduce((sum, { length }) => sum + (length || cursor.size - start), 0);
  const config = propertiesOf(cursor, items, id).find((box) => box.type === "hvcC");
  const header = config && (await bodyOf(cursor, config, largestConfiguration));
  if (!header || header.byteLength < 23) return true;
  const lengthBytes = (header.getUint8(21) & 3) + 1;
  const view = await cursor.read(start, lengthBytes + unitHeadBytes);
  // A first extent shorter than a header is allowed, but not seen in practice: not checked.
  if (view.byteLength < lengthBytes + 2 || (first.length > 0 && first.length < lengthBytes + 2)) return true;
  let length = 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + view.getUint8(i);
  const head = view.getUint8(lengthBytes);
  const fits = length >= 2 && lengthBytes + length <= bytes && head < 128 && isKnownType(head >> 1);
  if (!fits) return false;
  const inFirst = Math.min(length, first.length || length, view.byteLength - lengthBytes);
  return isStillSlice(await cursor.read(start + lengthBytes, inFirst), extraSliceBits(header));
}
