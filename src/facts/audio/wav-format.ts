import type { Cursor, View } from "../cursor.ts";
import type { Evidence, Origin } from "../evidence.ts";
import { walkMpegFrames } from "./mpeg-walk.ts";

/** The fields of a WAVE format chunk (Microsoft, "Multiple channel audio data and WAVE files", WAVEFORMATEXTENSIBLE). */
export interface WaveFormat {
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

/** The format chunk whose body, of which `bytes` are there, begins 8 bytes into the view. */
export function readFormat(view: View, bytes: number, little: boolean): WaveFormat {
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
    blockSamples: u16(18),
  };
}

/**
 * Adds codec, rate, channels and the durations of the `bytes` of samples at `at`. PCM samples are counted; compressed
 * ones are the fact chunk's samples per channel, checked against the blocks, or against the frames of an MP3.
 */
export async function addAudio(
  cursor: Cursor,
  evidence: Evidence,
  format: WaveFormat,
  at: number,
  bytes: number,
  fact: number,
): Promise<void> {
  const { sampleRate, channels, bits, blockAlign, byteRate, tag } = format;
  const { facts, durations, unusual } = evidence;
  facts.audioCodec = codecs[tag] ?? `0x${tag.toString(16).padStart(4, "0")}`;
  facts.sampleRate = sampleRate;
  facts.channels = channels;
  const add = (value: number, from: Origin): void => {
    if (value > 0 && value < Number.POSITIVE_INFINITY) durations.push({ value, from });
  };
  if ([1, 3, 6, 7].includes(tag)) {
    // A block is as large as its samples need, or larger: 20 bits may lie in four bytes. A smaller one is wrong.
    const needed = channels * Math.ceil(bits / 8);
    const block = blockAlign >= needed && blockAlign % channels === 0 ? blockAlign : needed;
    add(Math.floor(bytes / block) / sampleRate, "file");
  } else {
    const claimed = fact === 0xffffffff ? 0 : fact / sampleRate;
    const perBlock = samplesPerBlock(format);
    const counted =
      tag === 85
        ? (await walkMpegFrames(cursor, at, at + bytes)).seconds
        : perBlock && (Math.floor(bytes / blockAlign) * perBlock) / sampleRate;
    if (counted > 0) {
      // The last block is rarely full: the fact chunk is exact, unless it states more or much less than there is.
      const slack = Math.max(0.1, perBlock / sampleRate);
      if (Math.abs(claimed - counted) <= slack) add(claimed, "header");
      add(counted, "sample-table");
    } else {
      add(claimed, "header");
      add(bytes / byteRate, "file");
      unusual.add("unknown-codec");
    }
  }
  if (durations.length === 0) evidence.unread.push({ fact: "duration", why: { code: "not-stated" } });
}

/** Samples of one channel in a block, for codecs with fixed blocks; 0 if it is not known. */
function samplesPerBlock({ tag, channels, blockAlign, bits, blockSamples }: WaveFormat): number {
  const packed = (header: number): number => ((blockAlign - header * channels) * 2) / channels;
  if (tag === 2) return packed(7) + 2;
  if (tag === 17) return bits === 4 ? packed(4) + 1 : blockSamples;
  return tag === 49 ? 320 : 0;
}
