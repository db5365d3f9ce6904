/** Mono, 8 bit, 4 kHz; `mark` makes the bytes differ. */
export function wav(seconds: number, mark: number): Buffer<ArrayBuffer> {
  const data = Buffer.alloc(seconds * 4000, 128);
  data.writeUInt32LE(mark, 0);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(4000, 24);
  head.writeUInt32LE(4000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
