import { type Evidence, type Unread, unread } from "./evidence.ts";

/** More than any side in pixels, any seconds or frames a second: such a value is no reading. */
const implausible = 2 ** 31;
const inRange = (value: number): boolean => value > 0 && value <= implausible;

/** Removes readings that are zero, infinite or implausibly large; a fact that loses one counts as unread. */
export function dropImplausible(evidence: Evidence): void {
  const { sizes, durations, frameRates } = evidence;
  const keep = <R>(claims: R[], isPlausible: (claim: R) => boolean, ...facts: Unread["fact"][]): R[] => {
    const kept = claims.filter(isPlausible);
    if (kept.length < claims.length) for (const fact of facts) unread(evidence, fact);
    return kept;
  };
  evidence.sizes = keep(
    sizes,
    (s) => inRange(s.width) && inRange(s.height) && inRange(s.aspect ?? 1),
    "width",
    "height",
  );
  evidence.durations = keep(durations, (d) => inRange(d.value), "duration");
  evidence.frameRates = keep(frameRates, (f) => inRange(f.value), "frameRate");
}
