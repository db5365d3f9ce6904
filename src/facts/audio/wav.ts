import { type Cursor, text } from "../cursor.ts";
import type { Damage, Evidence, Origin } from "../evidence.ts";
import { walkMpegFrames } from "./mpeg-walk.ts";

/** What a WAVE format chunk says (Microsoft, "Multiple channel audio data and WAVE files", WAVEFORMATEXTENSIBLE). */
interface WaveFormat {
  tag: number;
  channels: number;
  sampleRate: number;
  byteRate: number;
  blockAlign: number;
  bits: number;
  /** Samples per block and channel, where the codec's extra bytes state it; else 0. */
  blockSamples: number;
}

/** Format tags as registered in mmreg.h. */
const codecs: Record<number, string> = {
  1: "pcm",
  2: "adpcm",
  3: "pcm",
  6: "alaw",
  7: "ulaw",
  17: "adpcm",
  49: "gsm",
  80: "mp2",
  85: "mp3",
  255: "aac",
  353: "wma",
  8192: "ac3",
  8193: "dts",
};

/**
 * WAV: RIFF, RIFX, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), chunks in any order. The duration of plain samples
 * is arithmetic over the data chunk; that of packed ones is the fact chunk's, checked against the blocks.
 */
export async function readWav(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { size } = cursor;
  const magic = text(await cursor.at(0, 12), 0);
  const little = magic !== "RIFX";
  const riffSize = (await cursor.at(4, 4)).getUint32(0, little);
  let long: number[] | null = null;
  let format: WaveFormat | null = null;
  let fact = 0;
  let data: { at: number; bytes: number; promised: number } | null = null;
  let riffEnd = isPlaceholder(riffSize) ? 0 : riffSize + 8;

  for (let at = 12; at + 8 <= size; ) {
    // A chunk takes a read: more than this many are no WAV.
    cursor.budget.step(100);
    const ahead = cursor.some(at, 56);
    const view = ahead instanceof DataView ? ahead : await ahead;
    if (view.byteLength < 8) break;
    const id = text(view, 0);
    let bytes = view.getUint32(4, little);
    const body = at + 8;
    const held = Math.min(bytes, view.byteLength - 8);
    if (id === "ds64" && held >= 24) {
      long = [0, 1, 2].map((i) => Number(view.getBigUint64(8 + i * 8, little)));
      riffEnd = isPlaceholder(long[0] ?? 0) ? 0 : (long[0] ?? 0) + 8;
    } else if (id === "fmt " && held >= 14) format ??= readFormat(view, held, little);
    else if (id === "fact" && held >= 4) fact ||= view.getUint32(8, little);
    else if (id === "data" && data === null) {
      const rest = Math.max(0, size - body);
      const streamed =
        bytes === 0
          ? rest > 0 && (await isStreamed(cursor, body, riffEnd))
          : long === null && isPlaceholder(bytes) && bytes > rest;
      if (long && bytes === 0xffffffff) bytes = long[1] ?? 0;
      // Some writers count the header in; RIFF's own size says that the file is whole.
      const counted = riffEnd > 0 && riffEnd <= size && bytes > rest && bytes <= rest + 64;
      if (streamed || counted) bytes = rest;
      data = { at, bytes: Math.min(bytes, rest), promised: bytes };
      if (streamed) break;
    }
    if (data !== null && data.at !== at && body + bytes > size) {
      // Bytes after the data may be no chunk at all; one that ends where RIFF says the file ends is.
      if (body + bytes <= riffEnd) {
        addDamage(evidence, "cut-short", `${id.trim()} chunk`, at, body + bytes - size);
      }
      break;
    }
    at = body + bytes;
    if (bytes % 2 === 1) at = await afterOddChunk(cursor, at);
  }

  const missing = riffEnd - size;
  if (!data && missing > 0) addDamage(evidence, "cut-short", "RIFF", 0, missing);
  else if (!data || data.promised < 1) addDamage(evidence, "no-media-data", "data chunk", data?.at ?? null);
  else if (data.promised > data.bytes) {
    addDamage(evidence, "cut-short", "data chunk", data.at, data.promised - data.bytes);
  } else if (missing > 8 && evidence.damage.length === 0) {
    // All chunks are whole, but RIFF promises more: a cut between two, or a writer that counts oddly.
    addDamage(evidence, "cut-short", "RIFF", 0, missing, false);
  }
  if (format === null || !format.channels || !format.sampleRate) {
    if (data) addDamage(evidence, "malformed", "fmt chunk");
    return;
  }
  evidence.facts.audioCodec = codecs[format.tag] ?? `0x${format.tag.toString(16).padStart(4, "0")}`;
  evidence.facts.sampleRate = format.sampleRate;
  evidence.facts.channels = format.channels;
  if (!data || data.promised < 1) return;
  if (data.bytes === Number.POSITIVE_INFINITY) {
    evidence.unread.push({ fact: "duration", why: { code: "out-of-reach" } });
  } else await addDurations(cursor, evidence, format, data.at + 8, data.bytes, fact);
}

