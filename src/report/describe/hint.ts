import type { Facts } from "../../facts/facts.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, text } from "../text.ts";
import { roundDown } from "../units.ts";
import { readingsDisagree } from "./limit-message.ts";
import { bounds, durationHint, margin, numberHint } from "./number-hint.ts";
import { readingHint } from "./reading-hint.ts";
import { pixelSize } from "./value.ts";

/** What to do about a result, or null. */
export function hintFor(result: RuleResult, facts: Facts): Text | null {
  const { subject, verdict, target, detail = {} } = result;
  if (verdict === "pass") return null;
  if (subject === "cross-check") return result.reason ? text("hint.crossCheck") : null;
  if (result.reason === "unread" && !result.condition) return unreadHint(result);
  if (result.reason === "reading" && readingsDisagree(result)) {
    const hint = readingHint(result, facts);
    if (hint) return hint;
  }
  if (target) {
    const key = !target.reshape ? "hint.scale" : isCrop(target, facts) ? "hint.crop" : "hint.reshape";
    return text(key, pixelSize(target));
  }
  const accepted = result.limit?.in;
  switch (subject) {
    case "type":
      return detail.accepted ? text("hint.declare", { kind: text(detail.kind ?? "") }) : null;
    case "format":
      if (result.damage) return damageHint(result.damage.code);
      return accepted && facts.format !== null && result.rule.startsWith(`${detail.kind}/`)
        ? text("hint.convert", { list: accepted })
        : detail.kind
          ? null
          : text("hint.chooseAgain");
    case "integrity":
      return damageHint(result.damage?.code);
    case "extension":
      return text("hint.rename", { wanted: detail.wanted ?? "" });
    case "videoCodec":
    case "audioCodec":
      return accepted?.length ? text("hint.codec", { list: accepted }) : null;
    case "set":
      return setHint(result);
    default:
      return verdict === "note" ? null : numberHint(result, facts);
  }
}

/** Pixels by which a side may differ that is not meant to change: sizes are rounded to what encoders take. */
const rounding = 10;

/** Whether cutting one side alone gives the size. */
function isCrop(size: { width: number; height: number }, { width, height }: Facts): boolean {
  if (width === null || height === null || size.width > width || size.height > height) return false;
  return width - size.width <= rounding || height - size.height <= rounding;
}

function unreadHint({ unread }: RuleResult): Text | null {
  const code = unread?.why.code;
  if (code === "budget") return text("hint.budget");
  return code === "encrypted" ? text("hint.decrypt") : null;
}

const repairs: Readonly<Record<string, string>> = {
  empty: "hint.chooseAgain",
  "all-zero": "hint.copyAgain",
  "zero-filled": "hint.copyAgain",
  "cut-short": "hint.copyAgain",
  "line-endings": "hint.binaryCopy",
  "no-index": "hint.exportAgain",
  "no-tracks": "hint.exportAgain",
  "no-picture": "hint.exportAgain",
  "no-media-data": "hint.exportAgain",
};

function damageHint(code = ""): Text {
  return text(repairs[code] ?? "hint.again");
}

function setHint(result: RuleResult): Text | null {
  const { test } = result.detail ?? {};
  const { low, high } = bounds(result);
  const { actual } = result;
  if (test === "needs-visual" || test === "exclude-references") return text(`hint.${test}`);
  if (test === "each") return durationHint(result);
  if (typeof actual !== "number") return null;
  if (high !== undefined && (actual > high || result.operator === "max"))
    return text(test === "sum" ? "hint.setTrim" : "hint.setFewer", {
      n: test === "sum" ? roundDown(high - margin, 1) : Math.max(1, actual - high),
    });
  if (low !== undefined && actual < low)
    return text(test === "sum" ? "hint.setLonger" : "hint.setMore", {
      n: test === "sum" ? low : low - actual,
    });
  return null;
}
