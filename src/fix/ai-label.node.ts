import { appendFile, readFile } from "node:fs/promises";
import { fromBytes } from "../bytes/memory.ts";
import { type EmbeddedData, readEmbedded } from "./embedded-data.ts";

/** Extended type of a box that holds XMP: XMP specification part 3 (2020), 1.3.2. */
const xmpBox = Uint8Array.from("be7acfcb97a942e89c71999491e3afac".match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
);
/** Larger outputs than any table takes are not read back. */
const maxRead = 512 * 2 ** 20;

/**
 * Keeps the label that media is made by AI (IPTC DigitalSourceType, AIGC) where an encoder left its XMP out: the packet
 * is put behind an MP4 or MOV as a box of its own.
 * @returns whether the label is in the output; true where the original has none
 */
export async function keepAiLabel(output: string, format: string, original: EmbeddedData): Promise<boolean> {
  if (!original.aiLabel) return true;
  const bytes = await readFile(output);
  if (bytes.byteLength > maxRead) return false;
  if ((await readEmbedded(fromBytes(bytes, null))).aiLabel) return true;
  if (original.xmp === null || (format !== "mp4" && format !== "mov")) return false;
  const packet = new TextEncoder().encode(original.xmp);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, 8 + xmpBox.byteLength + packet.byteLength);
  head.setUint32(4, 0x75756964); // uuid
  await appendFile(output, Buffer.concat([new Uint8Array(head.buffer), xmpBox, packet]));
  return true;
}
