import { escapeControls } from "../../../report/escape.ts";
import type { Table } from "../../../rules/schema.ts";

/** A rule table as lines: every limit, and its source and date where they are not the table's own. */
export function tableText(table: Table): string {
  const lines = [`${table.id}  ${table.title}`, `  ${table.source}, read ${table.checked}`];
  const row = (name: string, value: object, source = table.source, checked = table.checked): void => {
    const { observed, source: own, checked: when, confidence, ...bounds } = value as Row;
    lines.push(`  ${name.padEnd(18)} ${boundsText(bounds)}`);
    if ((own ?? source) !== source || (when ?? checked) !== checked)
      lines.push(
        `${margin}${own ?? source}, ${when ?? checked}${confidence ? ` (${confidence} confidence)` : ""}`,
      );
    for (const seen of [observed ?? []].flat()) {
      const { confidence, source: where, checked: at, ...limit } = seen;
      lines.push(`${margin}observed ${boundsText(limit)} (${confidence} confidence, ${at}; ${where})`);
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
export function boundsText(bounds: object): string {
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
  // Such a row has only observations.
  if (parts.length === 0 && !readings && !tiers) return "no documented limit";
  const text = `${parts.join(", ")}${unit === undefined ? "" : ` ${unit}`}`;
  const others = Array.isArray(readings)
    ? readings.map((reading) => `; or read as ${boundsText(reading)}`).join("")
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
