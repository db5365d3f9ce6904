import type { Cursor, View } from "../cursor.ts";
import { damaged, type Evidence, type Reading } from "../evidence.ts";
import { type MpegFrame, readMpegFrame } from "./mpeg-frame.ts";
import { type MpegWalk, tagBytes, walkMpegFrames } from "./mpeg-walk.ts";
import { readXing, type XingTag } from "./xing.ts";

/**
 * MP3: the duration is that of all frames. A Xing, Info or VBRI tag is trusted if the file's size confirms it, and its
 * checksum or the bit rate too; otherwise every frame is read, and a tag that differs is another reading.
 */
export async function readMp3(cursor: Cursor, evidence: Evidence): Promise<void> {
  const start = await afterTags(cursor, 0);
  const found = await walkMpegFrames(cursor, start, cursor.size, 1);
  const { first, at } = found;
  if (first === null) {
    const missing = start - cursor.size;
    if (missing > 0) damaged(evidence, "cut-short", "ID3 tag", 0, missing);
    else damaged(evidence, "no-media-data", "frames", start);
    return;
  }
  evidence.facts.audioCodec = "mp3";
  evidence.facts.sampleRate = first.sampleRate;
  evidence.facts.channels = first.channels;

  const head = await cursor.read(at, first.frameBytes + 4);
  const tag = readXing(head, first);
  const perFrame = first.samplesPerFrame / first.sampleRate;
  const stated = tag ? await statedEnd(cursor, at, first.frameBytes, tag, head) : null;
  if (tag?.frames && stated?.trusted) {
    evidence.durations.push({ value: tag.frames * perFrame, from: "all-frames" });
    addLessPadding(evidence, tag.frames * perFrame, tag, first);
    return;
  }
  const walk = await walkMpegFrames(cursor, tag ? at + first.frameBytes : at);
  if (walk.frames === 0) {
    damaged(evidence, "no-media-data", "frames", at);
    return;
  }
  evidence.durations.push({ value: walk.seconds, from: "all-frames" });
  if (!tag?.frames) return;
  const missing = stated ? stated.end - cursor.size : 0;
  if (Math.abs(tag.frames - walk.frames) <= 1) {
    // The last frame of an intact file is often some bytes short; here the tag counts those bytes too.
    if (missing > 0 && missing === walk.missing) damaged(evidence, "cut-short", "frames", walk.end, missing);
    addLessPadding(evidence, walk.seconds, tag, first);
    return;
  }
  evidence.unusual.add("contradiction");
  const claim: Reading<number> = { value: tag.frames * perFrame, from: "header" };
  const isShort = missing > 0 && tag.frames > walk.frames && isOfOneStream(tag, walk);
  // The tag was right for the complete file, and other tools print its duration unless they skip it as junk.
  if (isShort && at === start) evidence.durations.unshift(claim);
  else evidence.durations.push(claim);
  // Less than a tenth is an excerpt that was saved with the tag. An editor that cuts between frames may leave a stale
  // tag in an intact file; an end inside a frame means that the file was cut.
  if (isShort && walk.frames * 10 > tag.frames) {
    damaged(evidence, "cut-short", "frames", walk.end, missing, walk.missing > 0);
  }
}

/** Whether a tag can be of the same stream as the frames that exist: its bytes per frame are similar. */
function isOfOneStream(tag: XingTag, walk: MpegWalk): boolean {
  const claimed = (tag.bytes ?? 0) / (tag.frames ?? 1);
  const found = (walk.end - walk.at) / walk.frames;
  return tag.verified || (claimed > found / 2 && claimed < found * 2);
}

/** The end of the tags that begin at `at`: past the end of the file if one is cut. */
async function afterTags(cursor: Cursor, at: number): Promise<number> {
  let end = at;
  for (let tag = 1; tag > 0 && end < cursor.size; end += tag) {
    cursor.budget.step(100);
    tag = tagBytes(await cursor.read(end, 32), 0);
  }
  return end;
}

function addLessPadding(evidence: Evidence, seconds: number, { padding }: XingTag, frame: MpegFrame): void {
  const value = seconds - (padding ?? 0) / frame.sampleRate;
  if (padding && value > 0) evidence.durations.push({ value, from: "less-padding" });
}

/** Where the audio ends according to the tag, and whether the file confirms it. */
async function statedEnd(
  cursor: Cursor,
  at: number,
  tagFrame: number,
  tag: XingTag,
  head: View,
): Promise<{ end: number; trusted: boolean } | null> {
  if (!tag.bytes || !tag.frames) return null;
  // Some writers count the frame of the tag itself, others do not.
  for (const end of [at + tag.bytes, at + tag.bytes + tagFrame]) {
    if (end > cursor.size) continue;
    if ((await afterTags(cursor, end)) < cursor.size) continue;
    const next = readMpegFrame(head, tagFrame);
    const constant = next ? (tag.frames * next.samplesPerFrame * next.bitrate) / 8 / next.sampleRate : 0;
    return { end, trusted: tag.verified || Math.abs(constant - (end - at - tagFrame)) < tagFrame };
  }
  return { end: at + tag.bytes, trusted: false };
}
