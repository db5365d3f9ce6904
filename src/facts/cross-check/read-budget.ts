import type { ByteSource } from "../../bytes/source.ts";
import { throwIfAborted } from "../../errors.ts";
import { Budget, OverBudget } from "../budget.ts";
import { Cursor, EndOfData } from "../cursor.ts";
import { eachBox, fileRange } from "../isobmff/boxes.ts";

/** What a library may read. */
export interface Allowance {
  /** Ranges that do not count. */
  free: { from: number; to: number }[];
  /** Bytes of anything else. */
  freeBytes: number;
}

/** Bytes for all formats but ISO base media: the first bytes, and those that the library seeks. */
export const plainAllowance = 512 * 1024;

const firstChunk = 64 * 1024;
const sampleBytes = 256 * 1024;
const largestMoov = 8 * 1024 * 1024;
const maxBoxes = 24;

/**
 * MediaInfo's allowance for an MP4 or MOV: the first 64 KB, the moov box, and 256 KB of anything else. Except for
 * fragmented files, more would not change what it reports.
 */
export async function movieAllowance(
  source: ByteSource,
): Promise<{ allowance: Allowance; fragmented: boolean }> {
  const allowance: Allowance = { free: [{ from: 0, to: firstChunk }], freeBytes: sampleBytes };
  let fragmented = false;
  let boxes = 0;
  try {
    const cursor = new Cursor(source, new Budget({ reads: 2 * maxBoxes, bytes: 2 ** 20 }));
    await eachBox(cursor, fileRange(cursor), (box) => {
      if (box.type === "moov")
        allowance.free.push({ from: box.at, to: Math.min(box.end, box.at + largestMoov) });
      fragmented ||= box.type === "moof";
      return ++boxes >= maxBoxes || fragmented;
    });
  } catch (stop) {
    if (!(stop instanceof OverBudget || stop instanceof EndOfData)) throw stop;
  }
  return { allowance, fragmented };
}

/** Reads within the allowance; beyond it they return no bytes. They are copies, since a library may keep or change them. */
export function allowedReads(
  source: ByteSource,
  size: number,
  allowance: Allowance,
  signal: AbortSignal | null,
): (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>> {
  let freeBytes = allowance.freeBytes;
  let freeReads = 64 + Math.ceil((2 * largestMoov) / firstChunk);
  return async (offset, length) => {
    throwIfAborted(signal);
    const wanted = Math.floor(Math.min(length, size - offset));
    if (!(offset >= 0 && wanted > 0)) return new Uint8Array();
    const freeRange = allowance.free.find((range) => offset >= range.from && offset < range.to);
    const free = freeRange && freeReads-- > 0 ? Math.min(wanted, freeRange.to - offset) : 0;
    const allowed = free || Math.min(wanted, freeBytes);
    if (!free) freeBytes -= allowed;
    return allowed > 0 ? new Uint8Array(await source.read(offset, allowed)) : new Uint8Array();
  };
}
