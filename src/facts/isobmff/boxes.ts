import { andThen, type MaybePromise, repeatUntilTrue } from "../../async/maybe-promise.ts";
import { type Cursor, uint64, type View } from "../cursor.ts";

/**
 * One box (QuickTime: atom) of an ISO base media file, ISO/IEC 14496-12:2022 §4.2. All positions are byte offsets
 * in the file.
 */
export interface Box {
  /** Four characters as Latin-1. */
  readonly type: string;
  /** For `uuid` boxes 32 lower-case hexadecimal digits. */
  readonly uuid: string | null;
  /** First byte of the header. */
  readonly at: number;
  /** First byte after the header. */
  readonly body: number;
  /** First byte after the part that can be read: never past the end of the parent or of the file. */
  readonly end: number;
  /** Bytes promised beyond `end`. */
  readonly missing: number;
  /** Nesting: 0 is a box of the file itself. */
  readonly depth: number;
  /** The header states size 0: it reaches to the end of its parent. */
  readonly openEnded: boolean;
  /** The header states a size smaller than itself: nothing after it can be found. */
  readonly malformed: boolean;
}

/** A range of the file that contains boxes. */
export interface BoxRange {
  readonly body: number;
  readonly end: number;
  readonly depth: number;
}

/** The whole file as a range of boxes. */
export const fileRange = (cursor: Cursor): BoxRange => ({ body: 0, end: cursor.size, depth: -1 });

/** Returning true, or a promise of it, ends the iteration. */
type Visit = (box: Box) => unknown;

/**
 * Calls `visit` for each box of a range, in order, until one is cut short or malformed, which is visited too.
 * Fewer than 8 bytes at the end are not a box (QuickTime ends a user data list with four zeros).
 * @throws OverBudget for too many boxes or too deep a nesting
 */
export function eachBox(cursor: Cursor, range: BoxRange, visit: Visit): MaybePromise<void> {
  const depth = range.depth + 1;
  cursor.budget.descend(depth);
  const limit = Math.min(range.end, cursor.size);
  const buffered = cursor.buffered(range.body, limit - range.body);
  if (!buffered) return eachBoxRead(cursor, range.body, limit, depth, visit);
  for (let at = range.body; at + 8 <= limit; ) {
    cursor.budget.part(2);
    const box = parse(buffered, at - range.body, at, limit, depth);
    const result = visit(box);
    at = box.end;
    if (result instanceof Promise)
      return result.then((answer) =>
        isLast(box, answer) ? undefined : eachBoxRead(cursor, box.end, limit, depth, visit),
      );
    if (isLast(box, result)) return;
  }
}

/** As eachBox, for a range that is not in one window, from `start` on: each header may take a read. */
function eachBoxRead(
  cursor: Cursor,
  start: number,
  limit: number,
  depth: number,
  visit: Visit,
): MaybePromise<void> {
  let at = start;
  return repeatUntilTrue(() => {
    if (at + 8 > limit) return true;
    cursor.budget.part(2);
    return andThen(cursor.read(at, Math.min(32, limit - at)), (header) => {
      if (header.byteLength < 8) return true;
      const box = parse(header, 0, at, limit, depth);
      at = box.end;
      return andThen(visit(box), (result) => isLast(box, result));
    });
  });
}

const isLast = (box: Box, result: unknown): boolean => result === true || box.missing > 0 || box.malformed;

/** The text of each type by its four bytes as a number, so that it is made only once. */
const typeNames = new Map<number, string>();
const maxTypeNames = 512;

function nameOf(code: number): string {
  const known = typeNames.get(code);
  if (known !== undefined) return known;
  const name = String.fromCharCode(code >>> 24, (code >> 16) & 255, (code >> 8) & 255, code & 255);
  if (typeNames.size < maxTypeNames) typeNames.set(code, name);
  return name;
}

/** The box at `at` in the file, whose header begins `from` bytes into the view. */
function parse(view: View, from: number, at: number, limit: number, depth: number): Box {
  const type = nameOf(view.getUint32(from + 4));
  let size = view.getUint32(from);
  let length = 8;
  const openEnded = size === 0;
  if (size === 1) {
    length = 16;
    size = view.byteLength < from + 16 ? 16 : uint(view, from + 8, true);
  }
  let uuid: string | null = null;
  if (type === "uuid") {
    uuid = "";
    for (let i = from + length; i < from + length + 16 && i < view.byteLength; i++)
      uuid += view.getUint8(i).toString(16).padStart(2, "0");
    length += 16;
  }
  const malformed = !openEnded && size < length;
  const promised = openEnded ? limit : at + (malformed ? length : size);
  const end = Math.min(promised, limit);
  const body = Math.min(at + length, end);
  return { type, uuid, at, body, end, missing: promised - end, depth, openEnded, malformed };
}

/** The body of a box, at most `most` bytes of it, from `skip` bytes into it. */
export function bodyOf(cursor: Cursor, box: BoxRange, most: number, skip = 0): MaybePromise<View> {
  return cursor.read(box.body + skip, Math.max(0, Math.min(most, box.end - box.body - skip)));
}

/** The same box less `skip` bytes of its body: a full box's version and flags, a sample entry's fields. */
export const skipFields = (box: BoxRange, skip: number): BoxRange => ({
  body: Math.min(box.body + skip, box.end),
  end: box.end,
  depth: box.depth,
});

/** A number of 32 bits or, where it is `wide`, of 64. */
export const uint = (view: View, at: number, wide: boolean): number =>
  wide ? uint64(view, at, false) : view.getUint32(at);

/** Version and flags that a full box's body begins with, ISO/IEC 14496-12 §4.2; zeros where they are absent. */
export function versionOf(body: View): { version: number; flags: number } {
  const word = body.byteLength < 4 ? 0 : body.getUint32(0);
  return { version: word >>> 24, flags: word & 0xffffff };
}
