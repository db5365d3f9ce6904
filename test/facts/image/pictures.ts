import { readFileSync } from "node:fs";
import { fromBytes } from "../../../src/bytes/memory.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { readEvidence } from "../read-evidence.ts";

/** Bytes of parts, one after the other: text is Latin-1. */
export const join = (...parts: (Uint8Array | string | readonly number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Uint8Array.from(part))),
  );
/** Numbers of two and four bytes, little-endian; with `big`, big-endian. */
export const u16 = (value: number, big = false): number[] => {
  const bytes = [value & 255, (value >> 8) & 255];
  return big ? bytes.reverse() : bytes;
};
export const u32 = (value: number, big = false): number[] => {
  const bytes = [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
  return big ? bytes.reverse() : bytes;
};
export const zeros = (count: number): Uint8Array => new Uint8Array(count);

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url)));

/** A JPEG's segment: its marker, its length, its body. */
export const segment = (code: number, body: Uint8Array): Uint8Array =>
  join([0xff, code], u16(body.length + 2, true), body);

/** A frame header of one component. */
export const jpegFrame = (code: number, height: number, width: number): Uint8Array =>
  segment(code, join([8], u16(height, true), u16(width, true), [1, 1, 0x11, 0]));

/** A JPEG of 40×30, or of another height: these segments, its frame, an empty table, a scan of these data, its end. */
export const scanned = (
  segments: readonly number[] | Uint8Array = [],
  height = 30,
  coded: readonly number[] | Uint8Array = [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4],
  end: readonly number[] = [0xff, 0xd9],
): Uint8Array =>
  join(
    [0xff, 0xd8],
    segments,
    jpegFrame(0xc0, height, 40),
    segment(0xdb, zeros(0)),
    segment(0xda, join([1, 1, 0, 0, 63, 0])),
    coded,
    end,
  );

/** An EXIF block without its signature: a small TIFF whose directory is at `ifd`. */
export interface ExifBlock {
  big?: boolean;
  ifd?: number;
  entries?: number[][];
  /** The count of entries, as stated. */
  stated?: number;
}
export function exifBlock({
  big = true,
  ifd = 8,
  entries = [],
  stated = entries.length,
}: ExifBlock): Uint8Array {
  return join(big ? "MM" : "II", u16(42, big), u32(ifd, big), zeros(ifd - 8), u16(stated, big), ...entries);
}

/** An index of pictures, CIPA DC-007: of each its offset from the index's own start, and its size. */
export function multiPicture(
  pictures: readonly (readonly [at: number, size: number])[],
  tag = 0xb002,
): Uint8Array {
  const list = pictures.flatMap(([at, size]) => [
    ...u32(0, true),
    ...u32(size, true),
    ...u32(at, true),
    0,
    0,
    0,
    0,
  ]);
  const entry = [...u16(tag, true), 0, 7, ...u32(list.length, true), ...u32(26, true)];
  return segment(0xe2, join("MPF\0MM\0*", u32(8, true), [0, 1], entry, u32(0, true), list));
}

/** Reads bytes as preflight does, by a source that may not know its size; the clock stays out of it. */
export async function read(bytes: Uint8Array, known = true): Promise<Evidence> {
  const source = fromBytes(bytes);
  const budgets = { milliseconds: Number.POSITIVE_INFINITY };
  return readEvidence(known ? source : { ...source, size: null }, { budgets });
}

/** The picture in a line: format, size, rotation, frames; then what is damaged and what was not read. */
export function summary({ format, facts, sizes, damage, unread }: Evidence): string {
  const size = `${format} ${sizes.map((s) => `${s.width}×${s.height}`).join("|")}`;
  const turn = facts.rotation ? ` turned ${facts.rotation}` : "";
  const frames = facts.frames === 1 ? "" : ` frames ${facts.frames}`;
  const broken = damage.map(
    (d) =>
      `; ${d.certain ? "" : "perhaps "}${d.code} ${d.part} at ${d.at}${d.missing ? ` by ${d.missing}` : ""}`,
  );
  return size + turn + frames + broken.join("") + unread.map((u) => `; ${u.fact} unread`).join("");
}
export const summaryOf = async (bytes: Uint8Array, known = true): Promise<string> =>
  summary(await read(bytes, known));
