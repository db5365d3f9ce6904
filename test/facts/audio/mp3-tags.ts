import type { Evidence } from "../../../src/facts/evidence.ts";
import { frames } from "./audio-bytes.ts";

export interface Kind {
  version?: number;
  rate?: number;
  bitrate?: number;
  padding?: 0 | 1;
  /** 0 stereo, 1 joint, 2 dual, 3 mono. */
  mode?: number;
}
/** The bytes of a layer III header: version bits, then indices. */
export const header = ({ version = 3, rate = 0, bitrate = 9, padding = 0, mode = 3 }: Kind): number[] => [
  0xff,
  0xe0 | (version << 3) | 3,
  (bitrate << 4) | (rate << 2) | (padding << 1),
  mode << 6,
];

/** Seconds of a frame of MPEG-1 at 44.1 kHz. */
export const perFrame = 1152 / 44_100;
/** Durations in frames, with where they come from. */
export const count = ({ durations }: Evidence): string =>
  durations.map((d) => `${Number((d.value / perFrame).toFixed(4))} ${d.from}`).join(", ");

export interface Claims {
  frames?: number;
  bytes?: number;
  toc?: boolean;
  quality?: boolean;
  name?: "Xing" | "Info";
  /** LAME's extension: samples before and after. */
  lame?: [delay: number, padding: number];
  sealed?: boolean;
}
/** A frame of 417 bytes with a tag in it, where its kind has it. */
export function tagFrame(claims: Claims, kind: Kind = {}, at = 21, length = 417): Uint8Array {
  const frame = Buffer.alloc(length);
  frame.set(header(kind));
  const { name = "Xing", frames: n, bytes, toc, quality, lame } = claims;
  frame.write(name, at, "latin1");
  const flags = (n === undefined ? 0 : 1) + (bytes === undefined ? 0 : 2) + (toc ? 4 : 0) + (quality ? 8 : 0);
  let next = frame.writeUInt32BE(flags, at + 4);
  if (n !== undefined) next = frame.writeUInt32BE(n, next);
  if (bytes !== undefined) next = frame.writeUInt32BE(bytes, next);
  if (toc) next += 100;
  if (quality) next += 4;
  if (lame) {
    frame.write("LAME3.100", next, "latin1");
    frame.writeUIntBE((lame[0] << 12) | lame[1], next + 21, 3);
    let crc = 0;
    for (const byte of frame.subarray(0, next + 34)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
    }
    frame.writeUInt16BE(claims.sealed === false ? crc ^ 1 : crc, next + 34);
  }
  return frame;
}
export const hundred = frames(100);
/** The values of a correct tag for those frames. */
export const whole = { frames: 100, bytes: 101 * 417 };