function addDamage(
  evidence: Evidence,
  code: Damage["code"],
  part: string,
  at: number | null = null,
  missing: number | null = null,
  certain = true,
): void {
  evidence.damage.push({ code, part, at, missing, certain });
}

/** Sizes that a writer leaves which cannot go back: 0xFFFFFFFF, 0x7FFFFFFF, and either less the header. */
function isPlaceholder(bytes: number): boolean {
  return bytes === 0 || (bytes >= 0x7ffff000 && bytes <= 0x80000000) || bytes >= 0xfffff000;
}

/** Whether a data chunk of size 0 was never filled in: nothing but samples comes after it. */
async function isStreamed(cursor: Cursor, body: number, riffEnd: number): Promise<boolean> {
  if (riffEnd <= body) return true;
  const view = await cursor.some(body, 8);
  return view.byteLength < 8 || !isChunkId(view, 0);
}

function isChunkId(view: DataView, at: number): boolean {
  return view.byteLength >= at + 4 && /^[ -~]{4}$/.test(text(view, at));
}

/** Chunks are padded to even sizes; not all writers know. `at` is odd: what can be a chunk's name decides. */
async function afterOddChunk(cursor: Cursor, at: number): Promise<number> {
  const view = await cursor.some(at, 9);
  return isChunkId(view, 0) && !isChunkId(view, 1) ? at : at + 1;
}

function readFormat(view: DataView, bytes: number, little: boolean): WaveFormat {
  const u16 = (at: number): number => (at + 2 <= bytes ? view.getUint16(8 + at, little) : 0);
  const tag = u16(0);
  return {
    // WAVE_FORMAT_EXTENSIBLE: the tag is the start of the subformat's GUID.
    tag: tag === 0xfffe ? u16(24) : tag,
    channels: u16(2),
    sampleRate: view.getUint32(12, little),
    byteRate: view.getUint32(16, little),
    blockAlign: u16(12),
    bits: u16(14),
    blockSamples: tag === 2 || tag === 0x11 ? u16(18) : 0,
  };
}

async function addDurations(
  cursor: Cursor,
  evidence: Evidence,
  format: WaveFormat,
  at: number,
  bytes: number,
  fact: number,
): Promise<void> {
  const { sampleRate, channels, bits, blockAlign, byteRate, tag } = format;
  const { durations } = evidence;
  const plain = [1, 3, 6, 7].includes(tag);
  const add = (value: number, from: Origin): void => {
    if (value > 0) durations.push({ value, from });
  };
  if (plain) {
    // A block is as large as its samples need, or larger: 20 bits may lie in four bytes. A smaller one is a lie.
    const needed = channels * Math.ceil(bits / 8);
    const block = blockAlign >= needed && blockAlign % channels === 0 ? blockAlign : needed;
    if (block > 0) add(Math.floor(bytes / block) / sampleRate, "file");
  } else {
    const claimed = fact === 0xffffffff ? 0 : fact / sampleRate;
    const perBlock = blockAlign > 0 ? samplesPerBlock(format) : 0;
    let counted = (Math.floor(bytes / blockAlign) * perBlock) / sampleRate;
    if (tag === 0x55) counted = (await walkMpegFrames(cursor, at, at + bytes)).seconds;
    if (counted > 0) {
      // The last block is rarely full: the fact chunk knows better, unless it says more or much less than is there.
      const slack = Math.max(0.1, perBlock / sampleRate);
      if (Math.abs(claimed - counted) <= slack) add(claimed, "header");
      add(counted, "sample-table");
    } else {
      add(claimed, "header");
      if (byteRate > 0) add(bytes / byteRate, "file");
      evidence.odd.add("unknown-codec");
    }
  }
  if (durations.length === 0) evidence.unread.push({ fact: "duration", why: { code: "not-stated" } });
}

/** Samples of one channel in a block: the codecs of fixed block layout. 0: not known. */
function samplesPerBlock({ tag, channels, blockAlign, bits, blockSamples }: WaveFormat): number {
  if (tag === 2) return ((blockAlign - 7 * channels) * 2) / channels + 2;
  if (tag === 0x11) return bits === 4 ? ((blockAlign - 4 * channels) * 2) / channels + 1 : blockSamples;
  return tag === 0x31 ? 320 : 0;
}
