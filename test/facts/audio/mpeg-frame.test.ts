import { describe, expect, test } from "vitest";
import { readMpegFrame } from "../../../src/facts/audio/mpeg-frame.ts";

/* Headers of MPEG audio frames, all versions and layers: ISO/IEC 11172-3 and 13818-3. */

const read = (...bytes: number[]) => readMpegFrame(new DataView(Uint8Array.from(bytes).buffer), 0);
const frame = (
  version: number,
  layer: number,
  kilobits: number,
  sampleRate: number,
  samplesPerFrame: number,
  frameBytes: number,
  channels: number,
) => ({ version, layer, bitrate: kilobits * 1000, sampleRate, samplesPerFrame, frameBytes, channels });

describe("an MPEG audio frame header", () => {
  test.each([
    ["MPEG-1, layer III", [0xff, 0xfb, 0x90, 0x00], frame(1, 3, 128, 44_100, 1152, 417, 2)],
    ["with padding", [0xff, 0xfb, 0x92, 0x00], frame(1, 3, 128, 44_100, 1152, 418, 2)],
    ["with a checksum", [0xff, 0xfa, 0x90, 0x00], frame(1, 3, 128, 44_100, 1152, 417, 2)],
    ["mono", [0xff, 0xfb, 0x94, 0xc0], frame(1, 3, 128, 48_000, 1152, 384, 1)],
    ["two languages", [0xff, 0xfb, 0x98, 0x80], frame(1, 3, 128, 32_000, 1152, 576, 2)],
    ["MPEG-1, layer II", [0xff, 0xfd, 0xa4, 0x00], frame(1, 2, 192, 48_000, 1152, 576, 2)],
    ["MPEG-1, layer I", [0xff, 0xff, 0xc4, 0x00], frame(1, 1, 384, 48_000, 384, 384, 2)],
    ["layer I, padded by four bytes", [0xff, 0xff, 0xc2, 0x00], frame(1, 1, 384, 44_100, 384, 420, 2)],
    ["MPEG-2, layer III", [0xff, 0xf3, 0x80, 0x00], frame(2, 3, 64, 22_050, 576, 208, 2)],
    ["MPEG-2, layer II", [0xff, 0xf5, 0x80, 0x00], frame(2, 2, 64, 22_050, 1152, 417, 2)],
    ["MPEG-2, layer I", [0xff, 0xf7, 0x80, 0x00], frame(2, 1, 128, 22_050, 384, 276, 2)],
    ["MPEG-2.5", [0xff, 0xe3, 0x88, 0x00], frame(2.5, 3, 64, 8000, 576, 576, 2)],
    ["MPEG-2.5, 11,025 Hz", [0xff, 0xe3, 0x10, 0xc0], frame(2.5, 3, 8, 11_025, 576, 52, 1)],
    ["free format", [0xff, 0xfb, 0x02, 0x00], frame(1, 3, 0, 44_100, 1152, 0, 2)],
  ])("%s", (_, bytes, expected) => expect(read(...bytes)).toEqual(expected));
  test.each([
    ["no sync", [0xff, 0xdb, 0x90, 0]],
    ["half a sync", [0xfe, 0xfb, 0x90, 0]],
    ["a reserved version", [0xff, 0xeb, 0x90, 0]],
    ["layer 0: AAC", [0xff, 0xf9, 0x90, 0]],
    ["a reserved rate", [0xff, 0xfb, 0x9c, 0]],
    ["a reserved bit rate", [0xff, 0xfb, 0xf0, 0]],
    ["three bytes", [0xff, 0xfb, 0x90]],
  ])("%s is invalid", (_, bytes) => expect(read(...bytes)).toBeNull());
  test("is read at the given offset", () => {
    const view = new DataView(Uint8Array.of(0, 0, 0xff, 0xfb, 0x90, 0).buffer);
    expect(readMpegFrame(view, 2)?.frameBytes).toBe(417);
    for (const at of [-1, 0, 1, 3, 99]) expect(readMpegFrame(view, at)).toBeNull();
  });
});
