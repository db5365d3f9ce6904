import { unacceptedFindings } from "../../blocking.ts";
import type { FindingGroup } from "../../finding-groups.ts";
import { groupFindings, metLimits } from "../../finding-groups.ts";
import type { Finding, Report } from "../../report.ts";
import type { Translate } from "../../text.ts";
import { formatBytes, formatNumber } from "../../units.ts";
import type { FileResult } from "../formatter.ts";
import type { Thumbnail } from "../thumbnail.ts";
import { barMarkup, metLimit } from "./bar.ts";
import { base64 } from "./base64.ts";
import { escaped, type IconName, icon, jsonAttribute } from "./markup.ts";

/** The states of a file, the worst first. */
export const states = ["fail", "error", "unsure", "pass"] as const;
export type State = (typeof states)[number];

/** The texts of a language. */
export interface Language {
  translate: Translate;
  messages: Readonly<Record<string, string>>;
}

/** The state of a file: its verdict, or "error" if it could not be checked. */
export function stateOf(result: FileResult): State {
  if ("error" in result) return "error";
  return result.verdict;
}

/** Whether a file did not pass, and all of its findings are accepted. */
export function isFullyAccepted(result: FileResult): boolean {
  return !("error" in result) && result.verdict !== "pass" && unacceptedFindings(result).length === 0;
}

/** One file of the contact sheet. */
export function cardMarkup(result: FileResult, thumbnail: Thumbnail | null, language: Language): string {
  const { translate: say } = language;
  const state = stateOf(result);
  const report = "error" in result ? null : result;
  const size = report?.facts.bytes ?? 0;
  return [
    `<li class="card" data-state="${state}" data-size="${Number(size) || 0}">`,
    thumb(report, thumbnail, say),
    `<p class="verdict">${icon(state)}${escaped(say(state))}</p>`,
    nameMarkup(result.file ?? say("stdin")),
    report ? factsMarkup(report, say) : "",
    report ? findingsMarkup(report.findings, say) : errorMarkup(result, say),
    report ? metMarkup(report, language) : "",
    "</li>\n",
  ].join("");
}

function thumb(report: Report | null, thumbnail: Thumbnail | null, say: Translate): string {
  const kind = kindOf(report);
  const picture = thumbnail
    ? `<img src="data:image/${thumbnail.format === "webp" ? "webp" : "jpeg"};base64,${base64(thumbnail.bytes)}" alt="" decoding="async">`
    : `<span class="none">${icon(kind)}</span>`;
  const duration = report?.facts.duration ?? null;
  const time = duration === null ? "" : `<span class="time">${escaped(clock(duration))}</span>`;
  return `<div class="thumb ${kind}"><span class="unseen">${escaped(say(`kind.${kind}`))}</span>${picture}${time}</div>`;
}

function kindOf(report: Report | null): IconName & ("image" | "video" | "audio" | "file") {
  const kind = report?.facts.mime?.split("/")[0];
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}

/** Minutes and seconds: "0:12", "61:05". */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A path with a muted folder, and a possible line break after each separator. */
function nameMarkup(file: string): string {
  const at = file.lastIndexOf("/") + 1;
  const folder = file.slice(0, at).split("/").map(escaped).join("/<wbr>");
  return `<h2><bdi>${at > 0 ? `<span class="folder">${folder}</span>` : ""}${escaped(file.slice(at))}</bdi></h2>`;
}

function factsMarkup({ facts }: Report, say: Translate): string {
  const { format, width, height, duration, frameRate, bytes } = facts;
  const parts = [
    format?.toUpperCase(),
    width !== null && height !== null && `${Math.round(width)}×${Math.round(height)}`,
    duration !== null && `${formatNumber(duration, 2)} ${say("unit.s")}`,
    frameRate !== null && `${formatNumber(frameRate, 2)} ${say("unit.fps")}`,
    bytes !== null && formatBytes(bytes),
  ].filter((part) => typeof part === "string");
  // A number and its unit stay on one line.
  return `<p class="facts">${escaped(parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · "))}</p>`;
}

/** Findings that did not pass: the remedy, then the evidence and its bar. */
export function findingsMarkup(findings: readonly Finding[], say: Translate): string {
  const groups = groupFindings(findings);
  if (groups.length === 0) return "";
  return `<ul class="findings" role="list">${groups.map((group) => groupMarkup(group, say)).join("")}</ul>`;
}

function groupMarkup({ hint, findings }: FindingGroup, say: Translate): string {
  const [first] = findings;
  const state = first.accepted ? "note" : first.verdict;
  const messages = findings.map(({ message }) => message);
  const [title = "", ...rest] = hint === null ? messages : [hint, ...messages];
  const evidence = rest.map((text) => `<span class="why">${escaped(text)}</span>`);
  const { accepted } = first;
  const reason = accepted?.reason ?? null;
  const excuse = accepted
    ? `<span class="excuse">${escaped(reason === null ? say("accepted.finding") : say("accepted.by", { reason }))}</span>`
    : "";
  const rules = [...new Set(findings.map(({ rule }) => rule))].join(", ");
  return `<li data-verdict="${state}">${icon(state)}<div><strong>${escaped(title)}</strong>${excuse}${evidence.join("")}${findings.map(barMarkup).join("")}<code>${escaped(rules)}</code></div></li>`;
}

function errorMarkup(result: FileResult, say: Translate): string {
  if (!("error" in result)) return "";
  const { code, message, hint } = result.error;
  const [title, ...rest] = hint ? [hint, message] : [message];
  const evidence = rest.map((text) => `<span class="why">${escaped(text)}</span>`).join("");
  return `<ul class="findings" role="list"><li data-verdict="error">${icon("error")}<div><strong>${escaped(title ?? say("error"))}</strong>${evidence}<code>${escaped(code)}</code></div></li></ul>`;
}

/** The limits that are met: data that the page's script draws when they are opened. */
function metMarkup({ findings, facts }: Report, { translate: say, messages }: Language): string {
  const met = metLimits(findings);
  if (met.length === 0) return "";
  const rows = met.map((finding) => metLimit(finding, facts, say, messages));
  const summary = say(met.length === 1 ? "met.one" : "met", { n: met.length });
  return `<details hidden data-met="${jsonAttribute(rows)}"><summary>${escaped(summary)}</summary></details>`;
}
