/** Extended type of a box that holds XMP: XMP specification part 3 (2020), 1.3.2. */
const extendedType = Uint8Array.from("be7acfcb97a942e89c71999491e3afac".match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
);

/** An XMP packet as a box that can be appended to an MP4 or MOV. */
export function xmpBox(xmp: string): Uint8Array<ArrayBuffer> {
  const packet = new TextEncoder().encode(xmp);
  const box = new Uint8Array(8 + extendedType.byteLength + packet.byteLength);
  const view = new DataView(box.buffer);
  view.setUint32(0, box.byteLength);
  view.setUint32(4, 0x75756964); // uuid
  box.set(extendedType, 8);
  box.set(packet, 8 + extendedType.byteLength);
  return box;
}
