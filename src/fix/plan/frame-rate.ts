import type { Rational } from "../../engines/media-details.ts";
import type { Limits } from "./limits.ts";

/** Rates that players and services expect, NTSC's beside their nominal ones. */
const common: readonly Rational[] = [
  ...[24, 25, 30, 48, 50, 60, 12, 15, 20, 10, 90, 100, 120].map((num) => ({ num, den: 1 })),
  ...[24_000, 30_000, 60_000].map((num) => ({ num, den: 1001 })),
];

export const rateOf = ({ num, den }: Rational): number => Math.round((num / den) * 1e6) / 1e6;

/**
 * The allowed constant rate that shows the source's frames most evenly: the same within half a per cent, else a whole
 * multiple or part of it unless a common rate is within a tenth, else the nearest. Null where none is allowed.
 */
export function chooseFrameRate(source: number, limits: Limits): Rational | null {
  const { low, high } = limits.interval("frameRate");
  const parts: Rational[] = [];
  const exact = common.find((rate) => Math.abs(rateOf(rate) / source - 1) < 0.0005) ?? {
    num: Math.round(source * 1000),
    den: 1000,
  };
  for (let n = 1; n <= 16; n++)
    parts.push({ num: exact.num * n, den: exact.den }, { num: exact.num, den: exact.den * n });
  const listed = (limits.listed("frameRate") ?? []).map((rate) => decimal(Number(rate)));
  const edges = [low, high].filter((edge) => edge > 0 && Number.isFinite(edge)).map(decimal);
  const middle = Number.isFinite(high) ? [decimal((low + high) / 2)] : [];
  const candidates = [...listed, ...common, ...parts, ...edges, ...middle].filter(
    (rate) => rate.num > 0 && rateOf(rate) <= 240 && limits.allows("frameRate", rateOf(rate)),
  );
  const cost = (rate: Rational): number => {
    const ratio = rateOf(rate) / source;
    const whole = ratio >= 1 ? ratio : 1 / ratio;
    const even = Math.abs(whole - Math.round(whole)) < 0.006;
    const near = Math.abs(Math.log(ratio));
    const odd = common.includes(rate) || near < 0.005 ? 0 : 0.2;
    return near + odd + (near < 0.1 ? 0 : even ? 0.2 : 1);
  };
  return candidates.sort((a, b) => cost(a) - cost(b))[0] ?? null;
}

function decimal(rate: number): Rational {
  const known = common.find((one) => Math.abs(rateOf(one) - rate) < 1e-6);
  return (
    known ?? (Number.isInteger(rate) ? { num: rate, den: 1 } : { num: Math.round(rate * 1000), den: 1000 })
  );
}
