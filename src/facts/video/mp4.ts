import { type Cursor, text } from "../cursor.ts";
import { damaged, type Evidence, unread } from "../evidence.ts";
import { type Box, eachBox, fileRange } from "../isobmff/boxes.ts";
import { claims3gp } from "../sniff/isobmff.ts";
import type { BufferedFragment } from "./buffered-fragment.ts";
import { dataExtent, readSizes } from "./data-extent.ts";
import type { FragmentedTrack } from "./fragments.ts";
import { loadFragments } from "./load-fragments.ts";
import { type Movie, readMovie } from "./movie.ts";
import { addMovieFacts } from "./presentation.ts";
import { checkFirstSamples, checkTables } from "./required-boxes.ts";
import { readTiming } from "./timing.ts";
import type { Track } from "./track.ts";

/** The top-level boxes of a file. */
interface Layout {
  moov: Box | null;
  /** The last box, if its header states more bytes than the file has. */
  cut: Box | null;
  /** Boxes of media data, except those of fragments. */
  mdats: Box[];
  fragments: BufferedFragment[];
  /** Where the first box with media data begins. */
  media: number | null;
  /** The end of the media data according to the segment indexes. */
  indexed: number;
}

/** Top-level boxes without which a file cannot be played, and those without which it can. */
const essential = new Set(["moov", "moof", "mdat"]);
const dispensable = /^(ftyp|styp|free|skip|wide|udta|meta|uuid|mfra|sidx|ssix|pdin|emsg|prft|pnot)$/;

/**
 * MP4 and QuickTime (ISO/IEC 14496-12, Apple's QuickTime File Format): display size, presented duration, average
 * frame rate and codecs of what a player shows, and whether the media data lie inside the file.
 */
export async function readMp4(cursor: Cursor, evidence: Evidence): Promise<void> {
  const layout = await readLayout(cursor);
  const { moov, cut } = layout;
  if (!moov) {
    const part = cut && essential.has(cut.type) ? cut : null;
    if (part) damaged(evidence, "cut-short", part.type, part.at, part.missing);
    else if (layout.mdats.length || layout.fragments.length) damaged(evidence, "no-index", "moov", null);
    else damaged(evidence, "no-tracks", "moov", null);
    return;
  }
  if (moov.missing) damaged(evidence, "cut-short", "moov", moov.at, moov.missing);
  if (layout.media !== null) evidence.facts.fastStart = moov.at < layout.media;
  const movie = await readMovie(cursor, moov);
  if (movie.unreadable) {
    unread(evidence, "all", { code: "unsupported", what: "a compressed movie header (cmov)" });
    return;
  }
  const shown = chooseTracks(evidence, movie);
  if (!shown.video && !shown.audio) {
    if (!moov.missing) damaged(evidence, "no-tracks", "moov", moov.at);
    return;
  }
  if (!movie.timescale && !moov.missing) damaged(evidence, "malformed", "mvhd", moov.at, null, false);
  await refineFormat(cursor, evidence, shown.video !== null);
  let needed = 0;
  try {
    for (const track of [shown.video, shown.audio])
      if (track)
        needed = Math.max(needed, await readSamples(movie.cursor, cursor, evidence, track, layout.mdats));
    needed = Math.max(needed, await readFragments(layout.fragments, movie));
  } finally {
    // What was counted before a budget ran out or the data ended is kept.
    addMovieFacts(evidence, movie, shown.video, shown.audio);
  }
  await checkData(cursor, evidence, layout, needed);
  for (const track of [shown.video, shown.audio]) {
    if (!track || track.timing.samples || moov.missing) continue;
    if (track === shown.video || !shown.video)
      damaged(evidence, "no-media-data", track === shown.video ? "video track" : "audio track", null);
  }
  noteGaps(evidence, shown.video, shown.audio);
}

async function readLayout(cursor: Cursor): Promise<Layout> {
  const layout: Layout = { moov: null, cut: null, mdats: [], fragments: [], media: null, indexed: 0 };
  let bufferedBytes = 0;
  await eachBox(cursor, fileRange(cursor), (box) => {
    if (box.missing) layout.cut = box;
    // QuickTime writes an empty box to reserve space for a larger header.
    if (box.type === "moof" || (box.type === "mdat" && box.end > box.body)) layout.media ??= box.at;
    if (box.type === "sidx")
      return loadFragments(cursor).then(async ({ indexedEnd }) => {
        layout.indexed = Math.max(layout.indexed, await indexedEnd(cursor, box));
      });
    if (box.type === "moov") layout.moov ??= box;
    else if (box.type === "moof")
      return loadFragments(cursor).then(async ({ bufferFragment, fragmentBufferBytes, fragmentCost }) => {
        const fragment = await bufferFragment(cursor, box, fragmentBufferBytes - bufferedBytes);
        if (fragment.cursor !== cursor) bufferedBytes += fragmentCost(box);
        layout.fragments.push(fragment);
      });
    else if (box.type === "mdat" && !layout.fragments.length) layout.mdats.push(box);
    return undefined;
  });
  return layout;
}

/** The first enabled track of each kind, as players choose; a track of chapter pictures is not the video. */
function chooseTracks(evidence: Evidence, { tracks }: Movie): { video: Track | null; audio: Track | null } {
  const chapters = new Set(tracks.flatMap((t) => t.chapters));
  const first = (handler: string): Track | null => {
    const all = tracks.filter((t) => t.handler === handler && !chapters.has(t.id));
    // Players differ in which one they show: this calls for a cross-check.
    if (handler === "vide" && all.length > 1) evidence.unusual.add("unusual-structure");
    return all.find((t) => t.enabled) ?? all[0] ?? null;
  };
  return { video: first("vide"), audio: first("soun") };
}

