import { type Cursor, text } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { setStillSize } from "./exif.ts";

const fileHeaderBytes = 14;
const coreHeaderBytes = 12;
const depths = [1, 2, 4, 8, 16, 24, 32, 64];

/**
 * BMP with any header, of Windows and OS/2 (BITMAPCOREHEADER to BITMAPV5HEADER, learn.microsoft.com/windows/win32/gdi/
 * bitmap-header-types): size, and whether the rows lie inside the file.
 */
export async function readBmp(cursor: Cursor, evidence: Evidence): Promise<void> {
  if (text(await cursor.at(0, 2), 0, 2) === "BA") {
    evidence.unread.push({ fact: "width", why: { code: "unsupported", what: "an OS/2 bitmap array" } });
    return;
  }
  const file = await cursor.at(10, 8);
  const offset = file.getUint32(0, true);
  const headerBytes = file.getUint32(4, true);
  const core = headerBytes === coreHeaderBytes;
  const header = await cursor.at(fileHeaderBytes, Math.min(headerBytes, 40));
  const headerLength = header.byteLength;
  // A negative height means that the rows are stored from top to bottom.
  const [width, height, depth] = core
    ? [header.getUint16(4, true), header.getUint16(6, true), header.getUint16(10, true)]
    : headerLength < 16
      ? [0, 0, 0]
      : [header.getInt32(4, true), Math.abs(header.getInt32(8, true)), header.getUint16(14, true)];
  const compression = headerLength < 20 ? 0 : header.getUint32(16, true);
  if (width <= 0 || height === 0) {
    damaged(evidence, "malformed", "bitmap header", fileHeaderBytes);
    return;
  }
  setStillSize(evidence, width, height);
  // OS/2 2.x headers, 64 bytes or cut after any field from 16 on: in these, compressions 3 and 4 are no plain pixels.
  const os2 = headerBytes < 40 || headerBytes === 64;
  const plain = compression === 0 || (!os2 && (compression === 3 || compression === 6));
  const stated = headerLength < 24 ? 0 : header.getUint32(20, true);
  const from = Math.max(offset, fileHeaderBytes + headerBytes);
  // Rows are padded to four bytes; the last row's padding is left out by some writers.
  const row = Math.ceil((width * depth) / 32) * 4;
  const need = plain ? row * (height - 1) + Math.ceil((width * depth) / 8) : stated;
  const missing = from + need - cursor.size;
  if (plain && !depths.includes(depth)) damaged(evidence, "malformed", "bitmap header", fileHeaderBytes);
  else if (missing > 0 && Number.isFinite(cursor.size))
    damaged(evidence, "cut-short", "pixel array", from, missing);
  // Run-length data of no stated size end with 0, 1 (MS-WMF 3.1.6.4): that mark at least must exist.
  else if (need === 0 && !(await endsWithMarker(cursor)))
    damaged(evidence, "no-end-marker", "end of bitmap", from, null, false);
}

async function endsWithMarker(cursor: Cursor): Promise<boolean> {
  if (!Number.isFinite(cursor.size)) return false;
  const tail = await cursor.read(Math.max(0, cursor.size - 4), 4);
  return text(tail, 0, tail.byteLength).includes("\0\x01");
}
