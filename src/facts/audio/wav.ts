import { type Cursor, text, uint64, type View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { tagBytes } from "./mpeg-walk.ts";
import { addAudio, readFormat, type WaveFormat } from "./wav-format.ts";
import { isLikelyPlaceholder, isUnknownLongSize, isUnknownSize } from "./wav-sizes.ts";

/** The data chunk: its offset, the bytes of samples in the file, and those that its header states. */
interface DataChunk {
  at: number;
  bytes: number;
  stated: number;
  /** Its size was never filled in: the samples last to the end of the file. */
  streamed: boolean;
}

/** The values of a WAV's chunks. */
interface Chunks {
  /** Where the RIFF chunk begins, and where it ends; 0: its size was never filled in. */
  start: number;
  end: number;
  little: boolean;
  /** Data size of RF64's ds64. */
  long: number | null;
  format: WaveFormat | null;
  /** Samples per channel. */
  fact: number;
  data: DataChunk | null;
}

/** WAV: RIFF, RIFX, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), chunks in any order; an ID3 tag may come first. */
export async function readWav(cursor: Cursor, evidence: Evidence): Promise<void> {
  const start = tagBytes(await cursor.read(0, 32), 0);
  const head = await cursor.at(start, 12);
  const little = text(head, 0) !== "RIFX";
  const end = endOf(start, head.getUint32(4, little), isUnknownSize);
  const chunks: Chunks = { start, end, little, long: null, format: null, fact: 0, data: null };
  await readChunks(cursor, evidence, chunks);
  checkSizes(cursor, evidence, chunks);
  const { format, data, fact } = chunks;
  if (!format?.channels || !format.sampleRate) {
    if (data) damaged(evidence, "malformed", "fmt chunk", null);
  } else if (data && data.stated > 0) await addAudio(cursor, evidence, format, data.at + 8, data.bytes, fact);
}

async function readChunks(cursor: Cursor, evidence: Evidence, chunks: Chunks): Promise<void> {
  const { start, little } = chunks;
  const { size } = cursor;
  for (let at = start + 12; at + 8 <= size; ) {
    // A chunk may take a read: after ten thousand chunks the budget ends.
    cursor.budget.step(100);
    const ahead = cursor.read(at, 56);
    const view = ahead instanceof Promise ? await ahead : ahead;
    if (view.byteLength < 8) return;
    const id = text(view, 0);
    let bytes = view.getUint32(4, little);
    const available = Math.min(bytes, view.byteLength - 8);
    if (id === "ds64" && available >= 16) {
      chunks.end = endOf(start, uint64(view, 8, little), isUnknownLongSize);
      chunks.long = uint64(view, 16, little);
    } else if (id === "fmt " && available >= 14) chunks.format ??= readFormat(view, available, little);
    else if (id === "fact" && available >= 4) chunks.fact ||= view.getUint32(8, little);
    else if (id === "data" && chunks.data === null) {
      chunks.data = await dataChunk(cursor, chunks, at, bytes);
      if (chunks.data.streamed) return;
      bytes = chunks.data.stated;
    }
    const end = at + 8 + bytes;
    if (chunks.data !== null && chunks.data.at !== at && end > size) {
      // Bytes after the data may not be a chunk; if they end where RIFF says the file ends, they are.
      if (end <= chunks.end) damaged(evidence, "cut-short", `${id.trim()} chunk`, at, end - size);
      return;
    }
    at = bytes % 2 === 1 ? await afterOddChunk(cursor, end) : end;
  }
}

/** The data chunk at `at`, whose header states `stated` bytes. */
async function dataChunk(cursor: Cursor, chunks: Chunks, at: number, stated: number): Promise<DataChunk> {
  const body = at + 8;
  const rest = Math.max(0, cursor.size - body);
  const whole = { at, bytes: rest, stated: rest };
  if (await isStreamed(cursor, chunks, body, stated, rest)) return { ...whole, streamed: true };
  const bytes = chunks.long !== null && stated === 0xffffffff ? chunks.long : stated;
  // Some writers include the header in the size; RIFF's own size shows that the file is complete.
  const counted = chunks.end > 0 && chunks.end <= cursor.size && bytes > rest && bytes <= rest + 64;
  if (counted) return { ...whole, streamed: false };
  return { at, bytes: Math.min(bytes, rest), stated: bytes, streamed: false };
}

/** Whether the size of the data was never filled in. */
async function isStreamed(
  cursor: Cursor,
  { end, long }: Chunks,
  body: number,
  stated: number,
  rest: number,
): Promise<boolean> {
  if (long !== null && stated === 0xffffffff) return rest > 0 && isUnknownLongSize(long);
  // Zero, or zero or all ones with the header's 36 bytes added; and more bytes follow that are not a chunk.
  if (stated === 0 || stated === 35 || stated === 36)
    return (
      rest > stated &&
      (stated === 0 || end <= body + stated) &&
      !(await namesChunk(cursor, body + stated, end))
    );
  return isUnknownSize(stated) && stated > rest;
}

/** Whether a chunk begins at `at`, where RIFF does not end before. */
async function namesChunk(cursor: Cursor, at: number, end: number): Promise<boolean> {
  return end > at && isChunkId(await cursor.read(at, 4), 0);
}

/** Checks that the file has the bytes that RIFF and the data chunk state. */
function checkSizes(cursor: Cursor, evidence: Evidence, { start, end, data }: Chunks): void {
  const missing = end - cursor.size;
  if (!data && missing > 0) damaged(evidence, "cut-short", "RIFF", start, missing);
  else if (!data || data.stated < 1) damaged(evidence, "no-media-data", "data chunk", data?.at ?? null);
  else if (data.streamed) return;
  else if (data.stated > data.bytes) {
    const code = isLikelyPlaceholder(data.stated, data.bytes) ? "placeholder-size" : "cut-short";
    const lost = data.stated - data.bytes;
    damaged(evidence, code, "data chunk", data.at, lost, code === "cut-short");
  }
  // All chunks are complete, but RIFF states more: a cut between two, or a writer that counts differently.
  else if (missing > 8 && evidence.damage.length === 0)
    damaged(evidence, "cut-short", "RIFF", start, missing, false);
}

/** Where a RIFF of this size ends; 0 where the size was never filled in. */
function endOf(start: number, riffSize: number, isUnknown: (size: number) => boolean): number {
  return isUnknown(riffSize) ? 0 : start + riffSize + 8;
}

function isChunkId(view: View, at: number): boolean {
  return view.byteLength >= at + 4 && /^[ -~]{4}$/.test(text(view, at));
}

/** Chunks are padded to even sizes, but not by all writers. `at` is odd: valid characters of a chunk id decide. */
async function afterOddChunk(cursor: Cursor, at: number): Promise<number> {
  const view = await cursor.read(at, 5);
  // A size may look like letters, too: "data" and "@" are "ata@" one byte on.
  const here = isChunkId(view, 0) && (!isChunkId(view, 1) || /^(fmt |data|fact|LIST)/.test(text(view, 0)));
  return here ? at : at + 1;
}
