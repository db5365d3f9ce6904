import { appendFile, readFile } from "node:fs/promises";
import { fromBytes } from "../bytes/memory.ts";
import { type EmbeddedData, readEmbedded } from "./embedded-data.ts";
import { xmpBox } from "./xmp-box.ts";

/** Bytes. Larger outputs, which no table accepts, are not read back. */
const maxRead = 512 * 2 ** 20;

/**
 * Restores the label that media is made by AI (IPTC DigitalSourceType, AIGC) if an encoder dropped the XMP packet: it is
 * appended to an MP4 or MOV as a box.
 * @returns whether the label is in the output; true if the original has none
 */
export async function keepAiLabel(output: string, format: string, original: EmbeddedData): Promise<boolean> {
  if (!original.aiLabel) return true;
  const bytes = await readFile(output);
  if (bytes.byteLength > maxRead) return false;
  if ((await readEmbedded(fromBytes(bytes, null))).aiLabel) return true;
  if (original.xmp === null || (format !== "mp4" && format !== "mov")) return false;
  await appendFile(output, xmpBox(original.xmp));
  return true;
}
