import { ascii, box, concat, words } from "../../../fixtures/make/mp4-edit.ts";

/* Generated movies, media data first: structures that common writers do not produce. */

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const shorts = (...values: number[]): Uint8Array =>
  bytes(...values.flatMap((v) => [(v >> 8) & 255, v & 255]));
/** 32 bits, or 64 where the version is 1. */
const time = (version: number, value: number): Uint8Array =>
  version === 1 ? words(Math.floor(value / 2 ** 32), value % 2 ** 32) : words(value);
export const full = (type: string, version: number, flags: number, ...body: Uint8Array[]): Uint8Array =>
  box(type, words(((version << 24) | flags) >>> 0), ...body);

/** A decoder's configuration without a parameter set. */
const unset = box("avcC", Uint8Array.of(1, 66, 0, 30, 255, 224));
export const ftyp = box("ftyp", ascii("isom"), words(512), ascii("isomiso2avc1mp41"));
/** Where the media data begin. */
export const mediaAt = ftyp.length + 8;

export const pictureEntry = (width = 640, height = 480, ...boxes: Uint8Array[]): Uint8Array =>
  box("avc1", words(0, 1), new Uint8Array(16), shorts(width, height), new Uint8Array(50), unset, ...boxes);
export const audioEntry = (type = "mp4a", ...more: Uint8Array[]): Uint8Array =>
  box(type, words(0, 1), shorts(0, 0, 0, 0, 2, 16, 0, 0), words(48_000 * 65_536), ...more);

export interface TrackMade {
  id?: number;
  handler?: string;
  flags?: number;
  /** Of tkhd and mdhd. */
  version?: number;
  timescale?: number;
  /** Of mdhd; by default what the sample table adds up to. */
  stated?: number;
  /** Of tkhd, in ticks of the movie. */
  presented?: number;
  width?: number;
  height?: number;
  matrix?: number[];
  entry?: Uint8Array;
  stts?: [count: number, delta: number][];
  ctts?: [count: number, offset: number][];
  /** [duration, media time, rate] */
  edits?: [number, number, number?][];
  editsVersion?: number;
  /** Whole boxes for what follows; by default 48 samples of 10 bytes in one chunk at the start. */
  sizes?: Uint8Array;
  chunks?: Uint8Array;
  runs?: Uint8Array;
  more?: Uint8Array[];
}
const one = 65_536;
export const unturned = [one, 0, 0, 0, one, 0, 0, 0, 0x40000000];

/** A trak box: by default 48 pictures of 640×480, 24 a second. */
export function track(made: TrackMade = {}): Uint8Array {
  const { id = 1, handler = "vide", flags = 3, version = 0, timescale = 24_000 } = made;
  const { width = 640, height = 480, matrix = unturned, stts = [[48, 1000]], ctts, edits } = made;
  const stated = made.stated ?? stts.reduce((sum, [count, delta]) => sum + count * delta, 0);
  const tkhd = full(
    "tkhd",
    version,
    flags,
    time(version, 0),
    time(version, 0),
    words(id, 0),
    time(version, made.presented ?? 0),
    words(0, 0, 0, 0),
    words(...matrix.map((v) => v >>> 0)),
    words((width * one) >>> 0, (height * one) >>> 0),
  );
  const mdhd = full(
    "mdhd",
    version,
    0,
    time(version, 0),
    time(version, 0),
    words(timescale),
    time(version, stated),
    words(0),
  );
  const wide = made.editsVersion ?? 0;
  const elst = edits?.map(([duration, start, rate = 1]) => {
    const at = wide
      ? words(start < 0 ? 0xffffffff : Math.floor(start / 2 ** 32), start >>> 0)
      : words(start >>> 0);
    return concat(time(wide, duration), at, words((rate * one) >>> 0));
  });
  const entry = made.entry ?? (handler === "vide" ? pictureEntry() : audioEntry());
  const list = (type: string, rows: [number, number][]): Uint8Array =>
    full(type, 0, 0, words(rows.length, ...rows.flat().map((v) => v >>> 0)));
  const stbl = box(
    "stbl",
    full("stsd", 0, 0, words(1), entry),
    list("stts", stts),
    ...(ctts ? [list("ctts", ctts)] : []),
    made.sizes ?? full("stsz", 0, 0, words(10, 48)),
    made.runs ?? full("stsc", 0, 0, words(1, 1, 48, 1)),
    made.chunks ?? full("stco", 0, 0, words(1, mediaAt)),
  );
  return box(
    "trak",
    tkhd,
    ...(elst ? [box("edts", full("elst", wide, 0, words(elst.length), ...elst))] : []),
    box("mdia", mdhd, full("hdlr", 0, 0, words(0), ascii(handler), words(0, 0, 0)), box("minf", stbl)),
    ...(made.more ?? []),
  );
}

export interface MovieMade {
  version?: number;
  timescale?: number;
  /** In the time scale; 0: not stated. */
  stated?: number;
  matrix?: number[];
  media?: number;
  /** Boxes inside moov after the tracks. */
  inside?: Uint8Array[];
  /** Boxes after moov. */
  after?: Uint8Array[];
}

/** A complete file: ftyp, mdat of 480 zeros, moov. */
export function movie(tracks: Uint8Array[], made: MovieMade = {}): Uint8Array {
  const { version = 0, timescale = 1000, stated = 0, matrix = unturned, media = 480 } = made;
  const mvhd = full(
    "mvhd",
    version,
    0,
    time(version, 0),
    time(version, 0),
    words(timescale),
    time(version, stated),
    words(one, 0, 0, 0),
    words(...matrix.map((v) => v >>> 0)),
    words(0, 0, 0, 0, 0, 0, 2),
  );
  const moov = box("moov", mvhd, ...tracks, ...(made.inside ?? []));
  return concat(ftyp, box("mdat", new Uint8Array(media)), moov, ...(made.after ?? []));
}
