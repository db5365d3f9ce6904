import type { FileResult } from "../../../report/formatters/formatter.ts";
import { loadMessages } from "../../../report/messages/locales.ts";
import { buildSetReport, type SetReport } from "../../../report/set.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import type { Table } from "../../../rules/schema.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import type { LocatedConfig } from "../../config/find-config.ts";
import type { Policy } from "../../config/policy.ts";
import { preflightOptionsFor } from "../../config/preflight-options.ts";

/** The rules of one request's references, over all files of a run (`--set NAME`). */
export interface SetCheck {
  add(result: FileResult): void;
  report(): Promise<SetReport>;
}

/** @throws MediaPreflightError `usage` if the rule table has no such set */
export async function setCheck(
  args: Parsed,
  policy: Policy,
  located: LocatedConfig,
): Promise<SetCheck | null> {
  const name = args.values.set;
  if (name === undefined) return null;
  const { rules, limits, strict, locale } = preflightOptionsFor(args, policy.general, located);
  const table = await loadTableFromNode(rules);
  if (!Object.hasOwn(table.sets ?? {}, name)) throw unknownSet(name, table);
  const results: FileResult[] = [];
  return {
    add: (result) => void results.push(result),
    async report() {
      const options = { limits, strict, locale: await loadMessages(locale) };
      const report = await buildSetReport(name, results, table, options);
      if (report === null) throw unknownSet(name, table);
      return report;
    },
  };
}

/** A set needs all readings of every duration; the output has only what did not pass, unless --verbose is given. */
export function withoutPassed(result: FileResult, args: Parsed): FileResult {
  if (!("findings" in result) || args.switches.has("verbose") || args.values.format === "html") return result;
  return { ...result, findings: result.findings.filter(({ verdict }) => verdict !== "pass") };
}

function unknownSet(name: string, table: Table): Error {
  const known = Object.keys(table.sets ?? {});
  const what = known.length > 0 ? `; it has ${known.join(", ")}` : "";
  return usage(`--set: the rule table ${table.id} has no set ${name}${what}`, "check");
}
