import { groupFindings } from "../../../report/finding-groups.ts";
import type { Finding, Report } from "../../../report/report.ts";
import { el } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import { limitBar } from "./bar-view.ts";
import { remarkList, splitMessage } from "./remarks.ts";

/** Why a file cannot be sent, and notes: the remedy first, then the evidence and its bar. */
export function blockingList({ findings, report }: Item, words: Words): HTMLElement[] {
  if (!report) return [];
  const wrongKind = wrongKindText(findings, report, words);
  if (wrongKind) return [reason("fail", words, el("strong", { class: "said" }, wrongKind))];
  return groupFindings(findings).map(({ findings: group }) => {
    const [first] = group;
    // In the language of now: the report's own hint is in that of the check.
    const { hint } = words.describe(first);
    const split = group.map((finding) => splitMessage(finding, words));
    const messages = split.map(({ message }) => message);
    const evidence = hint ? messages : messages.slice(1);
    const bars = group.map((finding) => limitBar(finding, report.facts, words)).filter((bar) => bar !== null);
    return reason(
      first.verdict,
      words,
      el("strong", { class: hint ? "hint" : "said" }, hint ?? messages[0]),
      ...evidence.map((text) => el("span", { class: "evidence" }, text)),
      ...bars,
      remarkList([...new Set(split.flatMap(({ remarks }) => remarks))], words),
    );
  });
}

function reason(verdict: Finding["verdict"], { say }: Words, ...content: (Node | null)[]): HTMLElement {
  return el(
    "li",
    { "data-verdict": verdict, part: `finding finding-${verdict}` },
    el("span", { class: "mark" }, icon(verdict), el("span", { class: "unseen" }, say(verdict))),
    el("div", { class: "reason" }, ...content),
  );
}

/** A file of the wrong kind has no other reason: "This is an image; a video is wanted here." */
function wrongKindText(findings: readonly Finding[], { type, facts }: Report, { say }: Words): string | null {
  const isWrong = findings.some(({ rule, verdict }) => rule.endsWith("/type") && verdict === "fail");
  const kind = facts.mime?.split("/")[0];
  if (!isWrong || !type || type === kind || !["image", "video", "audio"].includes(kind ?? "")) return null;
  return say("wrong.kind", { is: say(`is.${kind}`), wanted: say(`wanted.${type}`) });
}
