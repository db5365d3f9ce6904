import type { Damage } from "../evidence.ts";
import { type Ifd, number, numbers, type Tiff } from "./tiff-ifd.ts";

/** More than the rows of any accepted picture; further strips are not checked. */
const maxStrips = 65_536;

/** The damage if a page's strips or tiles are not inside the file, else null. TIFF 6.0, sections 7 and 15. */
export async function checkStrips(
  tiff: Tiff,
  ifd: Ifd,
  width: number,
  height: number,
): Promise<Damage | null> {
  const { cursor } = tiff;
  const tiled = ifd.tags.has(324);
  const part = tiled ? "tile" : "strip";
  const offsets = await numbers(tiff, ifd.tags.get(tiled ? 324 : 273), maxStrips);
  const counts = await numbers(tiff, ifd.tags.get(tiled ? 325 : 279), maxStrips);
  const oldJpegOffset = await number(tiff, ifd, 513, 0);
  if (offsets.length === 0) {
    // Old-style JPEG (TIFF 6.0, section 22) may state one stream instead of strips.
    offsets.push(oldJpegOffset);
    counts.push(await number(tiff, ifd, 514, 0));
  }
  if (offsets.every((offset) => offset === 0))
    return { code: "no-media-data", part, at: ifd.at, missing: null, certain: true };
  const plain = (await number(tiff, ifd, 259, 1)) === 1 && !tiled;
  const samples = (await number(tiff, ifd, 284, 1)) === 2 ? 1 : await number(tiff, ifd, 277, 1);
  const rowBytes = Math.ceil((width * samples * (await number(tiff, ifd, 258, 1))) / 8);
  const rows = Math.min(await number(tiff, ifd, 278, height), height) || height;
  const perPlane = Math.ceil(height / rows);
  let worst: Damage | null = null;
  for (const [i, offset] of offsets.entries()) {
    const stated = counts[i] ?? 0;
    // An uncompressed strip has exactly the bytes of its rows, whatever its byte count.
    const rowsBytes = plain
      ? Math.min(rows, height - (i % perPlane) * rows) * rowBytes
      : Number.POSITIVE_INFINITY;
    const bytes = Math.min(stated || (plain && counts.length < offsets.length ? rowsBytes : 1), rowsBytes);
    const missing = offset + bytes - cursor.size;
    if (offset > 0 && missing > (worst?.missing ?? 0))
      worst = {
        code: "cut-short",
        part: `${part} ${i}`,
        at: offset,
        missing: Number.isSafeInteger(missing) ? missing : null,
        certain: true,
      };
  }
  // Fewer strips than the height requires: some rows have no data.
  if (!worst && !tiled && ifd.tags.has(273) && offsets.length < Math.min(perPlane, maxStrips))
    return { code: "malformed", part: "strip table", at: ifd.at, missing: null, certain: false };
  return worst;
}
