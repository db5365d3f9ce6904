import type { OptionNames } from "../../validation/known-options.ts";
import { requireKnownOptions } from "../../validation/options.ts";
import {
  anyFunction,
  anyText,
  booleans,
  countOf,
  numberOf,
  numbersOf,
  wholeNumber,
} from "../../validation/value-rules.ts";
import { sharedOptionNames } from "../require-options.ts";
import type { EnqueueOptions } from "./enqueue.node.ts";
import type { QueueOptions } from "./open-queue.node.ts";
import type { StatusOptions } from "./status.node.ts";
import type { WorkOptions } from "./work-options.ts";

/** The connection is checked where it is opened. */
const queueOptionNames = {
  connectionString: true,
  schema: anyText,
} as const satisfies OptionNames<QueueOptions>;

const { acceptUnsure, crossCheck, crossCheckOptions, limits, rules, strict } = sharedOptionNames;

const enqueueOptionNames = {
  ...queueOptionNames,
  acceptUnsure,
  crossCheck,
  crossCheckOptions,
  limits,
  rules,
  strict,
  sharedRoot: anyText,
  storage: sharedOptionNames.storage,
  type: sharedOptionNames.type,
  account: anyText,
  priority: wholeNumber,
  attempts: countOf("attempts"),
  backoff: numbersOf(["base", "cap"], "milliseconds"),
  signal: true,
  onEvent: anyFunction,
} as const satisfies OptionNames<EnqueueOptions>;

const { account: _, ledger: _ledger, type: _type, ...submitNames } = sharedOptionNames;

const workOptionNames = {
  ...submitNames,
  ...queueOptionNames,
  ledgerSchema: anyText,
  sharedRoot: anyText,
  jobs: countOf("jobs"),
  untilEmpty: booleans,
  drain: numberOf("milliseconds"),
  onNote: anyFunction,
  onEvent: anyFunction,
} as const satisfies OptionNames<WorkOptions>;

const statusOptionNames = {
  ...queueOptionNames,
  deadLetters: numberOf("dead letters"),
} as const satisfies OptionNames<StatusOptions>;

/** @throws MediaPreflightError `usage` */
export function requireEnqueueOptions(options: EnqueueOptions): void {
  requireKnownOptions("enqueue", options, enqueueOptionNames);
}

/** @throws MediaPreflightError `usage` */
export function requireWorkOptions(options: WorkOptions): void {
  requireKnownOptions("work", options, workOptionNames);
}

/** @throws MediaPreflightError `usage` */
export function requireStatusOptions(options: StatusOptions): void {
  requireKnownOptions("queueStatus", options, statusOptionNames);
}
