/** What Node users import; browser.ts has the same names. */

import { openInNode } from "./pipeline/open.node.ts";
import { createPreflight } from "./pipeline/preflight.ts";
import { loadTableFromNode } from "./rules/load.node.ts";

const node = createPreflight({ open: openInNode, loadTable: loadTableFromNode });

/** Judges a Blob, File, bytes, path or URL against a rule table. */
export const preflight: typeof node.preflight = node.preflight;
/** Reads the facts of a Blob, File, bytes, path or URL, without judging them. */
export const inspect: typeof node.inspect = node.inspect;
/** A rule table by id, path or object. */
export const loadTable: typeof loadTableFromNode = loadTableFromNode;

export * from "./surface.ts";
