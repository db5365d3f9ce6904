import type { Facts } from "../../../facts/facts.ts";
import { amount, type Bar, barOf } from "../../limit-bar.ts";
import { limitLabel } from "../../limit-label.ts";
import type { Finding } from "../../report.ts";
import { createTranslate, type Translate } from "../../text.ts";
import { escaped } from "./markup.ts";

/** A limit that is met, as the page's script draws it: label, value, and the bar where there is one. */
export type MetLimit = [
  label: string,
  value: string,
  bar?: [from: number, to: number, at: number[], low: string, high: string],
];

/** A limit as a bar with the file's value on it, or as the words it chooses among; empty for anything else. */
export function barMarkup(finding: Finding): string {
  const bar = barOf(finding);
  if (bar) return track(bar);
  const among = finding.limit?.in;
  return Array.isArray(among) ? choices(among.map(String), String(finding.actual ?? "")) : "";
}

/** Drawn by attributes, which no content policy forbids; the message beside it says the same. */
function track({ from, to, at, low, high }: Bar): string {
  const outside = at.filter((n) => n < from || n > to);
  const far = outside.reduce((a, b) => (Math.abs(b - 50) > Math.abs(a - 50) ? b : a), outside[0] ?? 0);
  const edge = far < from ? from : to;
  const beyond =
    outside.length > 0 &&
    `<rect class="beyond" x="${percent(Math.min(far, edge))}" width="${percent(Math.abs(far - edge))}"/>`;
  const dots = at.map((n, i) => `<circle${i ? ' class="other"' : ""} cx="${percent(n)}"/>`).reverse();
  return [
    '<svg class="bar" aria-hidden="true"><rect class="track"/>',
    `<rect class="zone" x="${percent(from)}" width="${percent(to - from)}"/>`,
    beyond || "",
    ...dots,
    low === null ? "" : `<text x="${percent(from)}">${escaped(low)}</text>`,
    high === null ? "" : `<text x="${percent(to)}">${escaped(high)}</text>`,
    "</svg>",
  ].join("");
}

const percent = (n: number): string => `${+n.toFixed(1)}%`;

function choices(among: readonly string[], own: string): string {
  const all = among.includes(own) || own === "" ? among : [own, ...among];
  const items = all.map((one) => `<span${one === own ? ' class="own"' : ""}>${escaped(one)}</span>`);
  return `<span class="choices" aria-hidden="true">${items.join("")}</span>`;
}

/** A limit that is met, as data. */
export function metLimit(
  finding: Finding,
  facts: Facts,
  say: Translate,
  messages: Readonly<Record<string, string>>,
): MetLimit {
  const key = limitLabel(finding, facts);
  const label = key === "integrity" ? say("complete") : createTranslate(messages)(key).replaceAll("-", " ");
  const bar = barOf(finding);
  if (!bar) return [label, finding.message];
  const unit = (name: string): string => say(`unit.${name}`).replace(/^unit\./, "");
  const round = (n: number): number => +n.toFixed(1);
  return [
    label,
    amount(finding.actual, finding.unit, unit),
    [round(bar.from), round(bar.to), bar.at.map(round), bar.low ?? "", bar.high ?? ""],
  ];
}
