import type { View } from "../cursor.ts";

/** One MPEG audio frame's header. */
export interface MpegFrame {
  version: 1 | 2 | 2.5;
  layer: 1 | 2 | 3;
  /** bit/s; 0 in free format, where the stream keeps one rate and states none. */
  bitrate: number;
  /** Hz */
  sampleRate: number;
  samplesPerFrame: number;
  /** Bytes to the next header; 0 in free format. */
  frameBytes: number;
  channels: 1 | 2;
}

const half = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** kbit/s by the header's index, ISO/IEC 11172-3 table 3-B.2 and 13818-3 2.4.2.3; by MPEG-1 layer, then MPEG-2. */
const rates = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  half,
  half,
];
const hertz = [44_100, 48_000, 32_000];

/**
 * The MPEG-1, MPEG-2 or MPEG-2.5 audio frame header of four bytes at `at`; null where there is none. ADTS AAC
 * shares the sync but has layer 0, which is no frame here.
 */
export function readMpegFrame(view: View, at: number): MpegFrame | null {
  if (at < 0 || at + 4 > view.byteLength) return null;
  const head = view.getUint32(at);
  const versionBits = (head >>> 19) & 3;
  const layer = 4 - ((head >>> 17) & 3);
  const rate = hertz[(head >>> 10) & 3];
  if (head >>> 21 !== 0x7ff || versionBits === 1 || layer === 4 || rate === undefined) return null;
  const low = versionBits !== 3;
  const kilobits = rates[layer - 1 + (low ? 3 : 0)]?.[(head >>> 12) & 15];
  if (kilobits === undefined) return null;
  const sampleRate = low ? (versionBits === 2 ? rate / 2 : rate / 4) : rate;
  const samplesPerFrame = layer === 1 ? 384 : layer === 3 && low ? 576 : 1152;
  const slot = layer === 1 ? 4 : 1;
  const slots = Math.floor((samplesPerFrame * kilobits * 125) / sampleRate / slot);
  return {
    version: low ? (versionBits === 2 ? 2 : 2.5) : 1,
    layer: layer as 1 | 2 | 3,
    bitrate: kilobits * 1000,
    sampleRate,
    samplesPerFrame,
    frameBytes: kilobits === 0 ? 0 : (slots + ((head >>> 9) & 1)) * slot,
    channels: ((head >>> 6) & 3) === 3 ? 1 : 2,
  };
}
