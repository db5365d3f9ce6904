import type { Evidence, Reading, Unread } from "../facts/evidence.ts";
import { type Property, properties, type Row } from "./properties.ts";

/** All readings of one property; the first one is reported. */
export function readingsOf(evidence: Evidence, property: Property): Reading<number | string>[] {
  const { facts, sizes, durations, frameRates } = evidence;
  switch (property) {
    case "size":
      return one(facts.bytes);
    case "width":
      return sizes.map((s) => ({ value: s.width, from: s.from }));
    case "height":
      return sizes.map((s) => ({ value: s.height, from: s.from }));
    case "aspectRatio":
      return sizes.map((s) => ({ value: s.aspect ?? s.width / s.height, from: s.from }));
    case "pixels":
      return sizes.map((s) => ({ value: s.width * s.height, from: s.from }));
    // Ticks divided by a time scale have rounding errors: 15.000000000000002 means 15.
    case "duration":
      return durations.map((d) => ({ value: roundToMicro(d.value), from: d.from }));
    case "frameRate":
      return frameRates.map((f) => ({ value: roundToMicro(f.value), from: f.from }));
    case "bitRate":
      return facts.bytes === null
        ? []
        : durations.map((d) => ({ value: ((facts.bytes ?? 0) * 8) / d.value, from: d.from }));
    case "format":
      return evidence.formats ?? one(facts.format);
    default:
      return one(facts[property]);
  }
}

function one(value: string | number | boolean | null | undefined): Reading<number | string>[] {
  if (value === null || value === undefined) return [];
  return [{ value: typeof value === "boolean" ? String(value) : value, from: "file" }];
}

function roundToMicro(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Whether a reading can be evaluated: text, or a finite number that is not negative. */
export function canEvaluate(value: number | string): boolean {
  return typeof value === "string" || (Number.isFinite(value) && value >= 0);
}

/** Whether such a file always has the property: a missing value is then unknown, not absent. */
export function alwaysHas({ kind, facts }: Evidence, property: Property): boolean {
  const { of, needs }: Row = properties[property];
  return (kind !== null && of.includes(kind)) || (needs !== undefined && facts[needs] !== null);
}

/** Why a property, or a fact that it is computed from, could not be read; null if it was read. */
export function unreadOf(evidence: Evidence, property: Property): Unread | null {
  const { from }: Row = properties[property];
  const facts: readonly string[] = from ?? [property];
  return evidence.unread.find(({ fact }) => facts.includes(fact)) ?? null;
}

/** Why the rest of the file could not be read, or null. */
export function unreadRest(evidence: Evidence): Unread | null {
  return evidence.unread.find(({ fact }) => fact === "all") ?? null;
}
