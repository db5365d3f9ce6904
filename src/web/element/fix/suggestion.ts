import { browserTraits } from "../../../fix/browser/opening.ts";
import type { FixChoices, FixPlan } from "../../../fix/plan/types.ts";
import { planFix } from "../../../fix/plan.ts";
import type { Report } from "../../../report/report.ts";
import type { Table } from "../../../rules/schema.ts";
import { conversionCommand } from "./conversion-command.ts";

/** How a file may be made to fit, as far as its headers show. */
export interface Suggestion {
  /** Null: the file has to be opened before there is one. */
  plan: FixPlan | null;
  /** Whether this page may be able to do it; otherwise there is the command alone. */
  here: boolean;
  /** Choices without which there is no plan: each loses something that nobody asked to lose. */
  forced: FixChoices;
  /** For ffmpeg: without a plan it only converts the format, and the copy has to be checked. */
  command: string | null;
}

/** Formats whose tracks our parsers do not read, and that browsers may open. */
const opened: ReadonlySet<string> = new Set([
  ...["webm", "mkv", "weba", "mka", "ogg", "flac", "aac", "mpeg-ts", "avif", "ico", "isobmff"],
]);

/**
 * Null where no plan can be made.
 * @param converts whether this page has what converts files of this kind
 */
export function suggest(report: Report, rules: Table, converts = true): Suggestion | null {
  const anywhere = planFix(report, {}, { rules });
  const command = anywhere.command;
  const conversion = anywhere.reason?.code === "needs-probe" ? conversionCommand(report, rules) : null;
  for (const forced of converts ? [{}, { firstFrame: true }] : []) {
    const plan = planFix(report, forced, { rules, engine: browserTraits(false) });
    if (plan.outcome === "fix") return { plan, here: true, forced, command: command ?? plan.command };
    if (plan.reason?.code === "needs-probe" && opened.has(report.facts.format ?? ""))
      return { plan: null, here: true, forced, command: conversion };
    if (plan.reason?.code !== "animation") break;
  }
  if (conversion) return { plan: null, here: false, forced: {}, command: conversion };
  return anywhere.outcome === "fix" ? { plan: anywhere, here: false, forced: {}, command } : null;
}

/** Choices that make a plan possible where one is refused for what it would lose. */
export function choicesFor(plan: FixPlan): FixChoices | null {
  if (plan.reason?.code === "alpha") return { background: "#ffffff" };
  return plan.reason?.code === "animation" ? { firstFrame: true } : null;
}

/** Whether a person has something to decide: the part to keep, the shape, or what is lost. */
export function needsAsking(plan: FixPlan | null, choices: FixChoices): boolean {
  const decided = plan?.steps.some(({ kind }) => kind === "trim" || kind === "pad" || kind === "crop");
  return decided || (plan?.losses.length ?? 0) > 0 || Object.keys(choices).length > 0;
}
