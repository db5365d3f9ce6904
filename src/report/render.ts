import type { Facts } from "../facts/evidence.ts";
import type { RuleResult } from "../rules/verdict.ts";
import { type Description, describe } from "./describe.ts";
import { en, type Messages } from "./messages/en.ts";
import type { Finding } from "./report.ts";

const origins = new WeakMap<Finding, { judgement: RuleResult; facts: Facts }>();

/** A judgement as a finding of the report, in words. */
export function render(judgement: RuleResult, facts: Facts, messages: Messages): Finding {
  const { rule, verdict, reason, actual, limit, or, unit, readings } = judgement;
  const { message, hint } = describe(judgement, facts, messages);
  const finding: Finding = {
    rule,
    verdict,
    ...(reason ? { reason } : {}),
    actual,
    limit: limit && { ...limit, ...(or?.length ? { or } : {}) },
    unit,
    message,
    hint,
    readings,
  };
  origins.set(finding, { judgement, facts });
  return finding;
}

/**
 * A finding in another language, for a page whose locale changes. A finding that came as JSON, or a copy, keeps
 * the words it has.
 */
export function describeFinding(finding: Finding, messages: Messages = en): Description {
  const origin = origins.get(finding);
  if (!origin) return { message: finding.message, hint: finding.hint };
  return describe(origin.judgement, origin.facts, messages);
}
