import { callSafely } from "../async/call-safely.ts";
import { forEachConcurrently } from "../async/for-each-concurrently.ts";
import type { MaybePromise } from "../async/maybe-promise.ts";
import { isMediaPreflightError, MediaPreflightError, throwIfAborted } from "../errors.ts";
import type { Report } from "../report/report.ts";
import type { Table } from "../rules/schema.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import { preflightOptionNames } from "./option-names.ts";
import type { Preflight, PreflightOptions } from "./preflight.ts";

/** How many files are checked; `name` is left out, since each input has its own. */
export interface PreflightAllOptions extends Omit<PreflightOptions, "name"> {
  /** Inputs checked at a time. Default 4. */
  concurrency?: number | undefined;
  /** Called when an input is done, with its index; inputs may finish in another order. */
  onReport?: ((result: PreflightResult, index: number) => void) | undefined;
}

/** An input that could not be checked: `verdict` is null, and `error` states why. */
export interface UncheckedInput {
  schemaVersion: 1;
  /** A path or URL as given; null for anything else. */
  file: string | null;
  verdict: null;
  ok: false;
  error: MediaPreflightError;
}

/** One input's report, or why there is none. */
export type PreflightResult = Report | UncheckedInput;

/** `preflightAll` of one platform. */
export type PreflightAll<Input> = (
  inputs: Iterable<Input> | AsyncIterable<Input>,
  options?: PreflightAllOptions,
) => Promise<PreflightResult[]>;

const { name: _, ...optionsOfEach } = preflightOptionNames;
const optionNames = {
  ...optionsOfEach,
  concurrency: true,
  onReport: true,
} as const satisfies OptionNames<PreflightAllOptions>;

/** Checks many inputs over a platform's own preflight. An input that cannot be read does not stop the others. */
export function createPreflightAll<Input>(platform: {
  preflight: Preflight<Input>["preflight"];
  loadTable(rules: PreflightOptions["rules"]): MaybePromise<Table>;
}): PreflightAll<Input> {
  return async (inputs, options = {}) => {
    requireKnownOptions("preflightAll", options, optionNames);
    const { concurrency = 4, onReport, ...each } = options;
    if (!(Number.isInteger(concurrency) && concurrency > 0))
      throw new MediaPreflightError("usage", "concurrency is not a whole number above 0");
    // A table that cannot be loaded is an error of the call, not of one input.
    await platform.loadTable(each.rules);
    const signal = each.signal ?? new AbortController().signal;
    const results: PreflightResult[] = [];
    let count = 0;
    await forEachConcurrently(
      inputs,
      concurrency,
      signal,
      async (input) => {
        const index = count++;
        const result = await platform.preflight(input, each).catch((error: unknown) => {
          throwIfAborted(signal);
          return unchecked(input, error);
        });
        results[index] = result;
        callSafely(onReport, result, index);
      },
      () => {},
    );
    throwIfAborted(signal);
    return results;
  };
}

function unchecked(input: unknown, error: unknown): UncheckedInput {
  if (!isMediaPreflightError(error)) throw error;
  const file = error.path ?? error.url ?? (typeof input === "string" ? input : null);
  return { schemaVersion: 1, file, verdict: null, ok: false, error };
}
