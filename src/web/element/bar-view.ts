import type { Facts } from "../../facts/evidence.ts";
import type { Finding } from "../../report/report.ts";
import type { Say } from "../../report/text.ts";
import { amount, type Bar, barOf } from "./bar.ts";
import { el, icon } from "./dom.ts";

/** What a limit is shown with: the element's words, the report's, and the finding's own sentence. */
export interface BarWords {
  say: Say;
  /** A property's name. */
  property: Say;
  message(finding: Finding): string;
}

/**
 * One limit with the file's value on it: a bar, the words it chooses among, or a plain line. Null for what is no
 * limit and is said above already.
 */
export function limitLine(finding: Finding, facts: Facts, words: BarWords): HTMLElement | null {
  const { verdict, actual, unit } = finding;
  const text = words.message(finding);
  const said = `${words.say(verdict)}: ${text}`;
  const label = labelOf(finding, facts, words);
  const bar = barOf(finding);
  const among = finding.limit?.in;
  const middle = bar
    ? track(bar, verdict, label, said)
    : Array.isArray(among)
      ? choices(among, actual, said)
      : null;
  if (!middle && verdict !== "pass") return null;
  const named = (name: string): string => words.say(`unit.${name}`).replace(/^unit\./, "");
  return el(
    "li",
    { class: middle ? "limit" : "limit plain", part: `limit limit-${verdict}`, "data-verdict": verdict },
    el("span", { class: "label" }, label),
    middle,
    el(
      "span",
      { class: "value", "aria-hidden": middle ? "true" : null },
      icon(verdict),
      el("span", {}, middle ? amount(actual, unit, named) : text),
    ),
  );
}

const names: Readonly<Record<string, string>> = { "aspect-ratio": "aspectRatio", "frame-rate": "frameRate" };

function labelOf({ rule, actual }: Finding, facts: Facts, { say, property }: BarWords): string {
  const last = rule.split("/")[1] ?? rule;
  if (last === "integrity") return say("complete");
  // One rule id for both codecs of a film.
  if (last === "codec") {
    const sound = actual === facts.audioCodec && actual !== facts.videoCodec;
    return property(sound ? "audioCodec" : "videoCodec");
  }
  return property(names[last] ?? last).replaceAll("-", " ");
}

function track({ from, to, at, low, high }: Bar, verdict: string, label: string, said: string): HTMLElement {
  const ends = [low, high].map((end, i) => end && el("span", { class: i ? "high" : "low" }, end));
  const outside = at.filter((n) => n < from || n > to);
  const line = el(
    "div",
    {
      class: "track",
      role: "meter",
      part: "bar",
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-valuenow": Math.round(at[0] ?? 0),
      "aria-valuetext": said,
    },
    el("span", { class: "zone", part: "bar-range" }),
    outside.length > 0 && el("span", { class: "beyond" }),
    ...at
      .map((n, i) => {
        const dot = el("span", { class: i ? "dot other" : "dot", part: i ? "bar-reading" : "bar-value" });
        dot.style.setProperty("--at", n.toFixed(2));
        return dot;
      })
      .reverse(),
    ...ends,
  );
  const far = outside.reduce((a, b) => (Math.abs(b - 50) > Math.abs(a - 50) ? b : a), outside[0] ?? 0);
  const edge = far < from ? from : to;
  // Through the object model: a strict policy forbids style attributes, not this.
  const sides = { from, to, a: Math.min(far, edge), b: Math.max(far, edge) };
  for (const [name, n] of Object.entries(sides)) line.style.setProperty(`--${name}`, n.toFixed(2));
  line.dataset.verdict = verdict;
  return line;
}

function choices(among: readonly unknown[], actual: Finding["actual"], said: string): HTMLElement {
  const own = String(actual ?? "");
  const all = among.map(String);
  const shown = all.includes(own) || !own ? all : [own, ...all];
  return el(
    "div",
    { class: "choices", role: "img", "aria-label": said },
    ...shown.map((one) => el("span", { class: one === own ? "own" : null }, one)),
  );
}
