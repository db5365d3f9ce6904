import type { ByteSource } from "../../bytes/source.ts";
import { throwIfAborted } from "../../errors.ts";
import { Budget, OverBudget } from "../budget.ts";
import { Cursor, EndOfData } from "../cursor.ts";
import { eachBox, fileRange } from "../isobmff/boxes.ts";

/** What a cross-check library may read: beside the ranges that are free, so many bytes. */
export interface Allowance {
  free: { from: number; to: number }[];
  /** Bytes */
  spare: number;
}

/** For all but ISO base media: the head, and what the library seeks. */
export const plainAllowance = 512 * 1024;

const firstChunk = 64 * 1024;
const sampleBytes = 256 * 1024;
const largestMoov = 8 * 1024 * 1024;
const mostBoxes = 24;

/**
 * MediaInfo's allowance for an MP4 or MOV: the first 64 KB, the moov box, and 256 KB of whatever else. On files that
 * are not fragmented no fact of theirs changes with more.
 */
export async function movieAllowance(
  source: ByteSource,
): Promise<{ allowance: Allowance; fragmented: boolean }> {
  const allowance: Allowance = { free: [{ from: 0, to: firstChunk }], spare: sampleBytes };
  let fragmented = false;
  let boxes = 0;
  try {
    const cursor = new Cursor(source, new Budget({ reads: 2 * mostBoxes, bytes: 2 ** 20 }));
    await eachBox(cursor, fileRange(cursor), (box) => {
      if (box.type === "moov")
        allowance.free.push({ from: box.at, to: Math.min(box.end, box.at + largestMoov) });
      fragmented ||= box.type === "moof";
      return ++boxes >= mostBoxes || fragmented;
    });
  } catch (stop) {
    if (!(stop instanceof OverBudget || stop instanceof EndOfData)) throw stop;
  }
  return { allowance, fragmented };
}

/** Reads that are copies (a library may keep or write into them), within the allowance; then no bytes at all. */
export function allowedReads(
  source: ByteSource,
  size: number,
  allowance: Allowance,
  signal: AbortSignal | null,
): (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>> {
  let spare = allowance.spare;
  let freeReads = 64 + Math.ceil((2 * largestMoov) / firstChunk);
  return async (offset, length) => {
    throwIfAborted(signal);
    const wanted = Math.floor(Math.min(length, size - offset));
    if (!(offset >= 0 && wanted > 0)) return new Uint8Array();
    const inside = allowance.free.find((range) => offset >= range.from && offset < range.to);
    const free = inside && freeReads-- > 0 ? Math.min(wanted, inside.to - offset) : 0;
    const allowed = free || Math.min(wanted, spare);
    if (!free) spare -= allowed;
    return allowed > 0 ? new Uint8Array(await source.read(offset, allowed)) : new Uint8Array();
  };
}
