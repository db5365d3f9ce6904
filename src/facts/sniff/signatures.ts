import { text, type View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/** A format, then its signatures in Latin-1, `_` for any byte. */
export type Signatures = readonly [Format, ...string[]];

/** Signatures of the formats that are parsed, and, before TIFF, of camera raw formats that begin like TIFF. */
const table: readonly Signatures[] = [
  ["jpeg", "\xff\xd8\xff"],
  ["png", "\x89PNG\r\n\x1a\n"],
  ["gif", "GIF87a", "GIF89a"],
  ["webp", "RIFF____WEBP"],
  ["wav", "RIFF____WAVE", "RIFX____WAVE", "RF64____WAVE", "BW64____WAVE", "FFIR____WAVE"],
  ["cr2", "II*\0____CR", "II*\0____\xba\xb0\xac\xbb"],
  ["raw", "II*\0____IIII", "MM\0*____MMMM", "IIIITwaR", "MMMMRawT", "\0MRM"],
  ["tiff", "II*\0", "MM\0*", "II+\0\x08\0\0\0", "MM\0+\0\x08\0\0"],
];

/** The read format whose signature the bytes begin with; null for none. */
export function readFormatOf(view: View): Format | null {
  return formatIn(table, view) ?? (isBmp(view) ? "bmp" : null);
}

/** The first format of a table whose signature the bytes begin with; null for none. */
export function formatIn(signatures: readonly Signatures[], view: View): Format | null {
  for (const row of signatures)
    for (let i = 1; i < row.length; i++) if (matches(view, row[i] as string)) return row[0];
  return null;
}

function matches(view: View, signature: string): boolean {
  if (signature.length > view.byteLength) return false;
  for (let i = 0; i < signature.length; i++)
    if (signature.charCodeAt(i) !== view.getUint8(i) && signature[i] !== "_") return false;
  return true;
}

/** BM alone may be text, so the size of the header after it must be plausible. In an OS/2 array BM comes later. */
function isBmp(view: View): boolean {
  const head = text(view, 0, Math.min(16, view.byteLength));
  if (/BA.{12}BM/s.test(head)) return true;
  if (!head.startsWith("BM") || view.byteLength < 18) return false;
  const headerBytes = view.getUint32(14, true);
  return headerBytes >= 12 && headerBytes < 256;
}
