import { expect, test } from "vitest";
import { bitDepthOf, codecName, pcmBits } from "../../../src/engines/mediabunny/codec-names.ts";

test.each([
  ["avc1.64001f", 8],
  ["avc1.6e0028", 10],
  ["hvc1.1.6.L93.B0", 8],
  ["hev1.2.4.L120.B0", 10],
  ["hvc1.A4.41.L120", 10],
  ["vp09.00.10.08", 8],
  ["vp09.02.10.10.01", 10],
  ["av01.0.04M.10", 10],
  ["av01.2.04M.12", 12],
  ["vp8", 8],
  [null, 8],
])("%s has %i bits per sample", (codec, bits) => {
  expect(bitDepthOf(codec)).toBe(bits);
});

test("codecs have FFmpeg's names", () => {
  const names = ["avc", "hevc", "pcm-s16", "pcm-s24be", "ulaw", "aac", null].map(codecName);
  expect(names).toEqual(["h264", "hevc", "pcm_s16le", "pcm_s24be", "pcm_mulaw", "aac", "unknown"]);
  expect(["pcm-s24", "pcm-f32be", "aac", null].map(pcmBits)).toEqual([24, 32, null, null]);
});
