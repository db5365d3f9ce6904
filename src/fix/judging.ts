import type { PreflightOptions } from "../preflight/preflight.ts";
import type { FixOptions } from "./options.ts";

/** The options that decide how a file is judged. */
export function judging(options: FixOptions): PreflightOptions {
  const { type, rules, limits, strict, acceptUnsure, only, skip } = options;
  const { crossCheck, crossCheckOptions, budgets, signal, locale } = options;
  const judged = { type, rules, limits, strict, acceptUnsure, only, skip };
  return { ...judged, crossCheck, crossCheckOptions, budgets, signal, locale };
}

/** The same for a copy: no observation and no leave of the caller's lets it pass. */
export function judgingStrictly(options: FixOptions): PreflightOptions {
  return { ...judging(options), strict: true, acceptUnsure: false };
}
