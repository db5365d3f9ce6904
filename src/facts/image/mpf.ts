import type { Cursor } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { entryIn } from "./exif.ts";

const pictureListTag = 0xb002;
const maxPictures = 64;

/**
 * The pictures after the first that a Multi-Picture Format index at `start` lists (CIPA DC-007, 5.2.3): damage where
 * one begins in its place and the file ends inside it. A picture that is missing completely is no damage: an editor removed it.
 */
export async function checkPictures(
  cursor: Cursor,
  evidence: Evidence,
  start: number,
  end: number,
): Promise<void> {
  const entry = await entryIn(cursor, start, end, pictureListTag);
  if (!entry) return;
  const { little } = entry;
  const bytes = Math.min(entry.view.getUint32(entry.at + 4, little), 16 * maxPictures);
  const list = await cursor.read(start + entry.view.getUint32(entry.at + 8, little), bytes);
  for (let i = 16; i + 16 <= list.byteLength; i += 16) {
    cursor.budget.step();
    const at = start + list.getUint32(i + 8, little);
    const missing = at + list.getUint32(i + 4, little) - cursor.size;
    if (missing <= 0 || at + 2 > cursor.size) continue;
    if ((await cursor.at(at, 2)).getUint16(0) === 0xffd8)
      damaged(evidence, "cut-short", `picture ${i / 16 + 1}`, at, missing);
  }
}
