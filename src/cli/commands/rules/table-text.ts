import { escapeControls } from "../../../report/escape.ts";
import type { Table } from "../../../rules/schema.ts";
import { boundsText } from "./bounds-text.ts";

/** A rule table as lines: every limit, and its source and date where they are not the table's own. */
export function tableText(table: Table): string {
  const lines = [`${table.id}  ${table.title}`, `  ${table.source}, read ${table.checked}`];
  const row = (name: string, value: object, source = table.source, checked = table.checked): void => {
    const { observed, alsoDocumented, source: own, checked: when, confidence, ...bounds } = value as Row;
    lines.push(`  ${name.padEnd(18)} ${boundsText(bounds)}`);
    if ((own ?? source) !== source || (when ?? checked) !== checked)
      lines.push(
        `${margin}${own ?? source}, ${when ?? checked}${confidence ? ` (${confidence} confidence)` : ""}`,
      );
    for (const seen of [observed ?? []].flat()) {
      const { confidence, source: where, checked: at, ...limit } = seen;
      lines.push(`${margin}observed ${boundsText(limit)} (${confidence} confidence, ${at}; ${where})`);
    }
    if (alsoDocumented) {
      const { by, source: where, checked: at, ...limit } = alsoDocumented;
      lines.push(`${margin}${by} documents ${boundsText(limit)} (${at}; ${where})`);
    }
  };
  for (const [type, rules] of Object.entries(table.types)) {
    lines.push("", type);
    if (Object.keys(rules).length === 0) lines.push("  accepted without limits");
    for (const [property, value] of Object.entries(rules)) row(property, value as object);
  }
  for (const [set, rules] of Object.entries(table.sets ?? {})) {
    lines.push("", `set ${set}`);
    for (const [member, value] of Object.entries(rules)) {
      if (typeof value !== "object") lines.push(`  ${member.padEnd(18)} ${value}`);
      else
        for (const [property, bound] of Object.entries(value))
          if (typeof bound === "object") row(`${member} ${property}`, bound);
          else lines.push(`  ${`${member} ${property}`.padEnd(18)} ${bound}`);
    }
  }
  const { https, head, redirects, urlLength } = table.transport ?? {};
  const transport = [
    https && "  https only",
    head && "  answers HEAD",
    redirects && `  ${redirects.max === 0 ? "no redirects" : `redirects ≤ ${redirects.max}`}`,
    urlLength && `  characters ≤ ${urlLength.max}`,
  ].filter((line) => typeof line === "string");
  if (transport.length > 0) lines.push("", "URLs", ...transport);
  if (table.unchecked?.length) lines.push("", "not checked", ...table.unchecked.map((line) => `  ${line}`));
  return escapeLines(lines);
}

interface Row {
  observed?: Seen | Seen[];
  alsoDocumented?: { by: string; source: string; checked: string };
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

function escapeLines(lines: readonly string[]): string {
  return `${lines.map(escapeControls).join("\n")}\n`;
}
