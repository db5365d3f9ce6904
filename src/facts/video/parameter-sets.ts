import type { View } from "../cursor.ts";

/** What a sequence parameter set states about the picture. Its size is that inside the cropping window. */
export interface BitstreamSize {
  width: number;
  height: number;
  /** Pixel aspect ratio from the VUI, or null. */
  aspect: number | null;
  /** chroma_format_idc: 0 is 4:0:0, then 4:2:0, 4:2:2 and 4:4:4. */
  chroma: number;
  /** Bits per luma sample; null if those of chroma differ. */
  bitDepth: number | null;
  /** Null where frames may be coded as fields or not. */
  interlaced: boolean | null;
}

/**
 * From an avcC box (ISO/IEC 14496-15 §5.3.3.1) or an hvcC box (§8.3.3.1): the first sequence parameter set's size.
 * Null if there is none (an avc3 or hev1 stream may have them only in its samples) or it is invalid.
 */
export function bitstreamSize(type: "avcC" | "hvcC", config: View): BitstreamSize | null {
  try {
    const size = type === "avcC" ? avc(config) : hevc(config);
    return size && size.width > 0 && size.height > 0 && size.width <= 65536 && size.height <= 65536
      ? size
      : null;
  } catch (stop) {
    if (stop instanceof RangeError) return null;
    throw stop;
  }
}

/** Sample aspect ratios by aspect_ratio_idc, ITU-T H.264 table E-1. */
const aspects =
  "1 1,12 11,10 11,16 11,40 33,24 11,20 11,32 11,80 33,18 11,15 11,64 33,160 99,4 3,3 2,2 1".split(",");
/** Profiles that state their chroma format, ITU-T H.264 §7.3.2.1.1. */
const chromaProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** ITU-T H.264 §7.3.2.1.1 */
function avc(config: View): BitstreamSize | null {
  if ((config.getUint8(5) & 31) === 0) return null;
  const bits = new Bits(config, 9, config.getUint16(6) - 1);
  const profile = bits.take(8);
  bits.take(16);
  bits.ue();
  let chroma = 1;
  let separatePlanes = 0;
  let bitDepth: number | null = 8;
  if (chromaProfiles.has(profile)) {
    chroma = bits.ue();
    if (chroma === 3) separatePlanes = bits.take(1);
    bitDepth = depth(bits);
    bits.take(1);
    const scalingLists = bits.take(1) ? (chroma === 3 ? 12 : 8) : 0;
    for (let i = 0; i < scalingLists; i++) if (bits.take(1)) skipScalingList(bits, i);
  }
  bits.ue();
  const order = bits.ue();
  if (order === 0) bits.ue();
  else if (order === 1) {
    bits.take(1);
    bits.ue();
    bits.ue();
    for (let n = bits.ue(); n > 0; n--) bits.ue();
  }
  bits.ue();
  bits.take(1);
  const width = 16 * (bits.ue() + 1);
  const units = 16 * (bits.ue() + 1);
  const fields = 2 - bits.take(1);
  if (fields === 2) bits.take(1);
  bits.take(1);
  const [across, down] =
    chroma === 0 || separatePlanes ? [1, 1] : [chroma === 3 ? 1 : 2, chroma === 1 ? 2 : 1];
  const size = crop(bits, width, units * fields, across, down * fields);
  let aspect: number | null = null;
  if (bits.take(1) && bits.take(1)) {
    const index = bits.take(8);
    const [w = 0, h = 0] =
      index === 255 ? [bits.take(16), bits.take(16)] : (aspects[index - 1] ?? "").split(" ").map(Number);
    if (w && h) aspect = w / h;
  }
  // frame_mbs_only_flag: without it, each picture states it.
  return { ...size, aspect, chroma, bitDepth, interlaced: fields === 1 ? false : null };
}

/** bit_depth_luma_minus8 and bit_depth_chroma_minus8 */
function depth(bits: Bits): number | null {
  const luma = bits.ue();
  return bits.ue() === luma ? luma + 8 : null;
}

function skipScalingList(bits: Bits, list: number): void {
  let last = 8;
  for (let i = 0; i < (list < 6 ? 16 : 64) && last; i++) {
    const k = bits.ue();
    last = (last + (k & 1 ? (k + 1) / 2 : -k / 2) + 256) % 256;
  }
}

/** ITU-T H.265 §7.3.2.2.1; the VUI comes after many optional parts and is not parsed. */
function hevc(config: View): BitstreamSize | null {
  let at = 23;
  for (let arrays = config.getUint8(22); arrays > 0; arrays--) {
    const type = config.getUint8(at) & 63;
    const count = config.getUint16(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) {
      const length = config.getUint16(at);
      if (type === 33) return sps(new Bits(config, at + 4, length - 2));
      at += 2 + length;
    }
  }
  return null;
}

function sps(bits: Bits): BitstreamSize {
  bits.take(4);
  const layers = bits.take(3);
  bits.take(1);
  bits.skip(40);
  // general_progressive_source_flag and general_interlaced_source_flag: if equal, each picture states it.
  const [progressive, fields] = [bits.take(1), bits.take(1)];
  bits.skip(54);
  const present: number[] = [];
  for (let i = 0; i < layers; i++) present.push(bits.take(2));
  if (layers) bits.skip(2 * (8 - layers));
  for (const flags of present) bits.skip((flags & 2 ? 88 : 0) + (flags & 1 ? 8 : 0));
  bits.ue();
  const chroma = bits.ue();
  const separatePlanes = chroma === 3 ? bits.take(1) : 0;
  const [across, down] =
    chroma === 0 || separatePlanes ? [1, 1] : [chroma === 3 ? 1 : 2, chroma === 1 ? 2 : 1];
  const size = crop(bits, bits.ue(), bits.ue(), across, down);
  const interlaced = progressive === fields ? null : fields === 1;
  return { ...size, aspect: null, chroma, bitDepth: depth(bits), interlaced };
}

function crop(bits: Bits, width: number, height: number, across: number, down: number) {
  if (!bits.take(1)) return { width, height };
  const horizontal = bits.ue() + bits.ue();
  return { width: width - across * horizontal, height: height - down * (bits.ue() + bits.ue()) };
}

/** Bits of a NAL unit's payload, without its emulation prevention bytes (ITU-T H.264 §7.4.1). */
class Bits {
  readonly #bytes: number[] = [];
  #at = 0;

  /** @throws RangeError if the unit reaches past its box; `take` throws it if the unit ends too early */
  constructor(view: View, start: number, length: number) {
    for (let i = start, zeros = 0; i < start + Math.min(length, 512); i++) {
      const byte = view.getUint8(i);
      if (zeros < 2 || byte !== 3) this.#bytes.push(byte);
      zeros = byte ? 0 : zeros + 1;
    }
  }

  /** Reads `n` bits as a number. */
  take(n: number): number {
    let value = 0;
    for (let i = 0; i < n; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError("parameter set ends early");
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  skip(n: number): void {
    this.#at += n;
  }

  /** Reads an unsigned Exp-Golomb number, ITU-T H.264 §9.1. */
  ue(): number {
    let zeros = 0;
    while (!this.take(1)) zeros++;
    return 2 ** zeros - 1 + this.take(zeros);
  }
}
