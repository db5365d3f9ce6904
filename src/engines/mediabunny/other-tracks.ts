import { fromBlob } from "../../bytes/blob.ts";
import type { Format } from "../../facts/formats.ts";
import type { OtherTrackDetails } from "../media-details.ts";

/*
 * mediabunny lists video and audio only. Other tracks are found by markers in the header, so that a plan can list them
 * as lost.
 */

/** Bytes of a header that are searched. */
const headBytes = 2 * 2 ** 20;

interface OtherTracks {
  others: OtherTrackDetails[];
  chapters: number;
}

/** Subtitles, data tracks and chapters of a file. */
export async function listOtherTracks(blob: Blob, format: Format): Promise<OtherTracks> {
  if (format === "mp4" || format === "mov" || format === "m4a") return inMovie(blob);
  if (format === "mkv" || format === "webm") return inMatroska(blob);
  return { others: [], chapters: 0 };
}

/** Matroska: the CodecID of each track (RFC 9559, 5.1.4.1.21) and the Chapters element (5.1.7). */
async function inMatroska(blob: Blob): Promise<OtherTracks> {
  const text = latin1(new Uint8Array(await blob.slice(0, headBytes).arrayBuffer()));
  const subtitles = [...text.matchAll(/S_(?:TEXT|VOBSUB|HDMV|DVBSUB|KATE)(?:\/[A-Z0-9]+)*/g)];
  return {
    others: subtitles.map(([codec], track) => ({ kind: "subtitle", track, codec })),
    chapters: text.includes("\x10\x43\xa7\x70") ? 1 : 0,
  };
}

/** ISO/IEC 14496-12, 8.4.3: the handler of each track; QuickTime keeps chapters in a text track or in chpl. */
async function inMovie(blob: Blob): Promise<OtherTracks> {
  const source = fromBlob(blob);
  const moov = await findBox(source, blob.size, "moov");
  if (!moov) return { others: [], chapters: 0 };
  const text = latin1(await source.read(moov.at, Math.min(moov.size, 8 * headBytes)));
  const others: OtherTrackDetails[] = [];
  const chapterTrack = text.includes("chap");
  const kinds: Readonly<Record<string, OtherTrackDetails["kind"]>> = {
    sbtl: "subtitle",
    subt: "subtitle",
    clcp: "subtitle",
    text: chapterTrack ? "data" : "subtitle",
    meta: "data",
    tmcd: "data",
    hint: "data",
  };
  // hdlr: version and flags, component type (QuickTime: mhlr), then the handler.
  for (const [, handler = ""] of text.matchAll(
    /hdlr\0{4}(?:\0{4}|mhlr)(sbtl|subt|clcp|text|meta|tmcd|hint)/g,
  )) {
    if (handler === "text" && chapterTrack) continue;
    const kind = kinds[handler] ?? "data";
    others.push({ kind, track: others.filter((track) => track.kind === kind).length, codec: handler });
  }
  return { others, chapters: chapterTrack || text.includes("chpl") ? 1 : 0 };
}

async function findBox(
  source: ReturnType<typeof fromBlob>,
  size: number,
  type: string,
): Promise<{ at: number; size: number } | null> {
  for (let at = 0, boxes = 0; at + 8 <= size && boxes < 10_000; boxes++) {
    const head = await source.read(at, 16);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const short = view.getUint32(0);
    const length =
      short === 1 && head.byteLength >= 16 ? Number(view.getBigUint64(8)) : short === 0 ? size - at : short;
    if (length < 8) return null;
    if (latin1(head.subarray(4, 8)) === type) return { at, size: Math.min(length, size - at) };
    at += length;
  }
  return null;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
