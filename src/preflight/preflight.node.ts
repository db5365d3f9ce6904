import { bundledParsers } from "../facts/bundled-parsers.ts";
import { nodeCrossCheckOnDemand } from "../facts/cross-check/lazy.node.ts";
import { loadTableFromNode } from "../rules/load.node.ts";
import { type NodeInput, openInNode } from "./open-input.node.ts";
import { createPreflight, type Preflight } from "./preflight.ts";

/** Both questions, asked on Node. The command line comes in here: to check a file it needs no ledger and no client. */
export const onNode: Preflight<NodeInput> = createPreflight({
  open: openInNode,
  loadTable: loadTableFromNode,
  readers: bundledParsers,
  crossCheck: nodeCrossCheckOnDemand,
  async decode(source, evidence, options) {
    const { decodeAll } = await import("./decode.node.ts");
    await decodeAll(source, evidence, options);
  },
});
