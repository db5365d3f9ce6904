/** What Node users import; browser.ts has the same names. */

import type { NodeInput } from "./preflight/open-input.node.ts";
import { onNode as node } from "./preflight/preflight.node.ts";
import { createPreflightReferences } from "./preflight/references.ts";
import { createMediaSchema } from "./preflight/standard-schema.ts";
import type { Push } from "./push/options.ts";
import { loadTableFromNode } from "./rules/load.node.ts";
import type { Submit } from "./submit/submit.ts";

/** Judges a Blob, File, bytes, path or URL against a rule table. */
export const preflight: typeof node.preflight = node.preflight;
/** Reads the facts of a Blob, File, bytes, path or URL, without judging them. */
export const inspect: typeof node.inspect = node.inspect;
/** A Standard Schema validator for form libraries: `mediaSchema({ type: "image" })`. */
export const mediaSchema: ReturnType<typeof createMediaSchema<Parameters<typeof node.preflight>[0]>> =
  createMediaSchema(node.preflight);
/** A rule table by id, path or object. */
export const loadTable: typeof loadTableFromNode = loadTableFromNode;

/** Judges the references of a generation request together, before it is billed. */
export const preflightReferences: ReturnType<
  typeof createPreflightReferences<Parameters<typeof node.preflight>[0]>
> = /* @__PURE__ */ createPreflightReferences({ preflight: node.preflight, loadTable: loadTableFromNode });

/** For pages, where it loads the readers of all formats ahead; in Node they are at hand. */
export const preloadParsers = async (): Promise<void> => {};

/** Checks a file, uploads and registers it if it passes, and waits until it is Active. */
export const submit: Submit<NodeInput> = async (input, options) => (await uploader()).submit(input, options);
/** The same for many files at once; what happens to each is told as events. */
export const push: Push<NodeInput> = async (files, options) => (await uploader()).push(files, options);
const uploader = async () => (await import("./push/uploader.node.ts")).createNodeUploader(node.preflight);

export { createAtlasClient } from "./atlas/client.node.ts";
export { type FileLedger, type FileLedgerOptions, fileLedger } from "./ledger/file/file-ledger.node.ts";
export { memoryLedger } from "./ledger/memory.ts";
export { ledgerOver } from "./ledger/store-ledger.ts";
export * from "./public-api.ts";
