import type { Finding } from "../../../report/report.ts";
import type { Text } from "../../../report/text.ts";
import { el } from "../dom.ts";
import type { Words } from "../words.ts";

/** Messages that begin with another message, and add what another source says about the same limit. */
const remarkKeys: ReadonlySet<string> = new Set(["accepted", "alsoDocumented"]);
/** Texts of a report are untrusted; ours have two remarks at most. */
const maxRemarks = 4;

/** A finding's message, and separately what other sources say about its limit. */
export interface SplitMessage {
  message: string;
  remarks: string[];
}

export function splitMessage(finding: Finding, words: Words): SplitMessage {
  const remarks: string[] = [];
  let { message } = words.describe(finding);
  let text = (finding as Partial<Finding>).text?.message;
  while (text && remarkKeys.has(text.key) && remarks.length < maxRemarks) {
    text = text.values?.text as Text | undefined;
    if (!text) break;
    const shorter = words.describe({ ...finding, text: { ...finding.text, message: text } }).message;
    // A language may order the two differently: then the message stays whole.
    if (!message.startsWith(shorter)) break;
    remarks.unshift(message.slice(shorter.length).replace(/^[;；,，\s]+/, ""));
    message = shorter;
  }
  return { message, remarks };
}

/** Remarks, collapsed: users need the limit, only few its background. */
export function remarkList(remarks: readonly string[], { say }: Words): HTMLElement | null {
  if (remarks.length === 0) return null;
  return el(
    "details",
    { class: "remarks", part: "remarks" },
    el("summary", {}, say("remarks")),
    ...remarks.map((remark) => el("p", {}, remark)),
  );
}
