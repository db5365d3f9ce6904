/** FFmpeg's name, which plans use, by mediabunny's name of a codec. */
const names: Readonly<Record<string, string>> = {
  avc: "h264",
  "pcm-s16": "pcm_s16le",
  "pcm-s24": "pcm_s24le",
  "pcm-s32": "pcm_s32le",
  "pcm-f32": "pcm_f32le",
  "pcm-f64": "pcm_f64le",
  "pcm-u8": "pcm_u8",
  "pcm-s8": "pcm_s8",
  ulaw: "pcm_mulaw",
  alaw: "pcm_alaw",
};

export const codecName = (codec: string | null): string =>
  codec === null ? "unknown" : (names[codec] ?? codec.replace(/^pcm-(\w+)$/, "pcm_$1"));

/**
 * Bits per sample that a codec string states (RFC 6381 and each codec's registration), 8 if it states none: High 10
 * and above for AVC, Main 10 for HEVC, the bit depth field of VP9 and AV1.
 */
export function bitDepthOf(codecString: string | null): number {
  const parts = (codecString ?? "").split(".");
  const [name = ""] = parts;
  if (/^avc/.test(name)) return Number.parseInt(parts[1]?.slice(0, 2) ?? "", 16) >= 110 ? 10 : 8;
  if (/^h[ev][cv]1/.test(name)) return /^[ABC]?[24]$/.test(parts[1] ?? "") ? 10 : 8;
  const stated = /^av01/.test(name) || /^vp0[89]/.test(name) ? Number(parts[3]) : 8;
  return stated === 10 || stated === 12 ? stated : 8;
}

/** Bits of one PCM sample; null for other codecs. */
export function pcmBits(codec: string | null): number | null {
  const found = /^pcm-[sfu](\d+)/.exec(codec ?? "")?.[1];
  return found ? Number(found) : null;
}
