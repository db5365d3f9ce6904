import { type Cursor, text, type View } from "../cursor.ts";
import type { Evidence } from "../evidence.ts";

const orientationTag = 0x0112;
const shortType = 3;

/** An entry of a block's directory: its twelve bytes begin at `at`. */
export interface BlockEntry {
  view: View;
  at: number;
  /** Byte order of the block. */
  little: boolean;
}

/**
 * The entry of this tag in IFD0 of the block from `start` to before `end`; null if there is none.
 * EXIF 2.32, 4.6.5: a block is a small TIFF, its IFD0 at the offset in its header.
 */
export async function entryIn(
  cursor: Cursor,
  start: number,
  end: number,
  tag: number,
): Promise<BlockEntry | null> {
  const head = await cursor.read(start, 8);
  if (head.byteLength < 8) return null;
  const order = text(head, 0, 2);
  if (order !== "II" && order !== "MM") return null;
  const little = order === "II";
  const ifd = start + head.getUint32(4, little);
  if (ifd + 2 > end) return null;
  const counted = await cursor.read(ifd, 2);
  const entries = counted.byteLength < 2 ? 0 : counted.getUint16(0, little);
  const view = await cursor.read(ifd + 2, Math.min(12 * entries, end - ifd - 2));
  cursor.budget.step(entries);
  for (let at = 0; at + 12 <= view.byteLength; at += 12)
    if (view.getUint16(at, little) === tag) return { view, at, little };
  return null;
}

/** Orientation as a block states it: 1 to 8 in a valid one, 1 where it states none. */
export async function exifOrientation(cursor: Cursor, start: number, end: number): Promise<number> {
  const entry = await entryIn(cursor, start, end, orientationTag);
  if (!entry) return 1;
  const { view, at, little } = entry;
  // Some writers state it as a LONG: the value's field is four bytes, in the block's byte order.
  return view.getUint16(at + 2, little) === shortType
    ? view.getUint16(at + 8, little)
    : view.getUint32(at + 8, little);
}

/** Clockwise rotation by orientation 1 to 8; mirroring is left out. */
const rotations = [0, 0, 180, 180, 270, 90, 90, 270];

/**
 * Sets a still's size as it is stored and as it is displayed. An invalid `orientation` does not rotate it.
 */
export function setStillSize(evidence: Evidence, width: number, height: number, orientation = 1): void {
  const { facts } = evidence;
  const rotation = rotations[orientation - 1] ?? 0;
  const swapped = rotation % 180 !== 0;
  facts.codedWidth = width;
  facts.codedHeight = height;
  facts.rotation = rotation;
  facts.pixelAspectRatio = 1;
  facts.frames ??= 1;
  evidence.sizes.push({
    width: swapped ? height : width,
    height: swapped ? width : height,
    from: "display",
  });
}
