import type { FixPlan } from "../../../fix/plan/types.ts";
import type { Report } from "../../../report/report.ts";
import { el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import type { FixWords } from "./fix-words.ts";

/** What became of the original's facts in its copy, side by side, and what was lost. */
export function changeTable(copy: Item, plan: FixPlan, words: FixWords): HTMLElement {
  const { say } = words;
  const [before, after] = [copy.original, copy].map((item) => ({
    facts: item?.report?.facts ?? null,
    size: item?.file.size ?? 0,
  }));
  const rows = factRows.flatMap(([key, textOf, always]) => {
    const [was, is] = [before, after].map((side) => (side ? textOf(side, words) : null));
    if (!was && !is) return [];
    return always || (is && was !== is) ? [{ key, was, is }] : [];
  });
  const table = el(
    "table",
    { class: "fix-changes", part: "changes", "aria-label": say("fix.changes") },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td"),
        el("th", { scope: "col" }, say("fix.before")),
        el("th", { scope: "col" }, say("fix.after")),
      ),
    ),
    el(
      "tbody",
      {},
      ...rows.map(({ key, was, is }) =>
        el(
          "tr",
          { class: was === is ? "same" : null },
          el("th", { scope: "row" }, say(key)),
          el("td", {}, was ? words.isolate(was) : "–"),
          el("td", {}, is ? words.isolate(is) : "…"),
        ),
      ),
    ),
  );
  const losses = words.losses(plan);
  return el(
    "div",
    { class: "fix-outcome" },
    table,
    losses ? el("p", { class: "fix-note" }, say("fix.lost", { losses })) : null,
    plan.lossless ? el("p", { class: "fix-note" }, say("fix.lossless")) : null,
  );
}

interface Side {
  facts: Report["facts"] | null;
  size: number;
}

/** Facts by the key of their name; `always`: also where nothing changed. */
const factRows: readonly (readonly [string, (side: Side, words: FixWords) => string | null, boolean])[] = [
  ["fix.format", ({ facts }) => facts?.format?.toUpperCase() ?? null, false],
  ["fix.dimensions", ({ facts }) => (facts?.width ? `${facts.width}×${facts.height}` : null), true],
  [
    "fix.duration",
    ({ facts }, { number, say }) =>
      facts?.duration ? `${number(facts.duration, 2)} ${say("unit.s")}` : null,
    true,
  ],
  [
    "fix.frame-rate",
    ({ facts }, { number, say }) =>
      facts?.frameRate ? `${number(facts.frameRate, 1)} ${say("unit.fps")}` : null,
    false,
  ],
  ["fix.size", ({ size }, { bytes }) => bytes(size), true],
];