/** Distinguishes video, audio-only and 3GP files. */
async function refineFormat(cursor: Cursor, evidence: Evidence, hasVideo: boolean): Promise<void> {
  const { format } = evidence;
  if (hasVideo && format === "m4a") evidence.format = "mp4";
  else if (hasVideo && format === "mp4") await addBrandReadings(cursor, evidence);
  else if (!hasVideo && (format === "mp4" || format === "mov")) evidence.format = "m4a";
}

/** An ftyp box with a 3GP major brand and MP4 among its compatible brands (older Samsung phones) has both formats. */
async function addBrandReadings(cursor: Cursor, evidence: Evidence): Promise<void> {
  const head = await cursor.read(0, 12);
  if (head.byteLength < 12 || text(head, 4) !== "ftyp" || !claims3gp(text(head, 8))) return;
  evidence.formats = [
    { value: "mp4", from: "compatible-brands" },
    { value: "3gp", from: "major-brand" },
  ];
}

/**
 * Reads one track's timing with `cursor`, and its first samples with `file`: the two differ if the header was compressed.
 * Returns the offset after the last byte that the track's samples need.
 */
async function readSamples(
  cursor: Cursor,
  file: Cursor,
  evidence: Evidence,
  track: Track,
  mdats: readonly Box[],
): Promise<number> {
  const sizes = await readSizes(cursor, track);
  const limit = sizes?.count ?? Number.POSITIVE_INFINITY;
  const times = await readTiming(cursor, track.tables, track.timing, limit);
  if (track.entry && track.external[track.entry.reference - 1]) {
    unread(evidence, "all", { code: "unsupported", what: "media data in another file" });
    return 0;
  }
  if (!sizes) {
    if (times.stated) damaged(evidence, "malformed", "sample table", null, null, false);
    return 0;
  }
  if (times.stated !== sizes.count) evidence.unusual.add("contradiction");
  const extent = await dataExtent(cursor, track, sizes);
  await checkTables(cursor, track, sizes.count);
  if (times.short || extent?.malformed || (sizes.count && !extent))
    damaged(evidence, "malformed", "sample table", null, null, false);
  // In a file whose header was moved without changing the offsets they point outside of the media data.
  else if (
    extent &&
    extent.start < cursor.size &&
    !mdats.some((m) => extent.start >= m.body && extent.start <= m.end)
  )
    damaged(evidence, "malformed", "chunk offsets", extent.start, null, false);
  else await checkFirstSamples(cursor, file, track, sizes);
  return extent?.end ?? 0;
}

/** Counts the samples of all fragments. Returns the offset after the last byte of media data that they need. */
async function readFragments(fragments: readonly BufferedFragment[], movie: Movie): Promise<number> {
  if (!movie.fragments || !fragments.length) return 0;
  const tracks = new Map<number, FragmentedTrack>();
  for (const { id, timing } of movie.tracks) {
    const defaults = movie.fragments.get(id) ?? { duration: 0, size: 0 };
    tracks.set(id, { ...defaults, timing, first: timing.samples ? 0 : null, next: timing.ticks });
  }
  const { readFragment } = await loadFragments(movie.cursor);
  let needed = 0;
  try {
    for (const { cursor, moof } of fragments)
      needed = Math.max(needed, await readFragment(cursor, moof, tracks));
  } finally {
    for (const { timing, first, next } of tracks.values())
      timing.span = Math.max(timing.ticks, first === null ? 0 : next - first);
  }
  return needed;
}

/** Checks that the file has all bytes that samples and boxes need. */
async function checkData(
  cursor: Cursor,
  evidence: Evidence,
  { cut, indexed }: Layout,
  needed: number,
): Promise<void> {
  const { size } = cursor;
  if (size === Number.POSITIVE_INFINITY) {
    // The size is unknown: reading the last byte shows whether it exists.
    if (needed > 0) await cursor.at(needed - 1, 1);
    return;
  }
  const lost = cut && essential.has(cut.type) && cut.type !== "moov" ? cut : null;
  if (needed > size) {
    damaged(
      evidence,
      "cut-short",
      lost?.type ?? "media data",
      lost?.at ?? null,
      Math.max(needed - size, lost?.missing ?? 0),
    );
  } else if (lost) damaged(evidence, "cut-short", lost.type, lost.at, lost.missing, lost.type === "moof");
  else if (cut && dispensable.test(cut.type))
    damaged(evidence, "cut-short", cut.type, cut.at, cut.missing, false);
  else if (indexed > size) damaged(evidence, "cut-short", "sidx", null, indexed - size, false);
}

/** Records what could not be read, and what decoders refuse. */
function noteGaps(evidence: Evidence, shown: Track | null, audio: Track | null): void {
  if (evidence.facts.encrypted) unread(evidence, "encrypted", { code: "encrypted" });
  const main = shown ?? audio;
  if (main && !main.tables.get("stts") && !main.timing.samples) evidence.unusual.add("no-sample-table");
  if (!shown || evidence.damage.some((d) => d.certain)) return;
  for (const track of [shown, audio]) {
    for (const box of track?.broken ?? []) damaged(evidence, "malformed", box, null, null, false);
    if (track?.entry?.broken) damaged(evidence, "malformed", "stsd", null, null, false);
  }
  if (shown.entry?.unconfigured) damaged(evidence, "malformed", "sample entry", null, null, false);
  if (!evidence.sizes.length) {
    unread(evidence, "width");
    unread(evidence, "height");
  }
  if (!evidence.durations.length) unread(evidence, "duration");
  if (!evidence.frameRates.length) unread(evidence, "frameRate");
}
