import { andThen, type MaybePromise, repeatUntilTrue } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, eachBox, skipFields, uint, versionOf } from "../isobmff/boxes.ts";
import { eachBatch, tableOf } from "../isobmff/tables.ts";
import type { Sizes } from "./data-extent.ts";
import type { Track } from "./track.ts";

/** Runs of chunks whose sample entry is checked. */
const maxRuns = 1024;

/** Bytes of the smallest data reference: size, type, version and flags. */
const minReferenceBytes = 12;

/**
 * Adds to `track.broken` what FFmpeg and Chromium refuse in a track's tables: a sync sample or composition table that is
 * longer than its box, and chunks or samples that name a sample entry or data reference which does not exist.
 */
export function checkTables(cursor: Cursor, track: Track, samples: number): MaybePromise<void> {
  const { entry, external: elsewhere, hasReferences: dataReferences, tables, broken } = track;
  if (dataReferences && entry && !(entry.reference >= 1 && entry.reference <= elsewhere.length))
    broken.add("dref");
  const stsc = tables.get("stsc");
  return andThen(checkRoom(cursor, track, "stss", 4), () =>
    andThen(checkRoom(cursor, track, "ctts", 8), () =>
      stsc && entry ? checkRuns(cursor, track, stsc, entry.entries, samples) : undefined,
    ),
  );
}

/** Checks that a table's box contains the entries that it states. */
function checkRoom(cursor: Cursor, track: Track, type: string, width: number): MaybePromise<void> {
  const box = track.tables.get(type);
  if (!box) return;
  return andThen(tableOf(cursor, box, width), ({ stated, count }) => {
    if (stated > count) track.broken.add(type);
  });
}

/** stsc, ISO/IEC 14496-12 §8.7.4: the first run begins with the first chunk, each names a sample entry. */
function checkRuns(
  cursor: Cursor,
  track: Track,
  stsc: Box,
  entries: number,
  samples: number,
): MaybePromise<void> {
  const visit = (view: View, n: number, first: number): boolean => {
    for (let i = 0; i < n; i++) {
      const perChunk = view.getUint32(i * 12 + 4);
      const described = view.getUint32(i * 12 + 8);
      if (described < 1 || described > entries || perChunk < 1 || perChunk > samples)
        track.broken.add("stsc");
    }
    if (first === 0 && n > 0 && view.getUint32(0) !== 1) track.broken.add("stsc");
    return track.broken.has("stsc");
  };
  return andThen(tableOf(cursor, stsc, 12), (table) =>
    eachBatch(cursor, table, visit, 0, Math.min(table.count, maxRuns)),
  );
}

/** NAL units that are checked, over all samples. */
const maxUnits = 64;
/** Samples at the beginning of the first chunk that are checked: each may take a read, or a request. */
const maxSamples = 2;

/**
 * Checks that the first samples of an H.264 or HEVC track consist of NAL units, up to the very end of each sample
 * (ISO/IEC 14496-15 §5.3.4.2): if not, offsets or sizes are wrong, or the data are something else. `cursor` reads the
 * tables, `file` the media data.
 */
export function checkFirstSamples(
  cursor: Cursor,
  file: Cursor,
  track: Track,
  sizes: Sizes,
): MaybePromise<void> {
  const { entry, tables: boxes } = track;
  const offsets = boxes.get("co64") ?? boxes.get("stco");
  if (!entry?.configuration?.parameterSets || entry.encrypted || !offsets) return;
  const { lengthBytes } = entry.configuration;
  const wide = offsets.type === "co64";
  const budget = { units: maxUnits };
  return andThen(firstSizes(cursor, boxes.get("stsc"), sizes), (found) =>
    andThen(bodyOf(cursor, offsets, 16), (view) => {
      if (view.byteLength < (wide ? 16 : 12)) return;
      let start = uint(view, 8, wide);
      let index = 0;
      return repeatUntilTrue(() => {
        const size = found[index++];
        // Missing bytes are reported elsewhere.
        if (!size || !(start + size <= file.size)) return true;
        return andThen(isNalUnits(file, start, start + size, lengthBytes, budget), (valid) => {
          start += size;
          if (!valid) track.broken.add(index === 1 ? "first sample" : `sample ${index}`);
          return !valid;
        });
      });
    }),
  );
}

/** Bytes of the first chunk's first samples; none if the tables do not state them. */
function firstSizes(
  cursor: Cursor,
  stsc: Box | undefined,
  { fixed, count, table }: Sizes,
): MaybePromise<number[]> {
  return andThen(stsc ? bodyOf(cursor, stsc, 16) : null, (run) => {
    const inChunk = run && run.byteLength >= 16 ? run.getUint32(12) : 1;
    const wanted = Math.min(maxSamples, inChunk, count);
    if (fixed) return new Array<number>(wanted).fill(fixed);
    if (table?.width !== 4) return [];
    const entries = Math.min(wanted, table.count);
    return andThen(cursor.at(table.at, entries * 4), (view) =>
      Array.from({ length: entries }, (_, i) => view.getUint32(i * 4)),
    );
  });
}

/** Whether these bytes of the file are complete NAL units, within `budget`. */
function isNalUnits(
  file: Cursor,
  start: number,
  end: number,
  lengthBytes: number,
  budget: { units: number },
): MaybePromise<boolean> {
  let at = start;
  let valid = true;
  const walked = repeatUntilTrue(() => {
    if (at === end || budget.units-- <= 0) return true;
    return andThen(file.read(at, lengthBytes + 1), (head) => {
      let length = 0;
      for (let i = 0; i < lengthBytes && i < head.byteLength; i++) length = length * 256 + head.getUint8(i);
      at += lengthBytes + length;
      // The first bit of a NAL unit is zero.
      valid = head.byteLength > lengthBytes && length > 0 && at <= end && head.getUint8(lengthBytes) < 128;
      return !valid;
    });
  });
  return andThen(walked, () => valid);
}

/** Reads a dref box, §8.7.2: flag 1 means that the samples are in this file. */
export function readReferences(cursor: Cursor, dref: Box, track: Track): MaybePromise<void> {
  track.hasReferences = true;
  let found = 0;
  const walked = eachBox(cursor, skipFields(dref, 8), (box) => {
    found++;
    if (box.malformed || box.openEnded || box.missing > 0 || box.end - box.at < minReferenceBytes)
      track.broken.add("dref");
    return andThen(bodyOf(cursor, box, 4), (view) => {
      const { flags } = versionOf(view);
      // A few writers forget the flag; an empty URL refers to no other file.
      track.external.push((flags & 1) === 0 && box.end - box.body > 5);
    });
  });
  return andThen(walked, () =>
    andThen(bodyOf(cursor, dref, 8), (view) => {
      const stated = view.byteLength < 8 ? 0 : view.getUint32(4);
      if (stated === 0 || stated > found) track.broken.add("dref");
    }),
  );
}
