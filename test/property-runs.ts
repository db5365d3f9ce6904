const seed = 20_261_122;

/** Whether this is a long run, such as that of `.ci/run`: MEDIA_PREFLIGHT_LONG_TESTS=1. `npm test` is a short one. */
export const longRun: boolean = process.env.MEDIA_PREFLIGHT_LONG_TESTS === "1";

/** How often a slow property is tested: `short` times from a fixed seed, or `long` times from a random one in a long run. */
export function propertyRuns({ short, long }: { short: number; long: number }): {
  numRuns: number;
  seed?: number;
} {
  return longRun ? { numRuns: long } : { numRuns: short, seed };
}
