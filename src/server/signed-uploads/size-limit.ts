import { isNodeLike } from "../../bytes/url/runtime.ts";
import { newEvidence } from "../../facts/evidence.ts";
import type { Kind } from "../../facts/formats.ts";
import { rulesFor } from "../../rules/compile.ts";
import { evaluateRule } from "../../rules/evaluate-rule.ts";
import type { Table } from "../../rules/schema.ts";
import type { HandlerOptions } from "../options.ts";

/**
 * Whether the rule table allows this size for this type: nothing larger is signed. The uploaded bytes are checked later.
 */
export async function canAcceptSize(
  { rules, limits, strict }: Pick<HandlerOptions, "rules" | "limits" | "strict">,
  kind: Kind,
  size: number,
): Promise<boolean> {
  const row = rulesFor(await tableOf(rules), kind)?.find(({ property }) => property === "size");
  if (!row) return true;
  const results = evaluateRule(row, { ...newEvidence(size), kind }, { limits, strict });
  return results.every(({ verdict }) => verdict !== "fail");
}

async function tableOf(rules: HandlerOptions["rules"]): Promise<Table> {
  return isNodeLike
    ? (await import("../../rules/load.node.ts")).loadTableFromNode(rules)
    : (await import("../../rules/load.ts")).loadTable(rules);
}
