import { MediaPreflightError } from "../errors.ts";
import { requireFixChoices } from "../fix/option-names.ts";
import { preflightOptionNames } from "../preflight/option-names.ts";
import type { SubmitOptions } from "../submit/options.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import {
  anyFunction,
  anyText,
  booleans,
  countOf,
  listOf,
  numberOf,
  numbersOf,
  objectWith,
} from "../validation/value-rules.ts";
import type { PushOptions } from "./options.ts";

const { name: _, ...checkNames } = preflightOptionNames;

/** What `submit`, `push` and the workers of a queue have in common. */
export const sharedOptionNames = {
  ...checkNames,
  atlas: objectWith(
    ["uploadMedia", "registerAsset"],
    "a client: createAtlasClient() or createServerClient()",
  ),
  ledger: objectWith(["claim"], "a ledger: fileLedger(), postgresLedger() or memoryLedger()"),
  storage: objectWith(["put", "keyOf"], "a bucket: s3Storage()"),
  account: anyText,
  again: listOf(["gone", "failed", "unknown"]),
  wait: booleans,
  deadline: numberOf("milliseconds"),
  interval: numberOf("milliseconds"),
  maxRegistrationsPerMinute: numberOf("registrations"),
  recovery: numbersOf(["betweenSearches", "afterRequest"], "milliseconds"),
} as const;

/** `only` and `skip` are refused with their reason when the file is checked. */
const submitOptionNames = {
  ...sharedOptionNames,
  assetName: anyText,
  file: true,
  onProgress: anyFunction,
  onNote: anyFunction,
} as const satisfies OptionNames<SubmitOptions>;

const pushOptionNames = {
  ...sharedOptionNames,
  fix: true,
  checks: countOf("files"),
  uploads: countOf("files"),
  inFlight: countOf("files"),
  dryRun: booleans,
  maxErrors: countOf("files"),
  limitRate: numberOf("bytes per second"),
  onEvent: anyFunction,
  onPause: anyFunction,
} as const satisfies OptionNames<PushOptions>;

/** @throws MediaPreflightError `usage` */
export function requireSubmitOptions(options: SubmitOptions): void {
  requireOptions("submit", options, submitOptionNames);
}

/** @throws MediaPreflightError `usage` */
export function requirePushOptions(options: PushOptions): void {
  requireOptions("push", options, pushOptionNames);
  if (typeof options.fix !== "boolean") requireFixChoices("push: fix", options.fix);
}

function requireOptions(caller: string, options: object, names: OptionNames<Record<string, unknown>>): void {
  requireKnownOptions(caller, options, names);
  if ((options as Partial<SubmitOptions> | undefined)?.atlas === undefined)
    throw new MediaPreflightError("usage", `${caller} needs the option atlas`, {
      hint: "createAtlasClient() makes it, in a page createServerClient()",
    });
}
