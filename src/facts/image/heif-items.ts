import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import { type Box, type BoxRange, bodyOf, eachBox, skipFields, uint, versionOf } from "../isobmff/boxes.ts";

/** The items of a `meta` box: their types, sources, properties and locations (ISO/IEC 14496-12 §8.11). */
export interface Items {
  /** pitm; null: none stated. */
  primary: number | null;
  /** Item type (hvc1, grid, Exif …) by item id. */
  readonly types: Map<number, string>;
  /** Items that are protected by a scheme of ipro. */
  readonly encrypted: Set<number>;
  /** Derivation: item id → the items it is made of, in order (iref `dimg`). */
  readonly sources: Map<number, number[]>;
  /** Property boxes, in the order of ipco; ipma counts them from 1. */
  readonly properties: Box[];
  /** Item id → indices into `properties`, from 1, in the order in which they apply (ipma). */
  readonly associations: Map<number, number[]>;
  readonly locations: Map<number, ItemLocation>;
  /** The body of `idat`. */
  idat: BoxRange | null;
  /** Types of boxes that contradict themselves or their parent; true: certain, since nothing after them can be found. */
  readonly broken: Map<string, boolean>;
}

/** Where an item's bytes are (iloc). */
export interface ItemLocation {
  /** 0: offsets in the file, 1: in idat, 2: in another item. */
  method: number;
  /** False: in another file, or in a place that is not supported. */
  inFile: boolean;
  /** Length 0: to the end. */
  extents: { at: number; length: number }[];
}

/** Bytes of a table that are read; tables of real files have a few kilobytes. */
const largestTable = 2 ** 22;

/** Bytes of a decoder configuration that are read; real ones have a few hundred. */
export const largestConfiguration: number = 2 ** 16;

/** Reads a meta box; what is missing or in an unknown form stays absent. */
export async function readItems(cursor: Cursor, meta: Box): Promise<Items> {
  const items: Items = {
    primary: null,
    types: new Map(),
    encrypted: new Set(),
    sources: new Map(),
    properties: [],
    associations: new Map(),
    locations: new Map(),
    idat: null,
    broken: new Map(),
  };
  // QuickTime writes meta as a plain box, ISO as a full box: then four bytes precede the first child.
  const head = await bodyOf(cursor, meta, 8);
  const plain = head.byteLength >= 8 && text(head, 4) === "hdlr";
  await eachChild(cursor, "meta", skipFields(meta, plain ? 0 : 4), items, (box) => {
    if (box.type === "idat") items.idat = box;
    return readers[box.type]?.(cursor, box, items);
  });
  return items;
}

/** As eachBox; records boxes that reach past their parent, and bytes of the parent that are no box. */
function eachChild(
  cursor: Cursor,
  parent: string,
  range: BoxRange,
  items: Items,
  visit: (box: Box) => unknown,
): MaybePromise<void> {
  let end = range.body;
  const walked = eachBox(cursor, range, (box) => {
    end = box.end;
    if (box.missing > 0 || box.malformed || box.openEnded) items.broken.set(box.type, true);
    return visit(box);
  });
  return andThen(walked, () => {
    if (end < range.end && !items.broken.has(parent)) items.broken.set(parent, false);
  });
}

/** Readers of the boxes of a meta box, by type. */
const readers: Readonly<Record<string, (cursor: Cursor, box: Box, items: Items) => MaybePromise<void>>> = {
  pitm: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 8), (view) => {
      const wide = versionOf(view).version > 0;
      if (view.byteLength >= (wide ? 8 : 6)) items.primary = wide ? view.getUint32(4) : view.getUint16(4);
    }),
  iinf: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 4), (head) =>
      readItemInfos(cursor, box, versionOf(head).version > 0 ? 8 : 6, items),
    ),
  hdlr: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 12), (view) => {
      if (view.byteLength < 12 || text(view, 8) !== "pict") items.broken.set("hdlr", false);
    }),
  iref: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, 4), (head) =>
      eachChild(cursor, "iref", skipFields(box, 4), items, (reference) =>
        reference.type === "dimg"
          ? andThen(bodyOf(cursor, reference, largestTable), (view) =>
              addSources(cursor, view, versionOf(head).version > 0 ? 4 : 2, items),
            )
          : undefined,
      ),
    ),
  iprp: (cursor, box, items) =>
    eachChild(cursor, "iprp", box, items, (part) => {
      if (part.type === "ipco")
        return eachChild(cursor, "ipco", part, items, (property) => readProperty(cursor, property, items));
      if (part.type === "ipma")
        return andThen(bodyOf(cursor, part, largestTable), (view) =>
          addAssociations(cursor, view, items.associations),
        );
      return undefined;
    }),
  iloc: (cursor, box, items) =>
    andThen(bodyOf(cursor, box, largestTable), (view) => addLocations(cursor, view, items.locations)),
};

