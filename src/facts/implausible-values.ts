import { type Evidence, type Unread, unread } from "./evidence.ts";

/** More than any pixel count of a side, any seconds or frames a second: what claims it states nothing. */
const implausible = 2 ** 31;
const sane = (value: number): boolean => value > 0 && value <= implausible;

/** Takes out claims of zero, of infinity and beyond reason; a fact of which one was made could not be read. */
export function dropImplausible(evidence: Evidence): void {
  const { sizes, durations, frameRates } = evidence;
  const keep = <R>(claims: R[], holds: (claim: R) => boolean, ...facts: Unread["fact"][]): R[] => {
    const kept = claims.filter(holds);
    if (kept.length < claims.length) for (const fact of facts) unread(evidence, fact);
    return kept;
  };
  evidence.sizes = keep(
    sizes,
    (s) => sane(s.width) && sane(s.height) && sane(s.aspect ?? 1),
    "width",
    "height",
  );
  evidence.durations = keep(durations, (d) => sane(d.value), "duration");
  evidence.frameRates = keep(frameRates, (f) => sane(f.value), "frameRate");
}
