import { crc32 } from "../../bytes/crc32.ts";
import type { WrittenBlob } from "../../engines/blob-engine.ts";
import { xmpBox } from "../metadata/xmp-box.ts";

/** Puts an XMP packet into a copy if its format is supported; others are returned unchanged. */
export async function keepLabel({ format, output }: WrittenBlob, xmp: string): Promise<Blob> {
  if (format === "mp4" || format === "mov") return new Blob([output, xmpBox(xmp)], { type: output.type });
  const packet = new TextEncoder().encode(xmp);
  if (format === "jpeg") return intoJpeg(output, packet);
  if (format === "png") return intoPng(output, packet);
  return output;
}

const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** XMP specification part 3, 1.1.3: an APP1 segment after the start marker, at most 65,502 bytes of packet. */
function intoJpeg(picture: Blob, packet: Uint8Array<ArrayBuffer>): Blob {
  const name = ascii("http://ns.adobe.com/xap/1.0/\0");
  const length = 2 + name.length + packet.length;
  if (length > 0xffff) return picture;
  const head = new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff]);
  return new Blob([picture.slice(0, 2), head, name, packet, picture.slice(2)], { type: picture.type });
}

/** XMP specification part 3, 1.1.5: an uncompressed iTXt chunk, here after IHDR, which ends at byte 33. */
function intoPng(picture: Blob, packet: Uint8Array<ArrayBuffer>): Blob {
  const keyword = ascii("iTXtXML:com.adobe.xmp\0\0\0\0\0");
  const chunk = new Uint8Array(keyword.length + packet.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, keyword.length - 4 + packet.length);
  chunk.set(keyword, 4);
  chunk.set(packet, 4 + keyword.length);
  view.setUint32(chunk.length - 4, crc32(new DataView(chunk.buffer, 4), chunk.length - 8));
  return new Blob([picture.slice(0, 33), chunk, picture.slice(33)], { type: picture.type });
}
