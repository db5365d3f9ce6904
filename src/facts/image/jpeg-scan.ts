import type { Cursor, View } from "../cursor.ts";

const firstTailBytes = 1024;
const chunkBytes = 262_144;
/** Only appended films and archives are larger, which contain the two bytes by chance every 64 KB, or it is padding. */
const maxBackwardBytes = 8 * 1024 * 1024;
/** A larger picture is refused for its size. */
const maxForwardBytes = 32 * 1024 * 1024;

/**
 * Whether there is an EOI marker anywhere after `scan`. In entropy-coded data 0xFF is always followed by 0 or a
 * restart marker (T.81 B.1.1.5), so FFD9 there is an end marker, or is in data appended after one: a
 * second picture, a phone's trailer, a film. The search goes from the file's end, where it usually is, back
 * towards the scan, then from the scan on; megabytes are read only of a cut file and of one padded with zeros.
 */
export async function endMarkerAfter(cursor: Cursor, scan: number): Promise<boolean> {
  if (!Number.isFinite(cursor.size)) return endMarkerFrom(cursor, scan, cursor.size);
  let end = cursor.size;
  const lowest = Math.max(scan, end - maxBackwardBytes);
  for (let length = firstTailBytes; end > lowest; length = Math.min(length * 16, chunkBytes)) {
    const from = Math.max(lowest, end - length);
    if (containsEndMarker(cursor, await cursor.read(from, end - from))) return true;
    // One byte of overlap: the marker may be across the boundary.
    end = from === lowest ? lowest : from + 1;
  }
  return endMarkerFrom(cursor, scan, Math.min(lowest + 1, scan + maxForwardBytes));
}

async function endMarkerFrom(cursor: Cursor, scan: number, end: number): Promise<boolean> {
  for (let at = scan; at + 1 < end; at += chunkBytes - 1) {
    const view = await cursor.read(at, Math.min(chunkBytes, end - at));
    if (containsEndMarker(cursor, view)) return true;
    if (view.byteLength < chunkBytes) return false;
  }
  return false;
}

function containsEndMarker(cursor: Cursor, view: View): boolean {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let candidates = 0;
  for (let i = bytes.indexOf(0xd9, 1); i > 0; i = bytes.indexOf(0xd9, i + 1)) {
    if (bytes[i - 1] === 0xff) return true;
    candidates++;
  }
  cursor.budget.step(candidates);
  return false;
}

/** The marker that ends the entropy-coded data at `at`, or null where none does. */
export async function markerInScan(
  cursor: Cursor,
  at: number,
): Promise<{ code: number; end: number } | null> {
  for (let from = at; ; ) {
    const view = await cursor.read(from, 65_536);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = bytes.indexOf(0xff); i >= 0; i = bytes.indexOf(0xff, i + 1)) {
      cursor.budget.step();
      // The last one's code is seen in the next piece, which begins with it.
      const code = bytes[i + 1] ?? 0;
      if (code !== 0 && code !== 0xff && (code & 0xf8) !== 0xd0) return { code, end: from + i + 2 };
    }
    if (bytes.length < 65_536) return null;
    from += bytes.length - 1;
  }
}
