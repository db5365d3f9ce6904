/** What Node users import; browser.ts has the same names. */

import type { NodeInput } from "./pipeline/open.node.ts";
import { onNode as node } from "./pipeline/preflight.node.ts";
import type { Push } from "./pipeline/push-options.ts";
import { createPreflightReferences } from "./pipeline/references.ts";
import { createMediaSchema } from "./pipeline/standard-schema.ts";
import type { Submit } from "./pipeline/submit.ts";
import { loadTableFromNode } from "./rules/load.node.ts";

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
export const preloadReaders = async (): Promise<void> => {};

/** Checks a file, uploads and registers it if it passes, and waits until it is Active. */
export const submit: Submit<NodeInput> = async (input, options) => (await road()).submit(input, options);
/** The same for many files at once; what happens to each is told as events. */
export const push: Push<NodeInput> = async (files, options) => (await road()).push(files, options);
const road = async () => (await import("./pipeline/submit.node.ts")).nodeRoad(node.preflight);

export { createAtlasClient } from "./atlas/client.node.ts";
export { ledgerOver } from "./pipeline/ledger/claims.ts";
export { type FileLedger, type FileLedgerOptions, fileLedger } from "./pipeline/ledger/file.node.ts";
export { memoryLedger } from "./pipeline/ledger/memory.ts";
export * from "./surface.ts";
