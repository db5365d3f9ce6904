import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, uint64 } from "../cursor.ts";

/** A TIFF 6.0 or BigTIFF file: its byte order and the width of its offsets. */
export interface Tiff {
  cursor: Cursor;
  little: boolean;
  big: boolean;
}

export interface IfdEntry {
  type: number;
  count: number;
  /** Offset of its values: in the entry itself if they fit. */
  at: number;
}

/** One image file directory; an entry that is listed twice counts once, the first time. */
export interface Ifd {
  at: number;
  tags: Map<number, IfdEntry>;
  /** Offset of the next one; 0 for none. */
  next: number;
  /** The furthest end of values outside of the directory. */
  reach: number;
}

/** Bytes of a value by type: TIFF 6.0, section 2; BigTIFF adds LONG8, SLONG8, IFD8 (16 to 18). */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** The unsigned integer types. */
const unsignedTypes = new Set([1, 3, 4, 7, 13, 16, 18]);

export async function openTiff(cursor: Cursor): Promise<{ tiff: Tiff; first: number }> {
  const head = await cursor.at(0, 8);
  const little = text(head, 0, 2) === "II";
  const big = head.getUint16(2, little) === 43;
  const first = big ? uint64(await cursor.at(8, 8), 0, little) : head.getUint32(4, little);
  return { tiff: { cursor, little, big }, first };
}

/** The directory at `at`. A file that ends before its next offset has no next one. */
export async function readIfd({ cursor, little, big }: Tiff, at: number): Promise<Ifd> {
  const counted = await cursor.at(at, big ? 8 : 2);
  const entries = big ? uint64(counted, 0, little) : counted.getUint16(0, little);
  const [entryBytes, wordBytes] = big ? [20, 8] : [12, 4];
  const from = at + (big ? 8 : 2);
  cursor.budget.part();
  cursor.budget.step(entries);
  const table = await cursor.at(from, entries * entryBytes);
  const tags = new Map<number, IfdEntry>();
  let reach = 0;
  for (let i = 0; i < table.byteLength; i += entryBytes) {
    const tag = table.getUint16(i, little);
    const type = table.getUint16(i + 2, little);
    const count = big ? uint64(table, i + 4, little) : table.getUint32(i + 4, little);
    const field = i + entryBytes - wordBytes;
    const bytes = count * (typeBytes[type] ?? 0);
    const here = bytes <= wordBytes;
    const offset = big ? uint64(table, field, little) : table.getUint32(field, little);
    if (!here) reach = Math.max(reach, offset + bytes);
    if (!tags.has(tag)) tags.set(tag, { type, count, at: here ? from + field : offset });
  }
  const end = from + entries * entryBytes;
  const link = await cursor.read(end, wordBytes);
  const next = link.byteLength < wordBytes ? 0 : big ? uint64(link, 0, little) : link.getUint32(0, little);
  return { at, tags, next, reach };
}

/** Up to `atMost` of an entry's numbers; none if it is absent or its type is no unsigned integer. */
export function numbers(
  { cursor, little }: Tiff,
  entry: IfdEntry | undefined,
  max: number,
): MaybePromise<number[]> {
  const bytes = typeBytes[entry?.type ?? 0] ?? 0;
  const count = Math.min(entry?.count ?? 0, max);
  if (!entry || !unsignedTypes.has(entry.type)) return [];
  cursor.budget.step(count);
  return andThen(cursor.at(entry.at, count * bytes), (view) => {
    const found: number[] = [];
    for (let at = 0; at < count * bytes; at += bytes)
      found.push(
        bytes === 8
          ? uint64(view, at, little)
          : bytes === 4
            ? view.getUint32(at, little)
            : bytes === 2
              ? view.getUint16(at, little)
              : view.getUint8(at),
      );
    return found;
  });
}

/** An entry's single number, or `absent`. */
export function number(tiff: Tiff, ifd: Ifd, tag: number, absent: number): MaybePromise<number> {
  return andThen(numbers(tiff, ifd.tags.get(tag), 1), ([first = absent]) => first);
}
