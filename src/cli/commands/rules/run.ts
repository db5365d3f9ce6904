import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import { loadTableFromNode } from "../../../rules/load.node.ts";
import type { Table } from "../../../rules/schema.ts";
import { builtInTables } from "../../../rules/tables.ts";
import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";

export const run: Run = async (args, terminal) => {
  const [verb, name, extra] = args.positionals;
  const json = args.values.format === "json";
  if (extra !== undefined) throw usage(`rules takes one table at a time, not also ${extra}`, "rules");
  if (verb === "list" && name === undefined) {
    const tables = await Promise.all(Object.values(builtInTables).map((load) => load()));
    const rows = tables.map(({ id, title, source, checked, provenance = "first-party" }) => ({
      id,
      title,
      source,
      checked,
      provenance,
    }));
    if (json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
    else
      for (const { id, title, source, checked, provenance } of rows)
        terminal.out(`${id}  ${title}\n  ${provenance}: ${source}, read ${checked}\n`);
    return 0;
  }
  if (verb === "show" || (verb === "check" && name !== undefined)) {
    const table = await loadTableFromNode(name);
    if (verb === "check")
      terminal.out(`${escapeControls(name ?? "")}: a sound rule table, ${escapeControls(table.id)}\n`);
    else terminal.out(json ? `${escapeInJson(JSON.stringify(table, null, 2))}\n` : shown(table));
    return 0;
  }
  throw usage("rules needs list, show [TABLE] or check FILE", "rules");
};

function shown(table: Table): string {
  const lines = [`${table.id}  ${table.title}`, `  ${table.source}, read ${table.checked}`];
  const row = (name: string, value: object, source = table.source, checked = table.checked): void => {
    const { observed, source: own, checked: when, confidence, ...bounds } = value as Row;
    lines.push(`  ${name.padEnd(18)} ${said(bounds)}`);
    if ((own ?? source) !== source || (when ?? checked) !== checked)
      lines.push(
        `${margin}${own ?? source}, ${when ?? checked}${confidence ? ` (${confidence} confidence)` : ""}`,
      );
    for (const seen of [observed ?? []].flat()) {
      const { confidence, source: where, checked: at, ...limit } = seen;
      lines.push(`${margin}observed ${said(limit)} (${confidence} confidence, ${at}; ${where})`);
    }
  };
  for (const [type, rules] of Object.entries(table.types)) {
    lines.push("", type);
    for (const [property, value] of Object.entries(rules)) row(property, value as object);
  }
  for (const [set, rules] of Object.entries(table.sets ?? {})) {
    lines.push("", `set ${set}`);
    for (const [member, value] of Object.entries(rules)) {
      if (typeof value !== "object") lines.push(`  ${member.padEnd(18)} ${value}`);
      else for (const [property, bound] of Object.entries(value)) row(`${member} ${property}`, Object(bound));
    }
  }
  if (table.unchecked?.length) lines.push("", "not checked", ...table.unchecked.map((line) => `  ${line}`));
  return escapeLines(lines);
}

interface Row {
  observed?: Seen | Seen[];
  confidence?: string;
  source?: string;
  checked?: string;
}
interface Seen {
  confidence: string;
  source: string;
  checked: string;
}

const margin = " ".repeat(21);

/** A row's bounds in one line: "300 – 6000 px", "jpeg, png, …". */
function said(bounds: object): string {
  const { min, max, above, below, unit, readings, tiers, ...rest } = bounds as Record<string, unknown>;
  const parts: string[] = [];
  if (min !== undefined && max !== undefined) parts.push(`${min} – ${max}`);
  else if (min !== undefined) parts.push(`at least ${min}`);
  else if (max !== undefined) parts.push(`at most ${max}`);
  if (above !== undefined) parts.push(`above ${above}`);
  if (below !== undefined) parts.push(`below ${below}`);
  for (const [key, value] of Object.entries(rest)) {
    if (key === "in") parts.push((value as unknown[]).join(", "));
    else parts.push(`${key} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  }
  const text = `${parts.join(", ")}${unit === undefined ? "" : ` ${unit}`}`;
  const others = Array.isArray(readings)
    ? readings.map((reading) => `; or read as ${said(reading)}`).join("")
    : "";
  const sizes = tiers
    ? `; tiers ${Object.entries(tiers as object)
        .map(([tier, list]) => `${tier}: ${(list as number[][]).map((s) => s.join("×")).join(" ")}`)
        .join("; ")}`
    : "";
  return `${text}${others}${sizes}`.trimStart();
}

function escapeLines(lines: readonly string[]): string {
  return `${lines.map(escapeControls).join("\n")}\n`;
}
