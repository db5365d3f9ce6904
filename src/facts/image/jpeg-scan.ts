import type { Cursor, View } from "../cursor.ts";

const firstTailBytes = 1024;
const chunkBytes = 262_144;
/** More than this is appended only by films and archives, which hold the two bytes by chance every 64 KB, or is padding. */
const backwardsAtMost = 8 * 1024 * 1024;
/** A picture this large is refused for its size. */
const onwardsAtMost = 32 * 1024 * 1024;

/**
 * Whether an EOI marker lies anywhere behind `scan`. In entropy-coded data 0xFF is always followed by 0 or a
 * restart marker (T.81 B.1.1.5), so FFD9 there is an end marker, or lies in what was appended behind one: a
 * second picture, a phone's trailer, a film. It is looked for from the file's end, where it usually is, on
 * towards the scan, then from the scan on; only of a cut file, and of one padded with zeros, megabytes are read.
 */
export async function endMarkerAfter(cursor: Cursor, scan: number): Promise<boolean> {
  if (!Number.isFinite(cursor.size)) return endMarkerOnwards(cursor, scan, cursor.size);
  let end = cursor.size;
  const least = Math.max(scan, end - backwardsAtMost);
  for (let length = firstTailBytes; end > least; length = Math.min(length * 16, chunkBytes)) {
    const from = Math.max(least, end - length);
    if (holdsEndMarker(cursor, await cursor.some(from, end - from))) return true;
    // One byte of overlap: the marker may lie across the seam.
    end = from === least ? least : from + 1;
  }
  return endMarkerOnwards(cursor, scan, Math.min(least + 1, scan + onwardsAtMost));
}

async function endMarkerOnwards(cursor: Cursor, scan: number, end: number): Promise<boolean> {
  for (let at = scan; at + 1 < end; at += chunkBytes - 1) {
    const view = await cursor.some(at, Math.min(chunkBytes, end - at));
    if (holdsEndMarker(cursor, view)) return true;
    if (view.byteLength < chunkBytes) return false;
  }
  return false;
}

function holdsEndMarker(cursor: Cursor, view: View): boolean {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let looks = 0;
  for (let i = bytes.indexOf(0xd9, 1); i > 0; i = bytes.indexOf(0xd9, i + 1)) {
    if (bytes[i - 1] === 0xff) return true;
    looks++;
  }
  cursor.budget.step(looks);
  return false;
}

/** The marker that ends the entropy-coded data at `at`, or null where none does. */
export async function markerInScan(
  cursor: Cursor,
  at: number,
): Promise<{ code: number; end: number } | null> {
  for (let from = at; ; ) {
    const view = await cursor.some(from, 65_536);
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
