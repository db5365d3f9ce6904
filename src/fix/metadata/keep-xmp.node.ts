import { appendFile } from "node:fs/promises";
import { fromPath } from "../../bytes/path.node.ts";
import { loss } from "../plan/losses.ts";
import type { Loss } from "../plan/types.ts";
import { type EmbeddedData, hasAiLabel, readEmbedded } from "./embedded-data.ts";
import { xmpBox } from "./xmp-box.ts";

/**
 * Restores the XMP packet if an encoder dropped it: it is appended to an MP4 or MOV as a box. With it the label that
 * media is made by AI (IPTC DigitalSourceType, AIGC) is kept.
 * @returns what of both is not in the output
 */
export async function keepXmp(output: string, format: string, original: EmbeddedData): Promise<Loss[]> {
  const { xmp, aiLabel } = original;
  if (!aiLabel && xmp === null) return [];
  const written = await embeddedIn(output);
  const restores = xmp !== null && written.xmp === null && (format === "mp4" || format === "mov");
  if (restores) await appendFile(output, xmpBox(xmp));
  const lost: Loss[] = [];
  if (aiLabel && !written.aiLabel && !(restores && hasAiLabel(xmp))) lost.push(loss("ai-label"));
  if (xmp !== null && written.xmp === null && !restores) lost.push(loss("metadata"));
  return lost;
}

/** What is embedded in a local file. */
export async function embeddedIn(path: string): Promise<EmbeddedData> {
  const source = fromPath(path);
  try {
    return await readEmbedded(source);
  } finally {
    source.close?.();
  }
}
