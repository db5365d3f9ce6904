import type { View } from "../cursor.ts";

/** The fields of an avcC or hvcC box about its stream's structure. */
export interface DecoderConfiguration {
  /** Bytes of the length before each NAL unit of a sample. */
  lengthBytes: number;
  /** Parameter sets that it holds: an avc3 or hev1 stream carries them in its samples. */
  parameterSets: number;
  /** It holds a sequence and a picture parameter set, or none of either kind: FFmpeg then reads them from the samples. */
  complete: boolean;
}

/**
 * ISO/IEC 14496-15 §5.3.3.1 and §8.3.3.1; null where its version is unknown, or its parameter sets are invalid
 * or reach past its end. FFmpeg and Chromium refuse such a stream.
 */
export function decoderConfiguration(type: "avcC" | "hvcC", view: View): DecoderConfiguration | null {
  try {
    return type === "avcC" ? avc(view) : hevc(view);
  } catch (stop) {
    if (stop instanceof RangeError) return null;
    throw stop;
  }
}

function avc(view: View): DecoderConfiguration | null {
  if (view.getUint8(0) !== 1) return null;
  const found = { lengthBytes: (view.getUint8(4) & 3) + 1, parameterSets: 0, complete: false };
  const kinds = new Set<number>();
  let at = 5;
  for (const [mask, wanted] of [
    [31, 7],
    [255, 8],
  ] as const) {
    // Without sequence parameter sets the box may end here.
    if (at >= view.byteLength && found.parameterSets === 0) break;
    for (let left = view.getUint8(at++) & mask; left > 0; left--) {
      const length = view.getUint16(at);
      if ((view.getUint8(at + 2) & 31) !== wanted || at + 2 + length > view.byteLength) return null;
      at += 2 + length;
      found.parameterSets++;
      // A header alone is no parameter set.
      if (length >= 2) kinds.add(wanted);
    }
  }
  return { ...found, complete: kinds.size !== 1 };
}

function hevc(view: View): DecoderConfiguration | null {
  // Early writers left the version at 0.
  if (view.getUint8(0) > 1) return null;
  const found = { lengthBytes: (view.getUint8(21) & 3) + 1, parameterSets: 0, complete: false };
  const kinds = new Set<number>();
  let at = 23;
  for (let arrays = view.getUint8(22); arrays > 0; arrays--) {
    const type = view.getUint8(at) & 63;
    let units = view.getUint16(at + 1);
    for (at += 3; units > 0; units--) {
      at += 2 + view.getUint16(at);
      if (at > view.byteLength) return null;
      if (type === 33) found.parameterSets++;
      kinds.add(type);
    }
  }
  return { ...found, complete: kinds.has(33) === kinds.has(34) };
}
