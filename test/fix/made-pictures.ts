/* Files that no encoder here writes, built from their specifications. */

/** An ICC profile (ICC.1:2001-04) for one channel whose values are linear light. */
export function grayProfile(): Buffer {
  const white = Buffer.from("58595a20000000000000f6d6000100000000d32d", "hex");
  const linear = Buffer.from("637572760000000000000000", "hex");
  const text = Buffer.from("text\0\0\0\0none");
  const tags = [
    ["wtpt", white],
    ["kTRC", linear],
    ["cprt", text],
  ] as const;
  const head = Buffer.alloc(128 + 4 + tags.length * 12);
  head.write("lcms\x02\x10\0\0mntrGRAYXYZ ", 4, "latin1");
  head.write("acsp", 36, "latin1");
  white.copy(head, 68, 8);
  head.writeUInt32BE(tags.length, 128);
  let end = head.length;
  tags.forEach(([name, data], i) => {
    head.write(name, 132 + i * 12, "latin1");
    head.writeUInt32BE(end, 136 + i * 12);
    head.writeUInt32BE(data.length, 140 + i * 12);
    end += data.length;
  });
  head.writeUInt32BE(end, 0);
  return Buffer.concat([head, white, linear, text]);
}

/** A TIFF (6.0) of one strip with one channel of 32-bit floating point, all of it middle gray. */
export function floatTiff(width: number, height: number): Buffer {
  const bytes = width * height * 4;
  // ImageWidth, ImageLength, BitsPerSample, Compression, PhotometricInterpretation, StripOffsets, SamplesPerPixel,
  // RowsPerStrip, StripByteCounts, SampleFormat.
  const entries = [
    [256, width],
    [257, height],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, height],
    [279, bytes],
    [339, 3],
  ] as const;
  const file = Buffer.alloc(8 + bytes + 2 + entries.length * 12 + 4);
  file.write("II*\0", 0, "latin1");
  file.writeUInt32LE(8 + bytes, 4);
  for (let at = 8; at < 8 + bytes; at += 4) file.writeFloatLE(0.5, at);
  file.writeUInt16LE(entries.length, 8 + bytes);
  entries.forEach(([tag, value], i) => {
    const at = 8 + bytes + 2 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}
