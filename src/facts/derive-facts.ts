import type { Damage, Evidence } from "./evidence.ts";

/** Damage of files from which no bytes are missing. */
const withoutMissingBytes: readonly Damage["code"][] = [
  "no-tracks",
  "malformed",
  "checksum",
  "line-endings",
  "all-zero",
  "zero-filled",
];

/** Fills in the facts that follow from readings and damage. Call it after the last reading was added. */
export function deriveFacts(evidence: Evidence): void {
  const { facts } = evidence;
  facts.format = evidence.format;
  facts.mime = evidence.mime;
  const size = evidence.sizes[0];
  if (size) {
    facts.width = size.width;
    facts.height = size.height;
    facts.aspectRatio = round(size.aspect ?? size.width / size.height, 4);
    facts.pixels = size.width * size.height;
  }
  facts.duration = evidence.durations[0] ? round(evidence.durations[0].value, 6) : null;
  facts.frameRate = evidence.frameRates[0] ? round(evidence.frameRates[0].value, 6) : null;
  const cut = evidence.damage.some((d) => d.certain && !withoutMissingBytes.includes(d.code));
  const unreadable = evidence.unread.some(({ fact }) => fact !== "encrypted");
  facts.truncated = cut ? true : unreadable || evidence.format === null ? null : false;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
