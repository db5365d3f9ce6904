import { deriveFacts } from "../../facts/derive-facts.ts";
import { type Evidence, newEvidence } from "../../facts/evidence.ts";
import { type Format, formats, type Kind } from "../../facts/formats.ts";
import { evaluate } from "../../rules/evaluate.ts";
import type { Table } from "../../rules/schema.ts";
import type { RuleResult, Subject } from "../../rules/verdict.ts";
import type { TargetFacts } from "./types.ts";

/** The results that are `fail` or `unsure` under the strictest reading. */
export function blockedBy(
  evidence: Evidence,
  table: Table,
  type: Kind,
  limits: "documented" | "observed",
): RuleResult[] {
  const { results } = evaluate(evidence, table, { type, limits, strict: true });
  return results.filter((result) => result.verdict === "fail" || result.verdict === "unsure");
}

export const subjectsOf = (results: readonly RuleResult[]): Set<Subject> =>
  new Set(results.map((result) => result.subject));

/** The evidence that our parsers will read from the output. */
export function targetEvidence(target: TargetFacts): Evidence {
  const evidence = newEvidence(target.bytes ?? null);
  const row = formats[target.format as Format];
  Object.assign(evidence, { format: target.format, label: row.label, mime: row.mime, kind: row.kind });
  Object.assign(evidence.facts, target);
  const { width, height, duration, frameRate } = target;
  if (width && height) evidence.sizes.push({ width, height, from: "display" });
  if (duration) evidence.durations.push({ value: duration, from: "video-track" });
  if (frameRate) evidence.frameRates.push({ value: frameRate, from: "average" });
  deriveFacts(evidence);
  Object.assign(target, evidence.facts);
  return evidence;
}
