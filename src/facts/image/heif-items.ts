import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import { type Box, type BoxRange, bodyOf, eachBox, inside, uint, versionOf } from "../isobmff/boxes.ts";

/** The items of a `meta` box: what they are, what they are made of, where their bytes lie (ISO/IEC 14496-12 §8.11). */
export interface Items {
  /** pitm; null: none stated. */
  primary: number | null;
  /** Item type (hvc1, grid, Exif …) by item id. */
  readonly types: Map<number, string>;
  /** Derivation: item id → the items it is made of, in order (iref `dimg`). */
  readonly sources: Map<number, number[]>;
  /** Property boxes, in the order of ipco; ipma counts them from 1. */
  readonly properties: Box[];
  /** Item id → indices into `properties`, from 1, in the order in which they apply (ipma). */
  readonly associations: Map<number, number[]>;
  readonly places: Map<number, Place>;
  /** The body of `idat`. */
  idat: BoxRange | null;
}

/** Where an item's bytes lie (iloc). */
export interface Place {
  /** 0: offsets in the file, 1: in idat, 2: in another item. */
  method: number;
  /** False: in another file, or a place that is not followed. */
  here: boolean;
  /** Length 0: to the end. */
  extents: { at: number; length: number }[];
}

/** Tables of a file people take are a few kilobytes; what lies beyond is not read. */
const largestTable = 2 ** 22;

/** Reads a meta box; what it lacks or holds in an unknown form stays absent. */
export async function readItems(cursor: Cursor, meta: Box): Promise<Items> {
  const items: Items = {
    primary: null,
    types: new Map(),
    sources: new Map(),
    properties: [],
    associations: new Map(),
    places: new Map(),
    idat: null,
  };
  // QuickTime writes meta as a plain box, ISO as a full one: then four bytes lie before the first child.
  const head = await bodyOf(cursor, meta, 8);
  const plain = head.byteLength >= 8 && text(head, 4) === "hdlr";
  await eachBox(cursor, inside(meta, plain ? 0 : 4), (box) => {
    if (box.type === "idat") items.idat = box;
    return parts[box.type]?.(cursor, box, items);
  });
  return items;
}

/** What is read of the boxes of a meta box, by their type. */
const parts: Readonly<Record<string, (cursor: Cursor, box: Box, items: Items) => MaybePromise<void>>> = {
  pitm: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 8), (view) => {
      const wide = versionOf(view).version > 0;
      if (view.byteLength >= (wide ? 8 : 6)) items.primary = wide ? view.getUint32(4) : view.getUint16(4);
    }),
  iinf: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 4), (head) =>
      eachBox(cursor, inside(box, versionOf(head).version > 0 ? 8 : 6), (entry) =>
        andThen(bodyOf(cursor, entry, 14), (view) => {
          const { version } = versionOf(view);
          const id = version > 2 ? 4 : 2;
          if (entry.type === "infe" && version > 1 && view.byteLength >= 10 + id)
            items.types.set(id > 2 ? view.getUint32(4) : view.getUint16(4), text(view, 6 + id));
        }),
      ),
    ),
  iref: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 4), (head) =>
      eachBox(cursor, inside(box, 4), (reference) =>
        reference.type === "dimg"
          ? andThen(bodyOf(cursor, reference, largestTable), (view) =>
              references(cursor, view, versionOf(head).version > 0 ? 4 : 2, items),
            )
          : undefined,
      ),
    ),
  iprp: (cursor, box, items) =>
    eachBox(cursor, box, (part) => {
      if (part.type === "ipco")
        return eachBox(cursor, part, (property) => void items.properties.push(property));
      if (part.type === "ipma")
        return andThen(bodyOf(cursor, part, largestTable), (view) =>
          associate(cursor, view, items.associations),
        );
      return undefined;
    }),
  iloc: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, largestTable), (view) => locate(cursor, view, items.places)),
};

/** A number of 0, 2, 4 or 8 bytes. */
const number = (view: View, at: number, bytes: number): number =>
  bytes === 0 ? 0 : bytes === 2 ? view.getUint16(at) : uint(view, at, bytes === 8);

function references(cursor: Cursor, view: View, width: number, items: Items): void {
  if (view.byteLength < width + 2) return;
  const from = number(view, 0, width);
  const found = items.sources.get(from) ?? [];
  const stated = view.getUint16(width);
  const count = Math.min(stated, Math.floor((view.byteLength - width - 2) / width));
  cursor.budget.step(count);
  for (let i = 0; i < count; i++) found.push(number(view, width + 2 + i * width, width));
  items.sources.set(from, found);
}

/** ipma, ISO/IEC 23008-12 §9.3.2. */
function associate(cursor: Cursor, view: View, into: Map<number, number[]>): void {
  const { version, flags } = versionOf(view);
  const width = version > 0 ? 4 : 2;
  const size = 1 + (flags & 1);
  let at = 8;
  for (let left = view.byteLength < 8 ? 0 : view.getUint32(4); left > 0; left--) {
    if (at + width + 1 > view.byteLength) return;
    cursor.budget.step();
    const id = number(view, at, width);
    const count = view.getUint8(at + width);
    at += width + 1;
    const list = into.get(id) ?? [];
    for (let i = 0; i < count && at + size <= view.byteLength; i++, at += size)
      list.push(size > 1 ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
    into.set(id, list);
  }
}

/** iloc, ISO/IEC 14496-12 §8.11.3. */
function locate(cursor: Cursor, view: View, into: Map<number, Place>): void {
  const { version } = versionOf(view);
  if (version > 2 || view.byteLength < 8) return;
  const sizes = view.getUint16(4);
  const offsetSize = sizes >> 12;
  const lengthSize = (sizes >> 8) & 15;
  const baseSize = (sizes >> 4) & 15;
  const indexSize = version > 0 ? sizes & 15 : 0;
  if ([offsetSize, lengthSize, baseSize, indexSize].some((n) => n !== 0 && n !== 4 && n !== 8)) return;
  const idSize = version > 1 ? 4 : 2;
  const methodSize = version > 0 ? 2 : 0;
  const extentSize = indexSize + offsetSize + lengthSize;
  const fixed = idSize + methodSize + 2 + baseSize + 2;
  let at = 6 + idSize;
  if (at > view.byteLength) return;
  for (let left = number(view, 6, idSize); left > 0; left--) {
    if (at + fixed > view.byteLength) return;
    cursor.budget.step();
    const id = number(view, at, idSize);
    const method = methodSize ? view.getUint16(at + idSize) & 15 : 0;
    const other = view.getUint16(at + idSize + methodSize) !== 0;
    const base = number(view, at + idSize + methodSize + 2, baseSize);
    const count = view.getUint16(at + fixed - 2);
    at += fixed;
    const place: Place = { method, here: !other && method < 2, extents: [] };
    // Extents of no bytes at all (offset and length both implied) are all the same one.
    const told = extentSize === 0 ? Math.min(count, 1) : count;
    for (let i = 0; i < told; i++, at += extentSize) {
      if (at + extentSize > view.byteLength) break;
      cursor.budget.step();
      const offset = base + number(view, at + indexSize, offsetSize);
      place.extents.push({ at: offset, length: number(view, at + indexSize + offsetSize, lengthSize) });
    }
    into.set(id, place);
  }
}
