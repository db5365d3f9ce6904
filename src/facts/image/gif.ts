import type { Cursor, View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import type { Size } from "../isobmff/clean-aperture.ts";
import { setStillSize } from "./exif.ts";

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;
/** Bytes that are read at a time, since blocks are small and consecutive. */
const pieceBytes = 65_536;

/** Bytes up to which frames are counted; those of a longer file that ends with a trailer are not. */
const countedBytes = 4 * 1024 * 1024;

/** GIF87a, GIF89a: canvas, frame count, and whether every data sub-block is inside the file. */
export async function readGif(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { facts } = evidence;
  const screen = await cursor.at(6, 7);
  const width = screen.getUint16(0, true);
  const height = screen.getUint16(2, true);
  if (width && height) setStillSize(evidence, width, height);
  let frames = 0;
  let at = 13 + colourTableBytes(screen.getUint8(4));
  let countUpTo = countedBytes;
  let counted = true;
  try {
    for (;;) {
      cursor.budget.part();
      if (frames > 0 && at > countUpTo && at + 1 < cursor.size) {
        counted = !(await endsAsComplete(cursor));
        if (!counted) break;
        countUpTo = Number.POSITIVE_INFINITY;
      }
      const kind = at < cursor.size ? (await cursor.at(at, 1)).getUint8(0) : null;
      if (kind === extension) at = await pastSubBlocks(cursor, at + 2);
      else if (kind === image) {
        const descriptor = await cursor.at(at + 1, 9);
        const from = at + 10 + colourTableBytes(descriptor.getUint8(8)) + 1;
        if (frames === 0) addFirstFrame(evidence, { width, height }, descriptor);
        at = await pastSubBlocks(cursor, from);
        frames++;
      } else {
        if (frames === 0) damaged(evidence, "no-media-data", "image block", at);
        else if (at > cursor.size) damaged(evidence, "malformed", "sub-block", null, null, false);
        else if (kind !== trailer && !(await endsWithTrailer(cursor, at)))
          damaged(evidence, "no-end-marker", "trailer", at, null, false);
        break;
      }
    }
  } finally {
    facts.frames = counted ? frames || (evidence.sizes.length > 0 ? 1 : null) : null;
  }
}

/**
 * Enlarges the screen to the first frame. Some writers leave it empty or smaller than the picture: browsers, Pillow and
 * ImageMagick then do the same, and clip later frames.
 */
function addFirstFrame(evidence: Evidence, screen: Size, descriptor: View): void {
  const [left, top, width, height] = [0, 2, 4, 6].map((at) => descriptor.getUint16(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (!width || !height) return;
  const right = Math.max(screen.width, left + width);
  const bottom = Math.max(screen.height, top + height);
  if (right === screen.width && bottom === screen.height) return;
  evidence.sizes = [];
  setStillSize(evidence, right, bottom);
}

/** GIF89a, 19.c and 20.c: a flag, and the exponent of the number of three-byte entries. */
function colourTableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/** Where the sub-blocks that begin at `at` end, the empty one that ends them included. */
async function pastSubBlocks(cursor: Cursor, start: number): Promise<number> {
  for (let at = start; ; ) {
    const view = await cursor.read(at, pieceBytes);
    let i = 0;
    let blocks = 0;
    for (; i < view.byteLength; blocks++) {
      const length = view.getUint8(i);
      i += length + 1;
      if (length === 0) {
        cursor.budget.step(blocks);
        return at + i;
      }
    }
    cursor.budget.step(blocks + 1);
    at += i;
    if (view.byteLength === pieceBytes) continue;
    // A sub-block that reaches past the trailer: decoders have the complete picture before they notice.
    if (at > cursor.size && (await endsAsComplete(cursor))) return at;
    // Past the end: the cursor throws with what is missing.
    await cursor.at(at, 1);
  }
}

/** The empty sub-block that ends the last frame, then the trailer: a cut file ends so once in 65,536 times. */
async function endsAsComplete(cursor: Cursor): Promise<boolean> {
  return Number.isFinite(cursor.size) && (await cursor.at(cursor.size - 2, 2)).getUint16(0) === trailer;
}

/** Stray bytes after the last frame, then the trailer: every decoder accepts it. */
async function endsWithTrailer(cursor: Cursor, at: number): Promise<boolean> {
  if (!Number.isFinite(cursor.size)) return false;
  const tail = await cursor.read(Math.max(at, cursor.size - 1024), 1024);
  let last = tail.byteLength - 1;
  while (last >= 0 && tail.getUint8(last) === 0) last--;
  return last >= 0 && tail.getUint8(last) === trailer;
}
