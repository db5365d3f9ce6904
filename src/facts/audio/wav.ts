import { type Cursor, text, uint64, type View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { tagBytes } from "./mpeg-walk.ts";
import { addSound, readFormat, type WaveFormat } from "./wav-format.ts";

/** WAV: RIFF, RIFX, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), chunks in any order; an ID3 tag may come first. */
export async function readWav(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { size } = cursor;
  const start = tagBytes(await cursor.some(0, 32), 0);
  const head = await cursor.at(start, 12);
  const little = text(head, 0) !== "RIFX";
  let riffEnd = endOf(start, head.getUint32(4, little));
  /** Data size of RF64's ds64. */
  let long: number | null = null;
  let format: WaveFormat | null = null;
  let fact = 0;
  let data: { at: number; bytes: number; promised: number } | null = null;

  for (let at = start + 12; at + 8 <= size; ) {
    // A chunk may take a read: ten thousand are no WAV.
    cursor.budget.step(100);
    const ahead = cursor.some(at, 56);
    const view = ahead instanceof Promise ? await ahead : ahead;
    if (view.byteLength < 8) break;
    const id = text(view, 0);
    const body = at + 8;
    let bytes = view.getUint32(4, little);
    const held = Math.min(bytes, view.byteLength - 8);
    if (id === "ds64" && held >= 16) {
      riffEnd = endOf(start, uint64(view, 8, little));
      long = uint64(view, 16, little);
    } else if (id === "fmt " && held >= 14) format ??= readFormat(view, held, little);
    else if (id === "fact" && held >= 4) fact ||= view.getUint32(8, little);
    else if (id === "data" && data === null) {
      const rest = Math.max(0, size - body);
      const streamed =
        bytes === 0
          ? rest > 0 && (riffEnd <= body || !isChunkId(await cursor.some(body, 4), 0))
          : long === null && isPlaceholder(bytes) && bytes > rest;
      if (long !== null && bytes === 0xffffffff) bytes = long;
      // Some writers count the header in; RIFF's own size says that the file is whole.
      const counted = riffEnd > 0 && riffEnd <= size && bytes > rest && bytes <= rest + 64;
      if (streamed || counted) bytes = rest;
      data = { at, bytes: Math.min(bytes, rest), promised: bytes };
      if (streamed) break;
    }
    const end = body + bytes;
    if (data !== null && data.at !== at && end > size) {
      // Bytes after the data may be no chunk at all; one that ends where RIFF says the file ends is.
      if (end <= riffEnd) damaged(evidence, "cut-short", `${id.trim()} chunk`, at, end - size);
      break;
    }
    at = bytes % 2 === 1 ? await afterOddChunk(cursor, end) : end;
  }

  const missing = riffEnd - size;
  const { at, promised } = data ?? { at: null, promised: 0 };
  if (!data && missing > 0) damaged(evidence, "cut-short", "RIFF", start, missing);
  else if (promised < 1) damaged(evidence, "no-media-data", "data chunk", at);
  else if (data && promised > data.bytes)
    damaged(evidence, "cut-short", "data chunk", at, promised - data.bytes);
  // All chunks are whole, but RIFF promises more: a cut between two, or a writer that counts oddly.
  else if (missing > 8 && evidence.damage.length === 0)
    damaged(evidence, "cut-short", "RIFF", start, missing, false);

  if (!format?.channels || !format.sampleRate) {
    if (data) damaged(evidence, "malformed", "fmt chunk", null);
  } else if (data && promised > 0) await addSound(cursor, evidence, format, data.at + 8, data.bytes, fact);
}

/** Where a RIFF of this size ends; 0 where the size was never filled in. */
function endOf(start: number, riffSize: number): number {
  return isPlaceholder(riffSize) ? 0 : start + riffSize + 8;
}

/** Sizes that a writer leaves which cannot go back: 0, 0xFFFFFFFF, 0x7FFFFFFF, and either less the header. */
function isPlaceholder(bytes: number): boolean {
  return bytes === 0 || (bytes >= 0x7ffff000 && bytes <= 0x80000000) || bytes >= 0xfffff000;
}

function isChunkId(view: View, at: number): boolean {
  return view.byteLength >= at + 4 && /^[ -~]{4}$/.test(text(view, at));
}

/** Chunks are padded to even sizes; not all writers know. `at` is odd: what can be a chunk's name decides. */
async function afterOddChunk(cursor: Cursor, at: number): Promise<number> {
  const view = await cursor.some(at, 5);
  // A size may look like letters, too: "data" and "@" are "ata@" one byte on.
  const here = isChunkId(view, 0) && (!isChunkId(view, 1) || /^(fmt |data|fact|LIST)/.test(text(view, 0)));
  return here ? at : at + 1;
}
