import { open } from "node:fs/promises";

/** EXIF is in the first segment, of at most 64 KiB. */
const headBytes = 2 ** 17;

/**
 * Detaches the thumbnail in the EXIF of a JPEG that libvips wrote: it still shows the original, not turned or cropped.
 * It is the second directory (EXIF 2.32, 4.5.2): the first one's link to it becomes 0.
 */
export async function detachThumbnail(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    const tiff = head.indexOf("Exif\0\0", 0, "latin1") + 6;
    if (tiff < 6 || tiff + 8 > head.length) return;
    const little = head.toString("latin1", tiff, tiff + 2) === "II";
    const directory = tiff + (little ? head.readUInt32LE(tiff + 4) : head.readUInt32BE(tiff + 4));
    if (directory + 2 > head.length) return;
    const entries = little ? head.readUInt16LE(directory) : head.readUInt16BE(directory);
    const link = directory + 2 + entries * 12;
    if (link + 4 <= head.length) await file.write(Buffer.alloc(4), 0, 4, link);
  } finally {
    await file.close();
  }
}
