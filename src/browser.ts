/** What browsers import: the names of index.ts, without Node. */

import { loadModule } from "./async/load-module.ts";
import { ledgerLater } from "./ledger/lazy-ledger.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { LedgerStore } from "./ledger/store-ledger.ts";
import { type BrowserInput, browser } from "./preflight/preflight.browser.ts";
import type { Preflight } from "./preflight/preflight.ts";
import type { PreflightReferences } from "./preflight/references.ts";
import { createMediaSchema, type MakeMediaSchema } from "./preflight/standard-schema.ts";
import type { Push } from "./push/options.ts";
import { loadTable as load } from "./rules/load.ts";
import type { Submit } from "./submit/submit.ts";

type Input = BrowserInput;

// Functions, not results: a bundler leaves out each one that a page does not use.

/** Judges a File, Blob, bytes or URL against a rule table. */
export const preflight: Preflight<Input>["preflight"] = (input, options) => browser.preflight(input, options);
/** Reads the facts of a File, Blob, bytes or URL, without judging them. */
export const inspect: Preflight<Input>["inspect"] = (input, options) => browser.inspect(input, options);
/** A Standard Schema validator for form libraries: `mediaSchema({ type: "image" })`. */
export const mediaSchema: MakeMediaSchema<Input> = (options) => createMediaSchema(preflight)(options);
/** A rule table by id or object. */
export const loadTable: typeof load = load;
/** Judges the references of a generation request together, before it is billed. */
export const preflightReferences: PreflightReferences<Input> = async (request, options) => {
  const { createPreflightReferences } = await loadModule(() => import("./preflight/references.ts"));
  return createPreflightReferences<Input>({ preflight, loadTable })(request, options);
};

/** Checks a file, uploads and registers it if it passes, and waits until it is Active. */
export const submit: Submit<Input> = async (input, options) => (await uploader()).submit(input, options);
/** The same for many files at once; what happens to each is told as events. */
export const push: Push<Input> = async (files, options) => (await uploader()).push(files, options);
const uploader = async () =>
  (await loadModule(() => import("./push/uploader.browser.ts"))).createBrowserUploader(preflight);

/** A ledger that lasts as long as the page: nothing twice within it, no memory beyond it. */
export const memoryLedger = (): Ledger =>
  ledgerLater(async () => (await loadModule(() => import("./ledger/memory.ts"))).memoryLedger());
/** The ledger's rules over any store. */
export const ledgerOver = (store: LedgerStore): Ledger =>
  ledgerLater(async () => (await loadModule(() => import("./ledger/store-ledger.ts"))).ledgerOver(store));

export { createAtlasClient } from "./atlas/client.ts";
export { preloadParsers } from "./facts/preload-parsers.ts";
export * from "./public-api.ts";
