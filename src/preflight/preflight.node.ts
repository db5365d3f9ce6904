import { bundledParsers } from "../facts/bundled-parsers.ts";
import { nodeCrossCheckOnDemand } from "../facts/cross-check/lazy.node.ts";
import { loadTableFromNode } from "../rules/load.node.ts";
import { type NodeInput, openInNode } from "./inputs/open-input.node.ts";
import { createPreflight, type Preflight } from "./preflight.ts";

/** `preflight` and `inspect` on Node.js; the command line imports them from here, without ledger and client. */
export const nodePreflight: Preflight<NodeInput> = createPreflight({
  open: openInNode,
  loadTable: loadTableFromNode,
  parsers: bundledParsers,
  crossCheck: nodeCrossCheckOnDemand,
  async decode(source, evidence, options) {
    const { decodeAll } = await import("./decode.node.ts");
    await decodeAll(source, evidence, options);
  },
});
