import type { Rational } from "../../engines/media-details.ts";
import type { Limits } from "./limits.ts";

/** Rates that players and services expect, with the NTSC ones. */
const commonRates: readonly Rational[] = [
  ...[24, 25, 30, 48, 50, 60, 12, 15, 20, 10, 90, 100, 120].map((num) => ({ num, den: 1 })),
  ...[24_000, 30_000, 60_000].map((num) => ({ num, den: 1001 })),
];

export const rateOf = ({ num, den }: Rational): number => Math.round((num / den) * 1e6) / 1e6;

/**
 * The allowed constant rate that shows the source's frames most evenly: the same within half a per cent, else a common
 * rate within a tenth, else a multiple or an integer fraction of it, else the nearest. Null if none is allowed.
 */
export function chooseFrameRate(source: number, limits: Limits): Rational | null {
  const { low, high } = limits.interval("frameRate");
  const multiples: Rational[] = [];
  const exact = commonRates.find((rate) => Math.abs(rateOf(rate) / source - 1) < 0.0005) ?? {
    num: Math.round(source * 1000),
    den: 1000,
  };
  for (let n = 1; n <= 16; n++)
    multiples.push({ num: exact.num * n, den: exact.den }, { num: exact.num, den: exact.den * n });
  const listed = (limits.listed("frameRate") ?? []).map((rate) => decimal(Number(rate)));
  const edges = [low, high].filter((edge) => edge > 0 && Number.isFinite(edge)).map(decimal);
  const middle = Number.isFinite(high) ? [decimal((low + high) / 2)] : [];
  const candidates = [...listed, ...commonRates, ...multiples, ...edges, ...middle].filter(
    (rate) => rate.num > 0 && rateOf(rate) <= 240 && limits.allows("frameRate", rateOf(rate)),
  );
  const cost = (rate: Rational): number => {
    const ratio = rateOf(rate) / source;
    const factor = ratio >= 1 ? ratio : 1 / ratio;
    const uneven = Math.abs(factor - Math.round(factor));
    const near = Math.abs(Math.log(ratio));
    const unusual = commonRates.includes(rate) || near < 0.005 ? 0 : 0.2;
    // 30 shows 15 frames more evenly than 29.97, although that is nearer.
    return near + unusual + (near < 0.1 ? 0 : uneven < 0.006 ? 0.2 + 4 * uneven : 1);
  };
  return candidates.sort((a, b) => cost(a) - cost(b))[0] ?? null;
}

function decimal(rate: number): Rational {
  const known = commonRates.find((one) => Math.abs(rateOf(one) - rate) < 1e-6);
  return (
    known ?? (Number.isInteger(rate) ? { num: rate, den: 1 } : { num: Math.round(rate * 1000), den: 1000 })
  );
}
