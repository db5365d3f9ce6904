import { MediaPreflightError } from "../errors.ts";
import { preflightOptionNames } from "../preflight/option-names.ts";
import type { Report } from "../report/report.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import { anyFunction, anyText, booleans, hexColor, numberOf } from "../validation/value-rules.ts";
import type { FixOptions } from "./options.ts";
import type { FixChoices } from "./plan/types.ts";

const choiceNames = {
  fit: ["pad", "crop"],
  padColor: hexColor,
  trim: numberOf("seconds"),
  to: anyText,
  background: hexColor,
  firstFrame: booleans,
  compatible: booleans,
} as const satisfies OptionNames<FixChoices>;

const fixOptionNames = {
  ...preflightOptionNames,
  ...choiceNames,
  out: anyText,
  dryRun: booleans,
  onProgress: anyFunction,
  deadline: numberOf("milliseconds"),
} as const satisfies OptionNames<FixOptions>;

/** With the option that `fix` has in pages only. */
const fixAnywhereNames = { ...fixOptionNames, workerUrl: true } as const;

/** @throws MediaPreflightError `usage` */
export function requireFixOptions(options: object): void {
  requireKnownOptions("fix", options, fixAnywhereNames);
}

/** @throws MediaPreflightError `usage` */
export function requireFixChoices(of: string, choices: object | null | undefined): void {
  requireKnownOptions(of, choices, choiceNames);
}

/**
 * The options of `fix` are accepted as choices too: it plans with them.
 * @throws MediaPreflightError `usage`
 */
export function requirePlanArguments(report: Report, choices: object): void {
  if (!Array.isArray((report as Partial<Report> | null)?.findings))
    throw new MediaPreflightError("usage", "planFix takes a report", {
      hint: "await preflight(…) makes one",
    });
  requireKnownOptions("planFix", choices, fixAnywhereNames);
}
