import { crc32 } from "../../bytes/crc32.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { isZeroToTheEnd } from "../zeros.ts";
import { exifOrientation, setStillSize } from "./exif.ts";

const signatureBytes = 8;
const endChunk = "\0\0\0\0IEND\xae\x42\x60\x82";
/** Chunks up to this size are read as a whole, since a jump over each would take a read. */
const smallChunkBytes = 65_536;
const tailBytes = 1024;
/** Bit depths by colour type, PNG 3rd edition, 11.2.1 (table 12). */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** PNG and APNG: size, eXIf orientation, frame count, and whether every chunk is inside the file. */
export async function readPng(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { facts } = evidence;
  let header: View | null = null;
  let orientation = 1;
  let hasData = false;
  let hasPalette = false;
  for (let at = signatureBytes; ; ) {
    cursor.budget.part();
    if (at >= cursor.size) {
      damaged(
        evidence,
        header && hasData ? "no-end-marker" : "cut-short",
        header ? "IEND" : "IHDR",
        at,
        null,
        !hasData,
      );
      break;
    }
    const got = cursor.at(at, 8);
    const head = got instanceof Promise ? await got : got;
    const length = head.getUint32(0);
    const type = text(head, 4);
    const end = at + 12 + length;
    // Apple's variant for its own programs begins with a chunk that all other decoders refuse.
    if (at === signatureBytes && type !== "IHDR") damaged(evidence, "malformed", type, at, null, false);
    if (!/[A-Za-z]{4}/.test(type)) {
      if (await isZeroToTheEnd(cursor, at))
        damaged(evidence, "zero-filled", hasData ? "IDAT" : "the header", at);
      else damaged(evidence, "malformed", "chunk", at, null, !hasData);
      break;
    }
    if (end > cursor.size) {
      damaged(evidence, "cut-short", type, at, end - cursor.size);
      if (type !== "IHDR" && type !== "IDAT") break;
    }
    if (type === "IHDR" && !header) header = await cursor.at(at + 4, 17 + (end > cursor.size ? 0 : 4));
    else if (type === "eXIf") orientation = await exifOrientation(cursor, at + 8, end - 4);
    else if (type === "PLTE") hasPalette = true;
    else if (type === "acTL" && length >= 8 && !hasData)
      facts.frames = (await cursor.at(at + 8, 4)).getUint32(0) || 1;
    else if (type === "IEND") {
      if (!hasData) damaged(evidence, "no-media-data", "IDAT", at);
      break;
    }
    // Every chunk up to the first IDAT is read; after it, an end chunk at the end of the file is enough.
    if (type === "IDAT" && !hasData) {
      hasData = true;
      if (await endsWithEndChunk(cursor, end)) break;
    }
    if (end > cursor.size) break;
    at = end;
    if (hasData && length < smallChunkBytes) await cursor.read(at, smallChunkBytes);
  }
  if (header) readHeader(header, evidence, orientation);
  // Palette indices without a palette, which decoders refuse (PNG 3rd edition, 11.2.2).
  if (hasData && !hasPalette && header?.getUint8(13) === 3)
    damaged(evidence, "malformed", "PLTE", null, null, false);
}

async function endsWithEndChunk(cursor: Cursor, from: number): Promise<boolean> {
  if (!Number.isFinite(cursor.size) || cursor.size < from) return false;
  const length = Math.min(tailBytes, cursor.size - from);
  const tail = await cursor.at(cursor.size - length, length);
  // Nearly always it is at the very end.
  const last = Math.max(0, length - endChunk.length);
  return text(tail, last, length - last) === endChunk || text(tail, 0, length).includes(endChunk);
}

/** `header` is the IHDR chunk from its type to its CRC. */
function readHeader(header: View, evidence: Evidence, orientation: number): void {
  const width = header.getUint32(4);
  const height = header.getUint32(8);
  const valid =
    width > 0 &&
    height > 0 &&
    width < 2 ** 31 &&
    height < 2 ** 31 &&
    depths[header.getUint8(13)]?.includes(header.getUint8(12)) &&
    header.getUint8(16) < 2;
  if (header.byteLength >= 21 && crc32(header, 17) !== header.getUint32(17))
    damaged(evidence, "checksum", "IHDR", signatureBytes);
  else if (valid) setStillSize(evidence, width, height, orientation);
  else damaged(evidence, "malformed", "IHDR", signatureBytes);
}
