import { loadModule } from "../async/load-module.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Evidence } from "../facts/evidence.ts";
import type { Evaluation } from "../rules/evaluate.ts";
import { worstOf } from "../rules/verdict.ts";
import { nearestWord } from "../validation/nearest-word.ts";

/** Which rules a check is limited to; a rule id, or its part after the slash for every type. */
export interface RuleSelection {
  only?: readonly string[] | undefined;
  skip?: readonly string[] | undefined;
}

/**
 * Rejects rules that do not exist.
 * @throws MediaPreflightError `usage`
 */
export async function requireKnownRules({ only = [], skip = [] }: RuleSelection): Promise<void> {
  const { explain, explainable } = await loadModule(() => import("../report/explain/explain.ts"));
  for (const rule of [...only, ...skip]) {
    const property = rule.split("/").at(-1) ?? "";
    if (explain(rule.includes("/") ? rule : `video/${rule}`)?.kind === "rule") continue;
    const nearest = nearestWord(property, explainable());
    throw new MediaPreflightError("usage", `there is no rule ${JSON.stringify(rule)}`, {
      hint: nearest ? `did you mean ${nearest}?` : 'name rules as "video/duration" or "duration"',
    });
  }
}

/**
 * The results of the selected rules, and the verdict over them. If the bytes are no known format, or another kind than
 * declared, no selected rule could be evaluated: the findings that report this remain, whatever was selected.
 */
export function selectResults(
  evaluation: Evaluation,
  evidence: Evidence,
  selection: RuleSelection,
): Evaluation {
  const evaluated = evidence.format !== null && evidence.kind === evaluation.type;
  const results = evaluation.results.filter(
    ({ rule, verdict }) =>
      isSelected(rule, selection) || (!evaluated && verdict !== "pass" && verdict !== "note"),
  );
  return { ...evaluation, results, verdict: worstOf(results) };
}

/** Whether a rule, by its id, is evaluated. */
export function isSelected(rule: string, { only, skip }: RuleSelection): boolean {
  const named = (list: readonly string[]): boolean =>
    list.includes(rule) || list.includes(rule.split("/").at(-1) ?? "");
  return (only === undefined || named(only)) && !(skip !== undefined && named(skip));
}