/** The entries of iinf, which begin `skip` bytes into it, after their count. */
function readItemInfos(cursor: Cursor, iinf: Box, skip: number, items: Items): MaybePromise<void> {
  let entries = 0;
  const walked = eachChild(cursor, "iinf", skipFields(iinf, skip), items, (entry) =>
    andThen(bodyOf(cursor, entry, 14), (view) => {
      entries++;
      const { version } = versionOf(view);
      const id = version > 2 ? 4 : 2;
      if (entry.type !== "infe" || version < 2 || view.byteLength < 10 + id) return;
      const item = number(view, 4, id);
      items.types.set(item, text(view, 6 + id));
      if (view.getUint16(4 + id)) items.encrypted.add(item);
    }),
  );
  return andThen(walked, () =>
    andThen(bodyOf(cursor, iinf, skip), (head) => {
      if (head.byteLength === skip && number(head, 4, skip - 4) > entries) items.broken.set("iinf", false);
    }),
  );
}

/** Stores a property. One that decoders require is damage if its length is wrong. */
function readProperty(cursor: Cursor, property: Box, items: Items): MaybePromise<void> {
  items.properties.push(property);
  const length = property.end - property.body;
  if (property.type === "ispe" && length !== 12) items.broken.set("ispe", true);
  if (property.type === "hvcC")
    return andThen(bodyOf(cursor, property, largestConfiguration), (view) => {
      if (!hasParameterSet(cursor, view)) items.broken.set("hvcC", false);
    });
  if (property.type === "pixi")
    return andThen(bodyOf(cursor, property, 5), (view) => {
      if (view.byteLength < 5 || length < 5 + view.getUint8(4)) items.broken.set("pixi", false);
    });
}

/** Whether an hvcC box holds a sequence parameter set, and its NAL units lie inside it (ISO/IEC 14496-15 §8.3.3.1). */
function hasParameterSet(cursor: Cursor, view: View): boolean {
  let found = false;
  let at = 23;
  for (let arrays = view.byteLength < 23 ? 0 : view.getUint8(22); arrays > 0; arrays--) {
    if (at + 3 > view.byteLength) return false;
    found ||= (view.getUint8(at) & 63) === 33;
    let units = view.getUint16(at + 1);
    for (at += 3; units > 0; units--) {
      cursor.budget.step();
      if (at + 2 > view.byteLength) return false;
      at += 2 + view.getUint16(at);
      if (at > view.byteLength) return false;
    }
  }
  return found;
}

/** A number of 0, 2, 4 or 8 bytes. */
const number = (view: View, at: number, bytes: number): number =>
  bytes === 0 ? 0 : bytes === 2 ? view.getUint16(at) : uint(view, at, bytes === 8);

function addSources(cursor: Cursor, view: View, width: number, items: Items): void {
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
function addAssociations(cursor: Cursor, view: View, into: Map<number, number[]>): void {
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
    cursor.budget.step(count);
    for (let i = 0; i < count && at + size <= view.byteLength; i++, at += size)
      list.push(size > 1 ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
    into.set(id, list);
  }
}

/** iloc, ISO/IEC 14496-12 §8.11.3. */
function addLocations(cursor: Cursor, view: View, into: Map<number, ItemLocation>): void {
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
    const location: ItemLocation = { method, inFile: !other && method < 2, extents: [] };
    // Extents whose offset and length are both implied are all the same.
    const counted = extentSize === 0 ? Math.min(count, 1) : count;
    for (let i = 0; i < counted; i++, at += extentSize) {
      if (at + extentSize > view.byteLength) break;
      cursor.budget.step();
      const offset = base + number(view, at + indexSize, offsetSize);
      location.extents.push({ at: offset, length: number(view, at + indexSize + offsetSize, lengthSize) });
    }
    into.set(id, location);
  }
}
