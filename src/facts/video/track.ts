import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import { type Cursor, text, type View } from "../cursor.ts";
import { type Box, bodyOf, eachBox, uint, versionOf } from "../isobmff/boxes.ts";
import { type Edit, readEdits } from "./edit-list.ts";
import { readReferences } from "./required-boxes.ts";
import { readSampleEntry, type SampleEntry } from "./sample-entry.ts";
import { Timing } from "./timing.ts";

/** The headers of one track, ISO/IEC 14496-12 §8.3 – 8.7. Sample tables are stored as offsets, not loaded. */
export interface Track {
  id: number;
  enabled: boolean;
  /** vide, soun, text, tmcd, meta, … */
  handler: string;
  /** Ticks a second. */
  timescale: number;
  /** Duration of the media that mdhd states, in ticks, or null. */
  mediaTicks: number | null;
  /** Presented duration that tkhd states, in ticks of the movie, or null. */
  presentedTicks: number | null;
  /** Size that tkhd states, in pixels, before its matrix. */
  width: number;
  height: number;
  /** a, b, c, d of tkhd's matrix, in 1/65536. */
  matrix: readonly [number, number, number, number];
  edits: Edit[];
  entry: SampleEntry | null;
  /** Ids of the tracks that contain this one's chapters. */
  chapters: number[];
  /** For each data reference, in order: whether it is another file. */
  external: boolean[];
  /** There is a dref box. */
  hasReferences: boolean;
  /** Types of boxes that decoders refuse. */
  broken: Set<string>;
  /** Boxes of the sample table by type. */
  tables: Map<string, Box>;
  timing: Timing;
}

/** How the boxes of a track are read: headers at once, tables later. */
const roles = new Map(
  Object.entries({
    mdia: "container",
    minf: "container",
    stbl: "container",
    edts: "container",
    dinf: "container",
    tref: "container",
    tkhd: "header",
    mdhd: "header",
    hdlr: "header",
    chap: "header",
    elst: "edits",
    dref: "references",
    stsd: "table",
    stts: "table",
    ctts: "table",
    stss: "table",
    stsz: "table",
    stz2: "table",
    stsc: "table",
    stco: "table",
    co64: "table",
  } as const),
);
const identityMatrix = [65536, 0, 0, 65536] as const;

/** Reads a trak box. */
export function readTrack(cursor: Cursor, trak: Box): MaybePromise<Track> {
  const track: Track = {
    id: 0,
    enabled: true,
    handler: "",
    timescale: 0,
    mediaTicks: null,
    presentedTicks: null,
    width: 0,
    height: 0,
    matrix: identityMatrix,
    edits: [],
    entry: null,
    chapters: [],
    external: [],
    hasReferences: false,
    broken: new Set(),
    tables: new Map(),
    timing: new Timing(),
  };
  const { tables } = track;
  const visit = (box: Box): MaybePromise<void> => {
    const { type } = box;
    switch (roles.get(type)) {
      case "container":
        return eachBox(cursor, box, visit);
      case "table":
        if (!tables.has(type)) tables.set(type, box);
        return;
      case "header":
        return andThen(bodyOf(cursor, box, 96), (view) => readHeader(type, view, track));
      case "edits":
        return andThen(readEdits(cursor, box), (edits) => {
          track.edits = edits;
        });
      case "references":
        return readReferences(cursor, box, track);
    }
  };
  return andThen(eachBox(cursor, trak, visit), () => {
    const stsd = tables.get("stsd");
    return andThen(stsd ? readSampleEntry(cursor, stsd, track.handler) : null, (entry) => {
      track.entry = entry;
      return track;
    });
  });
}

function readHeader(type: string, view: View, track: Track): void {
  const { version, flags } = versionOf(view);
  const size = view.byteLength;
  if (type === "tkhd") {
    const at = version === 1 ? 12 : 0;
    if (size < 84 + at) return;
    track.enabled = (flags & 1) === 1;
    track.id = view.getUint32(version === 1 ? 20 : 12);
    track.presentedTicks = durationAt(view, version === 1 ? 28 : 20, version);
    const word = (i: number): number => view.getInt32(40 + at + i * 4);
    track.matrix = [word(0), word(1), word(3), word(4)];
    track.width = view.getUint32(76 + at) / 65536;
    track.height = view.getUint32(80 + at) / 65536;
  } else if (type === "mdhd") {
    if (version > 1) track.broken.add("mdhd");
    const at = version === 1 ? 20 : 12;
    if (size < at + 8) return;
    track.timescale = view.getUint32(at);
    track.mediaTicks = durationAt(view, at + 4, version);
  } else if (type === "hdlr") {
    // QuickTime has a second one, a data handler, in minf.
    if (!track.handler && size >= 12) track.handler = text(view, 8);
  } else if (type === "chap") {
    for (let at = 0; at + 4 <= size; at += 4) track.chapters.push(view.getUint32(at));
  }
}

/** A duration of 32 or 64 bits; null for all ones and zero, which mean that it is not stated. */
export function durationAt(view: View, at: number, version: number): number | null {
  const wide = version === 1;
  if (view.byteLength < at + (wide ? 8 : 4)) return null;
  const ticks = uint(view, at, wide);
  return ticks === (wide ? 2 ** 64 : 2 ** 32 - 1) ? null : ticks || null;
}
