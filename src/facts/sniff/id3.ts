import { type Cursor, text } from "../cursor.ts";

const tagsAtMost = 8;

/** Where the ID3v2 tags at the head end; 0 where there is none. ID3v2.4 structure, 3.1: synchsafe size. */
export async function afterId3(cursor: Cursor, head: DataView): Promise<number> {
  let at = 0;
  for (let tags = 0, view = head; tags < tagsAtMost; tags++, view = await cursor.some(at, 10)) {
    if (view.byteLength < 10 || text(view, 0, 3) !== "ID3" || view.getUint8(3) === 0xff) break;
    const size = view.getUint32(6);
    if ((size & 0x80808080) !== 0) break;
    const bytes = ((size >>> 24) << 21) | ((size >>> 2) & 0x1fc000) | ((size >>> 1) & 0x3f80) | (size & 0x7f);
    at += 10 + bytes + (view.getUint8(5) & 0x10 ? 10 : 0);
    cursor.budget.step();
  }
  return at;
}
