/*
 * Sizes that programs write before they know the length, and cannot go back to fill in: a pipe, a socket, a process
 * that was killed.
 */

/** Bytes of a header, and of tags that some writers count. */
const headerSlack = 64;

/**
 * 0 (FFmpeg's older pipes), 0x7FFFFFFF and 0x80000000 (arecord), 0x7FFFF000 (SoX), 0xFFFFFFFF (FFmpeg), 2,000,000,000
 * (pocket-tts), each with or without the header's bytes added or subtracted.
 */
export function isUnknownSize(bytes: number): boolean {
  return (
    bytes === 0 ||
    (bytes >= 0x7ffff000 - headerSlack && bytes <= 0x80000000 + headerSlack) ||
    Math.abs(bytes - 2_000_000_000) <= headerSlack ||
    bytes >= 0xfffff000 - headerSlack
  );
}

/** The same for the 64-bit sizes of RF64: zero, all ones, and the largest signed number. */
export function isUnknownLongSize(bytes: number): boolean {
  return bytes === 0 || bytes >= 2 ** 63 - headerSlack;
}

const roundUnits = [1_000_000, 2 ** 20, 2 ** 16];
const minRound = 100_000_000;
/** A stated size that is this many times the actual one is more likely a placeholder than a cut. */
const farPast = 8;

/** A round number far past the end of the file: more likely a guess of the writer's than a length. */
export function isLikelyPlaceholder(bytes: number, present: number): boolean {
  if (bytes < minRound || bytes > 0xffffffff || bytes < present * farPast) return false;
  return [0, 36, 44].some((header) =>
    roundUnits.some((unit) => (bytes - header) % unit === 0 || (bytes + header) % unit === 0),
  );
}
