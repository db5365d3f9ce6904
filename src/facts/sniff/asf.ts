import { type Cursor, text, uint64 } from "../cursor.ts";
import type { Format } from "../formats.ts";

/* Advanced Systems Format 1.20.03, sections 3.1 – 3.3: whether the file has a video stream. */

/** Its first 12 bytes identify a GUID of this specification. */
const streamProperties = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0";
const audioMedia = "\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\x00\x80";
const videoMedia = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80";
/** Of the header object and of the objects in it: a GUID and a size of 8 bytes. */
const headerBytes = 30;
const objectBytes = 24;
const maxObjects = 64;

/** A Windows Media file whose header lists audio streams and no video is audio; any other is video. */
export async function asfFormat(cursor: Cursor): Promise<Format> {
  const types = new Set<string>();
  const header = await cursor.read(0, headerBytes);
  if (header.byteLength < headerBytes) return "wmv";
  const end = uint64(header, 16, true);
  let at = headerBytes;
  for (let count = 0; count < maxObjects && at + objectBytes <= end; count++) {
    cursor.budget.part();
    const object = await cursor.read(at, objectBytes + 12);
    if (object.byteLength < objectBytes + 12) return "wmv";
    if (text(object, 0, 12) === streamProperties) types.add(text(object, objectBytes, 12));
    const size = uint64(object, 16, true);
    if (size < objectBytes || size > end - at) return "wmv";
    at += size;
  }
  return at === end && types.has(audioMedia) && !types.has(videoMedia) ? "wma" : "wmv";
}
