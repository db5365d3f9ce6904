import type { Cursor, View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/* Matroska and WebM, RFC 9559 and RFC 8794: whether the file has a video track. */

const ids = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackType: 0x83,
} as const;
const videoTrack = 1;
const audioTrack = 2;
/** Elements that are read before the tracks, and within them. */
const maxElements = 64;

interface Element {
  id: number;
  /** Where its content begins and ends; Infinity for an unknown size. */
  body: number;
  end: number;
}

/** A Matroska or WebM file that has audio tracks and no video track is audio; any other keeps its format. */
export async function matroskaFormat(cursor: Cursor, video: "webm" | "mkv"): Promise<Format> {
  const types = await trackTypes(cursor);
  const audioOnly = types.includes(audioTrack) && !types.includes(videoTrack);
  return audioOnly ? (video === "webm" ? "weba" : "mka") : video;
}

async function trackTypes(cursor: Cursor): Promise<number[]> {
  const ebml = await elementAt(cursor, 0);
  const segment = ebml?.id === ids.ebml ? await elementAt(cursor, ebml.end) : null;
  if (segment?.id !== ids.segment) return [];
  const tracks = await find(cursor, segment, ids.tracks);
  const types: number[] = [];
  if (tracks)
    await eachElement(cursor, tracks, async (entry) => {
      if (entry.id !== ids.trackEntry) return false;
      const type = await find(cursor, entry, ids.trackType);
      const value = type && (await cursor.read(type.body, 1));
      if (value?.byteLength) types.push(value.getUint8(0));
      return false;
    });
  return types;
}

/** The first child with this id; media data come after the headers, and end the search. */
async function find(cursor: Cursor, parent: Element, id: number): Promise<Element | null> {
  let found: Element | null = null;
  await eachElement(cursor, parent, async (element) => {
    if (element.id === id) found = element;
    return found !== null || element.id === ids.cluster;
  });
  return found;
}

/** Calls `visit` for each child until it returns true. */
async function eachElement(
  cursor: Cursor,
  parent: Element,
  visit: (element: Element) => Promise<boolean>,
): Promise<void> {
  let at = parent.body;
  for (let count = 0; count < maxElements && at < parent.end; count++) {
    cursor.budget.part();
    const element = await elementAt(cursor, at);
    if (!element || (await visit(element))) return;
    at = element.end;
  }
}

/** RFC 8794 section 4 (sizes) and 5 (ids): variable-length numbers of up to 8 and 4 bytes. */
async function elementAt(cursor: Cursor, at: number): Promise<Element | null> {
  if (!Number.isSafeInteger(at)) return null;
  const view = await cursor.read(at, 12);
  const idBytes = numberBytes(view, 0);
  const sizeBytes = numberBytes(view, idBytes);
  if (idBytes === 0 || idBytes > 4 || sizeBytes === 0) return null;
  let id = 0;
  for (let i = 0; i < idBytes; i++) id = id * 256 + view.getUint8(i);
  let size = view.getUint8(idBytes) & (0xff >> sizeBytes);
  let unknown = size === 0xff >> sizeBytes;
  for (let i = 1; i < sizeBytes; i++) {
    const byte = view.getUint8(idBytes + i);
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  const body = at + idBytes + sizeBytes;
  return { id, body, end: unknown ? Number.POSITIVE_INFINITY : body + size };
}

/** The length that a variable-length number's first byte states; 0 if it is invalid or not all there. */
function numberBytes(view: View, at: number): number {
  if (at >= view.byteLength) return 0;
  const length = Math.clz32(view.getUint8(at)) - 23;
  return length <= 8 && at + length <= view.byteLength ? length : 0;
}
