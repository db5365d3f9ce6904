import type { Facts } from "../../../facts/facts.ts";
import { amount, type Bar, barOf } from "../../../report/limit-bar.ts";
import { limitLabel } from "../../../report/limit-label.ts";
import type { Finding } from "../../../report/report.ts";
import { el } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Words } from "../words.ts";

/** A limit as a bar with the file's value on it, or as the words it chooses among. Null for anything else. */
export function limitBar(finding: Finding, facts: Facts, words: Words): HTMLElement | null {
  const { verdict, actual } = finding;
  const said = `${words.say(verdict)}: ${words.describe(finding).message}`;
  const bar = barOf(finding, words);
  if (bar) return track(bar, verdict, labelOf(finding, facts, words), said);
  const among = finding.limit?.in;
  return Array.isArray(among) ? choices(among, actual, verdict, said) : null;
}

/** One limit that is met: its name, the bar and the value; a sentence where there is no bar. */
export function limitLine(finding: Finding, facts: Facts, words: Words): HTMLElement {
  const { verdict, actual, unit } = finding;
  const bar = limitBar(finding, facts, words);
  const unitName = (name: string): string => words.say(`unit.${name}`).replace(/^unit\./, "");
  const value = bar ? words.isolate(amount(actual, unit, unitName, words)) : words.describe(finding).message;
  return el(
    "li",
    { class: bar ? "limit" : "limit plain", part: `limit limit-${verdict}`, "data-verdict": verdict },
    el("span", { class: "label" }, labelOf(finding, facts, words)),
    bar,
    el("span", { class: "value", "aria-hidden": bar ? "true" : null }, icon("pass"), el("span", {}, value)),
  );
}

function labelOf(finding: Finding, facts: Facts, { say, report }: Words): string {
  const label = limitLabel(finding, facts);
  return label === "integrity" ? say("complete") : report(label).replaceAll("-", " ");
}

function track({ from, to, at, low, high }: Bar, verdict: string, label: string, said: string): HTMLElement {
  const outside = at.filter((n) => n < from || n > to);
  const dots = at.map((n, i) => {
    const dot = el("span", { class: i ? "dot other" : "dot", part: i ? "bar-reading" : "bar-value" });
    dot.style.setProperty("--at", n.toFixed(2));
    return dot;
  });
  const line = el(
    "div",
    {
      class: "track",
      role: "meter",
      part: "bar",
      "data-verdict": verdict,
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-valuenow": Math.round(at[0] ?? 0),
      "aria-valuetext": said,
    },
    el("span", { class: "zone", part: "bar-range" }),
    outside.length > 0 && el("span", { class: "beyond" }),
    ...dots.reverse(),
    low && el("span", { class: "low" }, low),
    high && el("span", { class: "high" }, high),
  );
  const far = outside.reduce((a, b) => (Math.abs(b - 50) > Math.abs(a - 50) ? b : a), outside[0] ?? 0);
  const edge = far < from ? from : to;
  const sides = { from, to, a: Math.min(far, edge), b: Math.max(far, edge) };
  // Through the object model: a strict policy forbids style attributes, not this.
  for (const [name, n] of Object.entries(sides)) line.style.setProperty(`--${name}`, n.toFixed(2));
  return line;
}

function choices(
  among: readonly unknown[],
  actual: Finding["actual"],
  verdict: string,
  said: string,
): HTMLElement {
  const own = String(actual ?? "");
  const all = among.map(String);
  const shown = all.includes(own) || !own ? all : [own, ...all];
  return el(
    "div",
    { class: "choices", role: "img", "aria-label": said, "data-verdict": verdict },
    ...shown.map((one) => el("span", { class: one === own ? "own" : null }, one)),
  );
}
