import type { View } from "../cursor.ts";

/* The first fields of an HEVC slice segment header, ITU-T H.265 §7.3.6.1, against the picture parameter sets. */

/** NAL unit types: slices are below 32, of which random access pictures are 16 to 23 (table 7-1). */
const pictureParameterSet = 34;
const slices = 32;
const firstRandomAccess = 16;
const lastRandomAccess = 23;
/** slice_type of a picture that refers to no other. */
const intra = 2;

/** Number of extra bits before slice_type, by picture parameter set id. */
export type ExtraBits = ReadonlyMap<number, number>;

/** The picture parameter sets of an hvcC box (ISO/IEC 14496-15 §8.3.3.1), those with a readable id. */
export function extraSliceBits(config: View): ExtraBits {
  const found = new Map<number, number>();
  let at = 23;
  for (let arrays = config.byteLength < 23 ? 0 : config.getUint8(22); arrays > 0; arrays--) {
    if (at + 3 > config.byteLength) break;
    const type = config.getUint8(at) & 63;
    let units = config.getUint16(at + 1);
    for (at += 3; units > 0 && at + 2 <= config.byteLength; units--) {
      const length = config.getUint16(at);
      if (type === pictureParameterSet) addParameterSet(found, bitsOf(config, at + 4, at + 2 + length));
      at += 2 + length;
    }
  }
  return found;
}

/** §7.3.2.3.1: the id, the sequence's id, two flags, then the number of extra bits. */
function addParameterSet(into: Map<number, number>, bits: string): void {
  const id = exponentialGolomb(bits, 0);
  const sequence = id && exponentialGolomb(bits, id.end);
  if (sequence && sequence.end + 5 <= bits.length)
    into.set(id.value, Number.parseInt(bits.slice(sequence.end + 2, sequence.end + 5), 2));
}

/**
 * Whether a slice can be the first one of a still picture: it is the first of its picture, names an existing parameter
 * set, and refers to no other picture. `view` begins with the NAL unit's header of two bytes. True for
 * other NAL units, and if there are too few bytes.
 */
export function isStillSlice(view: View, parameterSets: ExtraBits): boolean {
  const type = view.getUint8(0) >> 1;
  if (type >= slices || parameterSets.size === 0) return true;
  const bits = bitsOf(view, 2, view.byteLength);
  if (bits[0] === "0") return false;
  const isRandomAccess = type >= firstRandomAccess && type <= lastRandomAccess;
  const id = exponentialGolomb(bits, isRandomAccess ? 2 : 1);
  if (!id) return true;
  const extra = parameterSets.get(id.value);
  if (extra === undefined) return false;
  const sliceType = exponentialGolomb(bits, id.end + extra);
  return sliceType === null || (isRandomAccess ? sliceType.value === intra : sliceType.value <= intra);
}

/** At most 12 bytes from `from` on, as zeros and ones. */
function bitsOf(view: View, from: number, to: number): string {
  let bits = "";
  for (let at = from; at < Math.min(to, from + 12, view.byteLength); at++)
    bits += view.getUint8(at).toString(2).padStart(8, "0");
  return bits;
}

/** ue(v), §9.2: as many zeros as bits follow the one. Null if the bits end before. */
function exponentialGolomb(bits: string, at: number): { value: number; end: number } | null {
  const one = bits.indexOf("1", at);
  const end = 2 * one - at + 1;
  if (one < 0 || end > bits.length) return null;
  return { value: Number.parseInt(bits.slice(one, end), 2) - 1, end };
}
