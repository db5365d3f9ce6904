import { fromBytes } from "../../../src/bytes/memory.ts";
import type { Evidence } from "../../../src/facts/evidence.ts";
import { readEvidence } from "../read-evidence.ts";

/** Bytes of parts, one after the other: text is Latin-1, a number is four bytes, little-endian. */
export function bytesOf(...parts: (Uint8Array | string | number)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(part, "latin1");
      if (typeof part !== "number") return part;
      const four = Buffer.alloc(4);
      four.writeUInt32LE(part);
      return four;
    }),
  );
}

/** A RIFF chunk; `size` where it shall lie. */
export function chunk(id: string, body: Uint8Array, size = body.length): Uint8Array {
  return bytesOf(id, size, body);
}

/** A WAV of these chunks. */
export function riff(...chunks: Uint8Array[]): Uint8Array {
  return chunk("RIFF", bytesOf("WAVE", ...chunks));
}

/** A fmt chunk; the other fields follow from these four unless given. */
export function fmt(
  tag: number,
  channels: number,
  sampleRate: number,
  bits: number,
  more: { blockAlign?: number; byteRate?: number; extra?: Uint8Array } = {},
): Uint8Array {
  const body = Buffer.alloc(16);
  const blockAlign = more.blockAlign ?? (channels * bits) / 8;
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRate, 4);
  body.writeUInt32LE(more.byteRate ?? sampleRate * blockAlign, 8);
  body.writeUInt16LE(blockAlign, 12);
  body.writeUInt16LE(bits, 14);
  return chunk("fmt ", bytesOf(body, more.extra ?? ""));
}

/** `count` layer III frames of 128 kbit/s, 44.1 kHz, one channel: 417 bytes each, 1,152 samples. */
export function frames(count: number, header = [0xff, 0xfb, 0x90, 0xc0], bytes = 417): Uint8Array {
  const one = Buffer.alloc(bytes);
  one.set(header);
  return Buffer.concat(Array.from({ length: count }, () => one));
}

/** A frame that holds an Info tag. */
export function infoFrame(claims: { frames?: number; bytes?: number }): Uint8Array {
  const frame = Buffer.from(frames(1));
  frame.write("Info", 21, "latin1");
  frame.writeUInt32BE((claims.frames ? 1 : 0) + (claims.bytes ? 2 : 0), 25);
  let at = 29;
  if (claims.frames) at = frame.writeUInt32BE(claims.frames, at);
  if (claims.bytes) frame.writeUInt32BE(claims.bytes, at);
  return frame;
}

/** An ID3v2.4 tag over `length` bytes of body. */
export function id3(length: number): Uint8Array {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 127);
  return bytesOf("ID3\x04\0\0", new Uint8Array(size), new Uint8Array(length));
}

/** The evidence of these bytes, through sniffing. The clock stays out of it: a busy machine would end it sooner. */
export function evidenceOf(...parts: (Uint8Array | string | number)[]): Promise<Evidence> {
  const budgets = { milliseconds: Number.POSITIVE_INFINITY };
  return readEvidence(fromBytes(bytesOf(...parts)), { budgets });
}
