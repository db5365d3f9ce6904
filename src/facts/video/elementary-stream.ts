import type { View } from "../cursor.ts";
import { versionOf } from "../isobmff/boxes.ts";
import { objectCodec } from "./codecs.ts";

/** What an esds box states about its stream. */
export interface ElementaryStream {
  /** The codec of the object type; null if that is unknown or not stated. */
  codec: string | null;
  /** The configuration of AAC audio, if there is one. */
  audio: AudioConfig | null;
}

/** The values of an AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1. */
export interface AudioConfig {
  /** As the fact `audioProfile`. */
  profile: string | null;
  /** Hz; 0 if it is invalid. */
  sampleRate: number;
  /** Null if it does not state them. */
  channels: number | null;
}

/** Descriptor tags, ISO/IEC 14496-1 table 1. */
const streamTag = 3;
const decoderTag = 4;
const specificTag = 5;

/** Reads the descriptors of an esds box (ISO/IEC 14496-1 §7.2.6). @param codec of the sample entry */
export function readElementaryStream(view: View, codec: string): ElementaryStream {
  const stream: ElementaryStream = { codec: null, audio: null };
  if (versionOf(view).version !== 0) return stream;
  let at = 4;
  while (at + 2 <= view.byteLength) {
    const tag = view.getUint8(at++);
    let length = 0;
    for (let i = 0; i < 4 && at < view.byteLength; i++) {
      const byte = view.getUint8(at++);
      length = length * 128 + (byte & 127);
      if (byte < 128) break;
    }
    if (tag === streamTag) {
      const flags = at + 3 <= view.byteLength ? view.getUint8(at + 2) : 0;
      at += 3 + (flags & 128 ? 2 : 0) + (flags & 32 ? 2 : 0);
      if (flags & 64 && at < view.byteLength) at += 1 + view.getUint8(at);
    } else if (tag === decoderTag && at + 13 <= view.byteLength) {
      stream.codec = objectCodec(view.getUint8(at)) ?? stream.codec;
      at += 13;
    } else if (tag === specificTag && (stream.codec ?? codec) === "aac" && at + 4 <= view.byteLength) {
      const second = at + 8 <= view.byteLength ? view.getUint32(at + 4) : 0;
      stream.audio = readAudioConfig(view.getUint32(at), second);
      break;
    } else at += length;
  }
  return stream;
}

/** By audio object type, ISO/IEC 14496-3 table 1.17. */
const profiles: Readonly<Record<number, string>> = {
  1: "Main",
  2: "LC",
  5: "HE-AAC",
  29: "HE-AACv2",
  42: "xHE-AAC",
};
/** Object types: AAC-LC; with spectral band replication, which doubles the rate; and with parametric stereo too. */
const lowComplexity = 2;
const bandReplication = 5;
const parametricStereo = 29;

/** Above this rate in Hz, AAC that states no replication has none: §1.6.5.3. Below, decoders find it in the stream. */
const highestImplicitRate = 24_000;

/** Hz by index, table 1.18. */
const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** @param first @param second the 64 bits that the configuration begins with */
function readAudioConfig(first: number, second: number): AudioConfig {
  let bit = 0;
  const take = (n: number): number => {
    let value = 0;
    for (const end = bit + n; bit < end; bit++) {
      const word = bit < 32 ? first : bit < 64 ? second : 0;
      value = value * 2 + ((word >>> (31 - (bit & 31))) & 1);
    }
    return value;
  };
  const objectType = (): number => {
    const type = take(5);
    return type === 31 ? 32 + take(6) : type;
  };
  const frequency = (): number => {
    const index = take(4);
    return index === 15 ? take(24) : (rates[index] ?? 0);
  };
  const type = objectType();
  let sampleRate = frequency();
  const layout = take(4);
  let profile: string | null = profiles[type] ?? null;
  if (type === bandReplication || type === parametricStereo) sampleRate = frequency();
  else if (type === lowComplexity) {
    if (sampleRate <= highestImplicitRate) profile = null;
    if (layout) {
      // GASpecificConfig, §4.4.1: frame length, delay of a core coder, extension.
      take(1);
      if (take(1)) take(14);
      take(1);
      // Replication that is signalled in a way that old decoders don't see, §1.6.6.1.
      if (take(11) === 0x2b7 && take(5) === bandReplication) {
        profile = "LC";
        if (take(1)) {
          sampleRate = frequency();
          profile = take(11) === 0x548 && take(1) ? "HE-AACv2" : "HE-AAC";
        }
      }
    }
  }
  return { profile, sampleRate, channels: channelsOf(layout, type === parametricStereo) };
}

/** Channels by channel configuration, table 1.19; null where it names none. */
function channelsOf(layout: number, stereo: boolean): number | null {
  if (layout === 0 || layout > 7) return null;
  if (layout === 1) return stereo ? 2 : 1;
  return layout === 7 ? 8 : layout;
}
