import { metLimits as metFindings } from "../../../report/finding-groups.ts";
import { el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import { limitLine } from "./bar-view.ts";

/** The limits that a file meets, collapsed: "10 limits met". They are drawn when they are opened. */
export function metLimits({ findings, report }: Item, words: Words): HTMLElement | null {
  const met = metFindings(findings);
  if (!report || met.length === 0) return null;
  const list = el("ul", { role: "list" });
  const details = el(
    "details",
    { class: "limits", part: "limits" },
    el("summary", {}, words.say(met.length === 1 ? "limits.met.one" : "limits.met", { n: met.length })),
    list,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !list.firstChild)
      list.append(...met.map((finding) => limitLine(finding, report.facts, words)));
  });
  return details;
}
