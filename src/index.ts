/** The public API for Node.js; browser.ts has the same names. */

import type { FixOptions, FixResult } from "./fix/options.ts";
import type { MediaInput } from "./preflight/inputs/open-input.ts";
import { createMediaSchema, type MakeMediaSchema } from "./preflight/media-schema.ts";
import { nodePreflight } from "./preflight/preflight.node.ts";
import type { Preflight } from "./preflight/preflight.ts";
import { createPreflightAll, type PreflightAll } from "./preflight/preflight-all.ts";
import { createPreflightReferences, type PreflightReferences } from "./preflight/references.ts";
import type { PushFile, PushOptions, PushSummary } from "./push/options.ts";
import { loadTableFromNode } from "./rules/load.node.ts";
import type { SubmitOptions, SubmittedAsset } from "./submit/options.ts";

const platform = { preflight: nodePreflight.preflight, loadTable: loadTableFromNode };

/**
 * Checks a file against a rule table: a path, URL, Blob, bytes, stream or Response. Any bytes get a report.
 * @throws MediaPreflightError `not-found`, `unreadable`, `changed`, `network`, `usage`, `bad-table`, `aborted`, `timeout`
 */
export const preflight: Preflight<MediaInput>["preflight"] = nodePreflight.preflight;
/**
 * Reads the facts of a file without evaluating rules.
 * @throws MediaPreflightError as `preflight`, and `url-refused` for a URL that gives no bytes
 */
export const inspect: Preflight<MediaInput>["inspect"] = nodePreflight.inspect;
/**
 * Checks many files. An input that cannot be read gives an `error` in its place; it does not stop the others.
 * @throws MediaPreflightError `usage`, `bad-table`, `aborted`: what concerns every input
 */
export const preflightAll: PreflightAll<MediaInput> = /* @__PURE__ */ createPreflightAll(platform);
/**
 * Checks the references of a generation request together, before it is billed.
 * @throws MediaPreflightError as `preflight`
 */
export const preflightReferences: PreflightReferences<MediaInput> =
  /* @__PURE__ */ createPreflightReferences(platform);
/** A Standard Schema validator for form libraries: `mediaSchema({ type: "image" })`. */
export const mediaSchema: MakeMediaSchema<MediaInput> = /* @__PURE__ */ createMediaSchema(
  nodePreflight.preflight,
);
/** A rule table by id, path or object. @throws MediaPreflightError `bad-table`, `not-found`, `unreadable`, `usage` */
export const loadTable: typeof loadTableFromNode = loadTableFromNode;

/** In a page this loads the parsers of all formats ahead of time; in Node.js they are loaded already. */
export const preloadParsers = async (): Promise<void> => {};

/**
 * Checks a file, uploads and registers it if it passes, and waits until it is Active.
 * @throws SubmitError `refused` (with the report), `asset-failed`, `asset-gone`, `outcome-unknown`, `changed`
 * @throws AtlasError if a request to the service fails; StorageError if one to the bucket does
 * @throws MediaPreflightError `usage`, those of `preflight`, and `ledger-…` with a ledger
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
  validate(await import("./push/require-options.ts"));
  return (await import("./push/submit-and-push.node.ts")).createNodeSubmitAndPush(nodePreflight.preflight);
};

/**
 * Writes a copy of a local file that passes; the original is never changed, and no existing file is overwritten. Where
 * that cannot be done, the outcome is "cannot" with a reason.
 * @throws MediaPreflightError `no-engine`, `not-found`, `unreadable`, `changed`, `aborted`, `timeout`, `usage`
 */
export const fix = async (path: string, options?: FixOptions): Promise<FixResult> =>
  (await import("./fix/fix.node.ts")).fix(path, options);

export { createAtlasClient, type NodeAtlasClientOptions } from "./atlas/client.node.ts";
export { planFix } from "./fix/plan.ts";
export { type FileLedger, type FileLedgerOptions, fileLedger } from "./ledger/file/file-ledger.node.ts";
export { memoryLedger } from "./ledger/memory.ts";
export { ledgerOver } from "./ledger/store-ledger.ts";
export * from "./public-api.ts";
