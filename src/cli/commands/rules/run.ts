import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import { builtInTables } from "../../../rules/tables.ts";
import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";
import { tableText } from "./table-text.ts";

export const run: Run = async (args, terminal) => {
  const [verb, name, extra] = args.positionals;
  const json = args.values.format === "json";
  if (verb === "drift") {
    const { drift } = await import("./drift.ts");
    return await drift(args.positionals.slice(1), json, terminal);
  }
  if (extra !== undefined) throw usage(`rules takes one table at a time, not also ${extra}`, "rules");
  if (verb === "list" && name === undefined) terminal.out(await list(json));
  else if (verb === "show") terminal.out(await show(name, json));
  else if (verb === "check" && name !== undefined) terminal.out(await check(name));
  else throw usage("rules needs list, show [TABLE], check FILE or drift [LEDGER]…", "rules");
  return 0;
};

/** The built-in tables, each with its source. */
async function list(json: boolean): Promise<string> {
  const tables = await Promise.all(Object.values(builtInTables).map((load) => load()));
  const rows = tables.map(({ id, title, source, checked, provenance = "first-party" }) => {
    return { id, title, source, checked, provenance };
  });
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  return rows
    .map(
      ({ id, title, source, checked, provenance }) =>
        `${id}  ${title}\n  ${provenance}: ${source}, read ${checked}\n`,
    )
    .join("");
}

/** Every limit of a table, with its source and date. */
async function show(name: string | undefined, json: boolean): Promise<string> {
  const table = await loadTableFromNode(name);
  return json ? `${escapeInJson(JSON.stringify(table, null, 2))}\n` : tableText(table);
}

/** @throws MediaPreflightError `bad-table`, `not-found` */
async function check(name: string): Promise<string> {
  const { id } = await loadTableFromNode(name);
  return `${escapeControls(`${name}: a valid rule table, ${id}`)}\n`;
}
