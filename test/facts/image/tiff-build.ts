import { join, u16, u32, zeros } from "./pictures.ts";

/* Generated TIFF and BigTIFF: TIFF 6.0. */

export interface Tag {
  tag: number;
  type?: number;
  values: number[];
  /** As stated, where its bytes are. */
  count?: number;
}
export interface Page {
  tags: Tag[];
  /** Where the next one is said to be; default: where it is. */
  next?: number;
  /** Directories below it. */
  below?: Tag[][];
}
export interface Form {
  big?: boolean;
  wide?: boolean;
}
const bytesOfType: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

/** Pixel data, then the directories, one after the other. */
export function tiff(
  pages: Page[],
  pixels = zeros(1200),
  { big = false, wide = false }: Form = {},
): Uint8Array {
  const order = big ? "MM" : "II";
  const wordBytes = wide ? 8 : 4;
  const word = (value: number): number[] =>
    wide ? (big ? [...u32(0, true), ...u32(value, true)] : [...u32(value), ...u32(0)]) : u32(value, big);
  const number = (value: number, bytes: number): number[] =>
    bytes === 1 ? [value] : bytes === 2 ? u16(value, big) : bytes === 4 ? u32(value, big) : word(value);
  const headBytes = wide ? 16 : 8;
  const countBytes = wide ? 8 : 2;
  const entryBytes = wide ? 20 : 12;
  let at = headBytes + pixels.length;
  const parts: Uint8Array[] = [];
  const directory = (tags: Tag[], next: number | null): void => {
    const own = countBytes + tags.length * entryBytes + wordBytes;
    let values = at + own;
    const after: number[][] = [];
    const entries = tags.map(({ tag, type = 3, values: list, count = list.length }) => {
      const each = bytesOfType[type] ?? 1;
      const body = list.flatMap((value) => number(value, each));
      const fits = body.length <= wordBytes;
      const field = fits ? [...body, ...zeros(wordBytes - body.length)] : word(values);
      if (!fits) {
        after.push(body);
        values += body.length;
      }
      return [...u16(tag, big), ...u16(type, big), ...word(count), ...field];
    });
    const end = values;
    const count = wide ? word(tags.length) : u16(tags.length, big);
    parts.push(join(count, ...entries, word(next ?? (next === null ? end : 0)), ...after));
    at = end;
  };
  let first: number | null = null;
  for (const [i, { tags, next, below = [] }] of pages.entries()) {
    const offsets: number[] = [];
    for (const one of below) {
      offsets.push(at);
      directory(one, 0);
    }
    first ??= at;
    const all = below.length > 0 ? [...tags, { tag: 330, type: 4, values: offsets }] : tags;
    directory(all, next ?? (i === pages.length - 1 ? 0 : null));
  }
  const start = first ?? 0;
  const head = wide
    ? join(order, u16(43, big), u16(8, big), u16(0, big), word(start))
    : join(order, u16(42, big), word(start));
  return join(head, pixels, ...parts);
}

/** A page of 30×40 gray bytes in one strip at the start of the file. */
export function tags(more: Record<number, Tag | null> = {}, start = 8): Tag[] {
  const all: Record<number, Tag | null> = {
    256: { tag: 256, values: [30] },
    257: { tag: 257, values: [40] },
    258: { tag: 258, values: [8] },
    259: { tag: 259, values: [1] },
    262: { tag: 262, values: [1] },
    273: { tag: 273, type: 4, values: [start] },
    278: { tag: 278, values: [40] },
    279: { tag: 279, type: 4, values: [1200] },
    ...more,
  };
  return Object.values(all).filter((tag) => tag !== null);
}
export const page = (more: Record<number, Tag | null> = {}): Page => ({ tags: tags(more) });
export const one = (tag: number, ...values: number[]): Record<number, Tag> => ({ [tag]: { tag, values } });
export const long = (tag: number, ...values: number[]): Record<number, Tag> => ({
  [tag]: { tag, type: 4, values },
});
