import type { PreflightOptions } from "../preflight/preflight.ts";
import type { FixOptions } from "./options.ts";

/** The options of the check before a fix. */
export function preflightOptions(options: FixOptions): PreflightOptions {
  const { type, rules, limits, strict, acceptUnsure, only, skip } = options;
  const { crossCheck, crossCheckOptions, budgets, signal, locale } = options;
  const evaluation = { type, rules, limits, strict, acceptUnsure, only, skip };
  return { ...evaluation, crossCheck, crossCheckOptions, budgets, signal, locale };
}

/** The options of the check of a copy: nothing unsure is accepted, and observations resolve nothing. */
export function strictPreflightOptions(options: FixOptions): PreflightOptions {
  return { ...preflightOptions(options), strict: true, acceptUnsure: false };
}
