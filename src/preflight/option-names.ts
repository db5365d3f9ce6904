import type { OptionNames } from "../validation/known-options.ts";
import type { InspectOptions, PreflightOptions } from "./preflight.ts";

export const inspectOptionNames = {
  crossCheck: ["auto", "always", "never"],
  crossCheckOptions: true,
  budgets: true,
  maxStreamBytes: true,
  signal: true,
  name: true,
  allowPrivate: true,
} as const satisfies OptionNames<InspectOptions>;

export const preflightOptionNames = {
  ...inspectOptionNames,
  type: ["image", "video", "audio"],
  rules: true,
  limits: ["documented", "observed"],
  strict: [true, false],
  acceptUnsure: true,
  findings: ["all", "blocking"],
  locale: true,
  only: true,
  skip: true,
  decode: [true, false],
} as const satisfies OptionNames<PreflightOptions>;
