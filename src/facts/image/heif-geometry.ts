import type { Cursor } from "../cursor.ts";
import { type Box, bodyOf } from "../isobmff/boxes.ts";
import { cleanAperture, type Size } from "../isobmff/clean-aperture.ts";
import type { ItemLocation, Items } from "./heif-items.ts";

/** A picture's size as stored and as displayed, in pixels; rotation in degrees clockwise. */
export interface Geometry {
  coded: Size | null;
  display: Size | null;
  rotation: number;
  /** Whether ispe states the size. */
  stated: boolean;
  /** An invalid clean aperture was ignored. */
  badCrop: boolean;
}

/** The property boxes of one item, in the order of ipma. */
export function propertiesOf(cursor: Cursor, { associations, properties }: Items, id: number): Box[] {
  const found: Box[] = [];
  const indices = associations.get(id) ?? [];
  // Each counts as a part, since it is read or compared more than once.
  cursor.budget.part(indices.length);
  for (const index of indices) {
    const box = properties[index - 1];
    if (box) found.push(box);
  }
  return found;
}

/**
 * Size and rotation of one item: ispe, then clap, irot and imir in the order of ipma (ISO/IEC 23008-12 §6.5).
 * EXIF orientation does not rotate a HEIF picture (§A.2.1). `known` replaces an absent ispe.
 */
export async function geometryOf(
  cursor: Cursor,
  items: Items,
  id: number,
  known: Size | null,
): Promise<Geometry> {
  const boxes = propertiesOf(cursor, items, id);
  const geometry: Geometry = {
    coded: known,
    display: null,
    rotation: 0,
    stated: false,
    badCrop: false,
  };
  for (const box of boxes) {
    if (box.type !== "ispe") continue;
    const view = await bodyOf(cursor, box, 12);
    if (view.byteLength < 12) continue;
    geometry.stated = true;
    geometry.coded = { width: view.getUint32(4), height: view.getUint32(8) };
  }
  let size = geometry.coded;
  if (!size) return geometry;
  for (const box of boxes) {
    if (box.type === "clap") {
      const cropped = cleanAperture(size, await bodyOf(cursor, box, 32));
      if (cropped) size = cropped;
      else geometry.badCrop = true;
    } else if (box.type === "irot") {
      const view = await bodyOf(cursor, box, 1);
      const quarters = view.byteLength ? view.getUint8(0) & 3 : 0;
      geometry.rotation = (geometry.rotation + 360 - 90 * quarters) % 360;
      if (quarters & 1) size = { width: size.height, height: size.width };
    }
  }
  geometry.display = size;
  return geometry;
}

/** The size that a derived picture states for itself (ISO/IEC 23008-12 §6.6.2). */
export interface Derivation extends Size {
  /** Tiles of a grid; without meaning for an overlay. */
  tiles: number;
}

/** The header of a grid or an overlay; null where it is absent or in another item. */
export async function derivationOf(
  cursor: Cursor,
  items: Items,
  type: string,
  location: ItemLocation | undefined,
): Promise<Derivation | null> {
  if (!location?.inFile) return null;
  const first = location.extents[0];
  if (!first) return null;
  const start = location.method === 1 ? (items.idat?.body ?? Number.NaN) + first.at : first.at;
  // Overlay: flags, fill colour of 4 × 16 bits, then the canvas. Grid: flags, rows, columns, then the canvas.
  const skip = type === "grid" ? 4 : 10;
  if (!(start < cursor.size) || (first.length > 0 && first.length < skip + 4)) return null;
  const view = await cursor.read(start, skip + 8);
  const wide = view.byteLength > 1 && view.getUint8(1) & 1;
  if (view.byteLength < skip + (wide ? 8 : 4)) return null;
  return {
    width: wide ? view.getUint32(skip) : view.getUint16(skip),
    height: wide ? view.getUint32(skip + 4) : view.getUint16(skip + 2),
    tiles: (view.getUint8(2) + 1) * (view.getUint8(3) + 1),
  };
}
