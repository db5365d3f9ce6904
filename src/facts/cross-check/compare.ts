import type { Evidence, SizeReading, Unread } from "../evidence.ts";
import type { LibraryName, LibraryReading } from "./library-reading.ts";

/** Cross-check libraries round durations to milliseconds; in seconds. */
const millisecond = 0.0015;
/** Two MPEG frames at 44.1 kHz, in seconds: the error of an estimate from the file size. */
const twoFrames = 0.0523;

/**
 * Adds a library's values to the readings. A value that differs from one of ours only by rounding becomes equal to it, so
 * that it cannot turn a pass into unsure; one that disagrees is added. A fact that our parser could not read then counts
 * as read.
 */
export function addLibraryReading(
  evidence: Evidence,
  from: LibraryName,
  libraryReading: LibraryReading,
): void {
  const { facts } = evidence;
  const { size, duration, frameRate } = libraryReading;
  if (size) {
    const own = evidence.sizes.find((reading) => sameShape(reading, size));
    evidence.sizes.push(own ? { ...own, from } : { ...size, from });
    markRead(evidence, "width", "height");
  }
  if (duration !== undefined)
    addTime(
      evidence,
      from,
      libraryReading,
      "duration",
      duration,
      libraryReading.estimate ? twoFrames : millisecond,
      evidence.durations,
    );
  if (frameRate !== undefined) {
    // An average over a duration that was rounded to a millisecond, itself rounded to three decimals.
    const slack = Math.max(0.001, duration ? (frameRate * millisecond) / duration : 0);
    addTime(evidence, from, libraryReading, "frameRate", frameRate, slack, evidence.frameRates);
  }
  facts.videoCodec ??= libraryReading.videoCodec ?? null;
  facts.audioCodec ??= libraryReading.audioCodec ?? null;
  facts.sampleRate ??= libraryReading.sampleRate ?? null;
  facts.channels ??= libraryReading.channels ?? null;
}

function addTime(
  evidence: Evidence,
  from: LibraryName,
  libraryReading: LibraryReading,
  fact: "duration" | "frameRate",
  value: number,
  slack: number,
  readings: Evidence["durations"],
): void {
  let nearest: number | null = null;
  for (const own of readings)
    if (nearest === null || Math.abs(own.value - value) < Math.abs(nearest - value)) nearest = own.value;
  if (nearest !== null && Math.abs(nearest - value) <= slack) readings.push({ value: nearest, from });
  else if (libraryReading.estimate) {
    const what = fact === "duration" ? `${value.toFixed(3)} s` : `${value.toFixed(3)} fps`;
    evidence.crossCheckNotes.push({
      crossCheck: from,
      why: `its estimate of ${what} is not used as a reading`,
    });
    return;
  } else readings.push({ value, from });
  markRead(evidence, fact);
}

/** Within a pixel or a fifth of a percent (a pixel aspect ratio of three decimals), rotated or not. */
function sameShape(own: SizeReading, { width, height }: { width: number; height: number }): boolean {
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(1, a * 0.002);
  return (
    (near(own.width, width) && near(own.height, height)) ||
    (near(own.width, height) && near(own.height, width))
  );
}

function markRead(evidence: Evidence, ...names: Unread["fact"][]): void {
  evidence.unread = evidence.unread.filter(
    ({ fact, why }) => !names.includes(fact) || why.code === "out-of-reach",
  );
}
