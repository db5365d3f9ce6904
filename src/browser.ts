/** The public API for browsers: the names of index.ts, without Node.js. */

import { loadModule } from "./async/load-module.ts";
import type { BrowserFixOptions } from "./fix/fix.browser.ts";
import type { FixResult } from "./fix/options.ts";
import type { FixChoices, FixPlan, PlanContext } from "./fix/plan/types.ts";
import { lazyLedger } from "./ledger/lazy-ledger.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { LedgerStore } from "./ledger/store.ts";
import type { MediaInput } from "./preflight/inputs/open-input.ts";
import { createMediaSchema, type MakeMediaSchema } from "./preflight/media-schema.ts";
import { browserPreflight } from "./preflight/preflight.browser.ts";
import type { Preflight } from "./preflight/preflight.ts";
import type { PreflightAll } from "./preflight/preflight-all.ts";
import type { PreflightReferences } from "./preflight/references.ts";
import type { PushFile, PushOptions, PushSummary } from "./push/options.ts";
import type { Report } from "./report/report.ts";
import { loadTable as load } from "./rules/load.ts";
import type { SubmitOptions, SubmittedAsset } from "./submit/options.ts";

// Functions, not results of calls: a bundler leaves out each one that a page does not use.

/**
 * Checks a file against a rule table: a File, Blob, bytes, URL, stream or Response. Any bytes get a report.
 * @throws MediaPreflightError `unreadable`, `changed`, `network`, `usage`, `bad-table`, `aborted`, `timeout`
 */
export const preflight: Preflight<MediaInput>["preflight"] = (input, options) =>
  browserPreflight.preflight(input, options);
/**
 * Reads the facts of a file without evaluating rules.
 * @throws MediaPreflightError as `preflight`, and `url-refused` for a URL that gives no bytes
 */
export const inspect: Preflight<MediaInput>["inspect"] = (input, options) =>
  browserPreflight.inspect(input, options);
/**
 * Checks many files. An input that cannot be read gives an `error` in its place; it does not stop the others.
 * @throws MediaPreflightError `usage`, `bad-table`, `aborted`: what concerns every input
 */
export const preflightAll: PreflightAll<MediaInput> = async (inputs, options) => {
  const { createPreflightAll } = await loadModule(() => import("./preflight/preflight-all.ts"));
  return createPreflightAll<MediaInput>({ preflight, loadTable })(inputs, options);
};
/**
 * Checks the references of a generation request together, before it is billed.
 * @throws MediaPreflightError as `preflight`
 */
export const preflightReferences: PreflightReferences<MediaInput> = async (request, options) => {
  const { createPreflightReferences } = await loadModule(() => import("./preflight/references.ts"));
  return createPreflightReferences<MediaInput>({ preflight, loadTable })(request, options);
};
/** A Standard Schema validator for form libraries: `mediaSchema({ type: "image" })`. */
export const mediaSchema: MakeMediaSchema<MediaInput> = (options) => createMediaSchema(preflight)(options);
/** A rule table by id or object. @throws MediaPreflightError `bad-table`, `usage` */
export const loadTable: typeof load = load;

/**
 * Checks a file, uploads and registers it if it passes, and waits until it is Active.
 * @throws SubmitError `refused` (with the report), `asset-failed`, `asset-gone`, `outcome-unknown`, `changed`
 * @throws MediaPreflightError `usage`, those of `preflight`, and those of requests to the user's server
 */
export const submit = async (input: MediaInput, options: SubmitOptions): Promise<SubmittedAsset> =>
  (await submitAndPush(({ requireSubmitOptions }) => requireSubmitOptions(options))).submit(input, options);
/**
 * Submits many files at once and reports progress as events; a file that fails does not stop the others. Errors of files
 * are events, an error that concerns all of them is `fatal` in the summary.
 * @throws MediaPreflightError `usage`
 */
export const push = async (
  files: Iterable<PushFile<MediaInput>> | AsyncIterable<PushFile<MediaInput>>,
  options: PushOptions,
): Promise<PushSummary> =>
  (await submitAndPush(({ requirePushOptions }) => requirePushOptions(options))).push(files, options);
const submitAndPush = async (validate: (by: typeof import("./push/require-options.ts")) => void) => {
  validate(await loadModule(() => import("./push/require-options.ts")));
  return (await loadModule(() => import("./push/submit-and-push.browser.ts"))).createBrowserSubmitAndPush(
    preflight,
  );
};

/**
 * How a file that fails is fixed: steps, target, losses; or why it cannot be fixed. The planner is loaded with
 * the first call, so here, unlike in Node.js, the plan is a promise.
 * @param choices decisions of the user; the defaults lose least
 * @param context the table, if the report came as JSON; what an engine knows about the file
 */
export const planFix = async (
  report: Report,
  choices?: FixChoices,
  context?: PlanContext,
): Promise<FixPlan> => (await loadModule(() => import("./fix/plan.ts"))).planFix(report, choices, context);
/**
 * Makes a copy of a file that passes: a File, its plan and its report. Needs mediabunny for video and audio. Where the
 * browser cannot, the outcome is "cannot" with a reason, and `plan.command` is the ffmpeg command that can.
 * @throws MediaPreflightError `no-engine`, `unreadable`, `aborted`, `timeout`, `usage`
 */
export const fix = async (file: Blob, options?: BrowserFixOptions): Promise<FixResult<File>> =>
  (await loadModule(() => import("./fix/fix.browser.ts"))).fix(file, options);

/** A ledger that lasts as long as the page. */
export const memoryLedger = (): Ledger =>
  lazyLedger(async () => (await loadModule(() => import("./ledger/memory.ts"))).memoryLedger());
/** A ledger over any store that can compare and set. */
export const ledgerOver = (store: LedgerStore): Ledger =>
  lazyLedger(async () => (await loadModule(() => import("./ledger/store-ledger.ts"))).ledgerOver(store));

export { createAtlasClient } from "./atlas/client.ts";
export { preloadParsers } from "./facts/preload-parsers.ts";
export * from "./public-api.ts";
