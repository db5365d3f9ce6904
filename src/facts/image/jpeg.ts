import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { trailingZerosFrom } from "../zeros.ts";
import { exifOrientation, setStillSize } from "./exif.ts";
import { endMarkerAfter, markerInScan } from "./jpeg-scan.ts";
import { checkPictures } from "./mpf.ts";

/** Marker codes, ITU-T T.81 table B.1; all follow a byte 0xFF. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DNL = 0xdc;
const DHP = 0xde;
const APP1 = 0xe1;
const APP2 = 0xe2;
/** SOF0 to SOF15, but for DHT, JPG and DAC, which lie among them. */
const isFrame = (code: number): boolean => (code & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(code);
const standsAlone = (code: number): boolean => code === 1 || (code >= 0xd0 && code <= SOI);

/** Maximum of stray bytes skipped between segments, as decoders do. */
const maxStrayBytes = 65_536;

/** JPEG of every coding process (ITU-T T.81, annex B): size, EXIF orientation, and whether the scan data end. */
export async function readJpeg(cursor: Cursor, evidence: Evidence): Promise<void> {
  let frame: { width: number; height: number } | null = null;
  let orientation: number | null = null;
  let index: { start: number; end: number } | null = null;
  /** Whether it has a quantization table, or needs none: the lossless processes (every fourth code). */
  let divisors = false;
  let at = 2;
  for (;;) {
    cursor.budget.part();
    const found = nextMarker(cursor, at);
    const marker = found instanceof Promise ? await found : found;
    if (!marker || marker.code === EOI) {
      const size = cursor.size;
      damaged(
        evidence,
        marker ? (frame ? "no-media-data" : "no-picture") : "cut-short",
        frame ? "scan" : "frame header",
        marker ? marker.end : size,
      );
      break;
    }
    at = marker.end;
    if (standsAlone(marker.code)) continue;
    const got = cursor.at(at, 2);
    const head = got instanceof Promise ? await got : got;
    const length = head.getUint16(0);
    const missing = at + length - cursor.size;
    if (length < 2 || missing > 0) {
      const part = `segment FF${marker.code.toString(16).toUpperCase()}`;
      damaged(evidence, length < 2 ? "malformed" : "cut-short", part, at, length < 2 ? null : missing);
      break;
    }
    if (marker.code === APP1 && orientation === null && length > 16) {
      const signature = await cursor.at(at + 2, 6);
      if (text(signature, 0, 5) === "Exif\0")
        orientation = await exifOrientation(cursor, at + 8, at + length);
    } else if (marker.code === APP2 && length > 16) {
      const signature = await cursor.at(at + 2, 4);
      if (text(signature, 0, 4) === "MPF\0") index = { start: at + 6, end: at + length };
    } else if ((isFrame(marker.code) || marker.code === DHP) && !frame && length >= 8) {
      const view = await cursor.at(at + 3, 4);
      frame = { height: view.getUint16(0), width: view.getUint16(2) };
      divisors ||= (marker.code & 3) === 3;
    } else if (marker.code === DQT) {
      divisors = true;
    } else if (marker.code === SOS) {
      if (frame?.height === 0) frame.height = await heightBehindScan(cursor, at + length);
      if (frame) {
        await checkEnd(cursor, evidence, at + length);
        if (index) await checkPictures(cursor, evidence, index.start, index.end);
        if (!divisors) damaged(evidence, "malformed", "DQT", null, null, false);
      } else damaged(evidence, "no-picture", "frame header", at);
      break;
    }
    at += length;
  }
  if (!frame) return;
  if (frame.width > 0 && frame.height > 0)
    setStillSize(evidence, frame.width, frame.height, orientation ?? 1);
  else if (frame.width > 0) evidence.unread.push({ fact: "height", why: { code: "not-stated" } });
  else damaged(evidence, "malformed", "frame header", null);
}

/** Fewer zeros may be padding. More are only a suspicion too, since a flat area can be coded as zeros. */
const minZeros = 1024;
const maxZeros = 1024 * 1024;

/** The next marker at or after `at`: its code, and where its segment's length begins. Null at the end. */
function nextMarker(
  cursor: Cursor,
  at: number,
  skipped = 0,
): MaybePromise<{ code: number; end: number } | null> {
  const length = skipped ? 4096 : 16;
  return andThen(cursor.read(at, length), (view) => {
    for (let i = 0; i + 1 < view.byteLength; i++) {
      const code = view.getUint8(i + 1);
      if (view.getUint8(i) === 0xff && code !== 0 && code !== 0xff) return { code, end: at + i + 2 };
    }
    if (view.byteLength < length) return null;
    cursor.budget.step(length);
    const passed = skipped + length - 1;
    return passed < maxStrayBytes ? nextMarker(cursor, at + length - 1, passed) : null;
  });
}

/** The height that a DNL segment states after the first scan, T.81 B.2.5; 0 where there is none. */
async function heightBehindScan(cursor: Cursor, at: number): Promise<number> {
  const marker = await markerInScan(cursor, at);
  if (marker?.code !== DNL) return 0;
  const view = await cursor.read(marker.end, 4);
  return view.byteLength === 4 ? view.getUint16(2) : 0;
}

async function checkEnd(cursor: Cursor, evidence: Evidence, scan: number): Promise<void> {
  if (cursor.size <= scan) damaged(evidence, "no-media-data", "scan", scan);
  else if (!(await endMarkerAfter(cursor, scan))) {
    const zeros = await trailingZerosFrom(cursor, maxZeros);
    if (zeros !== null && cursor.size - zeros >= minZeros)
      damaged(evidence, "zero-filled", "the scan", zeros, null, false);
    else damaged(evidence, "no-end-marker", "EOI", cursor.size, null, false);
  }
}
