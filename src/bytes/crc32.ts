/** CRC-32 (ISO 3309) of the first `length` bytes, as PNG and gzip use it. */
export function crc32(bytes: { getUint8(at: number): number }, length: number): number {
  let crc = ~0;
  for (let at = 0; at < length; at++) {
    crc ^= bytes.getUint8(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
