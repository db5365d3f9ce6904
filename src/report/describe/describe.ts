import type { Facts } from "../../facts/facts.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, text } from "../text.ts";
import { hintFor } from "./hint.ts";
import { limitMessage } from "./limit-message.ts";

/** A finding's message and hint, independent of language. */
export interface FindingText {
  /** What was found, with the arithmetic and the limit. */
  message: Text;
  /** What to do next. */
  hint: Text | null;
}

/** Describes a rule's result. Pure, and independent of language. */
export function describe(result: RuleResult, facts: Facts): FindingText {
  return { message: messageFor(result, facts), hint: hintFor(result, facts) };
}

function messageFor(result: RuleResult, facts: Facts): Text {
  const { subject, verdict, limit, detail = {} } = result;
  if (result.condition) {
    const { condition, ...rest } = result;
    const key = result.reason === "unread" ? "unsure.conditionUnread" : "unsure.condition";
    const violated: RuleResult = { ...rest, verdict: "fail", reason: "limit" };
    return text(key, { text: messageFor(violated, facts), property: text(condition) });
  }
  if (result.reason === "unread" && subject !== "cross-check") return unreadMessage(result);
  switch (subject) {
    case "type":
      if (verdict === "pass") return text(detail.kind ?? String(result.actual ?? facts.format ?? "type"));
      return detail.table
        ? text("type.none", { table: detail.table, kind: text(detail.kind ?? "") })
        : text("type.mismatch", { a: fileKind(detail, facts), declared: text(`a.${detail.declared}`) });
    case "format":
      return formatMessage(result, facts);
    case "integrity":
      return result.damage ? damageMessage(result.damage) : text("integrity.pass");
    case "extension":
      return text("extension.note", { a: label(detail, facts), extension: detail.extension ?? "" });
    case "cross-check":
      return text("crossCheck.note", { crossCheck: detail.crossCheck ?? "", why: detail.why ?? "" });
    default:
      return subject === "set" && !limit ? text(`set.${detail.test}`) : limitMessage(result, facts);
  }
}

function formatMessage(result: RuleResult, facts: Facts): Text {
  return result.reason === "reading" ? limitMessage(result, facts) : plainFormatMessage(result, facts);
}

function plainFormatMessage({ verdict, limit, damage, detail = {} }: RuleResult, facts: Facts): Text {
  if (damage) return damageMessage(damage);
  if (!detail.label) return text("format.unknown");
  const which = verdict === "pass" ? "pass" : !limit ? "nothing" : limit.in ? "in" : "other";
  return text(`format.${which}`, { a: label(detail, facts), list: limit?.in ?? [] });
}

function damageMessage({ code, part, missing }: NonNullable<RuleResult["damage"]>): Text {
  const counted = code === "cut-short" && missing !== null;
  return text(`integrity.${code}${counted ? ".n" : ""}`, { part, n: missing ?? 0 });
}

function unreadMessage({ subject, unread }: RuleResult): Text {
  if (unread?.why.code === "encrypted") return text("integrity.encrypted");
  const { code = "none", which = "", what = "" } = (unread?.why ?? {}) as Partial<Record<string, string>>;
  return text("unread", {
    property: text(subject === "set" ? "duration" : subject),
    why: text(`why.${code}`, { which, what }),
  });
}

type Detail = Readonly<Record<string, string>>;

/** "an image (JPEG)", or the format's label if its kind has no rules. */
function fileKind(detail: Detail, facts: Facts): Text {
  return detail.kind && facts.format
    ? text("kind.format", { kind: text(`a.${detail.kind}`), format: facts.format.toUpperCase() })
    : label(detail, facts);
}

/** A format's label, or the name that a cross-check library gave it. */
function label({ label: name = "", kind }: Detail, { format }: Facts): Text {
  return text("label", { label: name, format: format?.toUpperCase() ?? name, kind: kind ? text(kind) : "" });
}
