import type { Facts } from "../facts/evidence.ts";
import { broken, type Limit, type Operator } from "../rules/limit.ts";
import type { RuleResult } from "../rules/verdict.ts";
import { escapeControls } from "./escape.ts";
import type { Messages } from "./messages/en.ts";
import { formatNumber, roundUp } from "./units.ts";

/** A finding's words. */
export interface Description {
  message: string;
  hint: string | null;
}

/** A judgement in the words of `messages`; pure. */
export function describe(judgement: RuleResult, facts: Facts, messages: Messages): Description {
  const say = teller(messages);
  return { message: message(judgement, facts, say), hint: hint(judgement, facts, say) };
}

type Words = Readonly<Record<string, string | number | undefined>>;
/** Says a text by its key, with its {names} filled in. */
export type Say = (key: string | undefined, values?: Words) => string;

/** Fills templates in; a key that no locale knows is its own text. */
export function teller(texts: Words): Say {
  return (key = "", values = {}) =>
    String(texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function message(j: RuleResult, facts: Facts, say: Say): string {
  const { subject, verdict, limit, damage, detail = {} } = j;
  const a = named(detail, facts.format, say);
  if (j.reason === "unread") return unreadText(j, say);
  switch (subject) {
    case "type":
      if (verdict === "pass") return say(detail.kind ?? facts.format ?? "type");
      return detail.table
        ? say("type.none", { table: escapeControls(detail.table), kind: say(detail.kind) })
        : say("type.mismatch", { declared: say(detail.declared), a });
    case "format":
      if (damage) return say("format.empty");
      if (!a) return say("format.unknown");
      return say(`format.${verdict === "pass" ? "pass" : !limit ? "nothing" : limit.in ? "in" : "other"}`, {
        a,
        list: list(limit?.in, say),
      });
    case "integrity": {
      if (!damage) return say("integrity.pass");
      const { code, part, missing } = damage;
      const key = `integrity.${code}${code === "cut-short" && missing !== null ? ".n" : ""}`;
      return say(key, { part: escapeControls(part), n: formatNumber(missing ?? 0, 0) });
    }
    case "extension":
      return say("extension.note", { a, extension: escapeControls(detail.extension ?? "") });
    case "cross-check":
      return say("crossCheck.note", { crossCheck: detail.crossCheck, why: escapeControls(detail.why ?? "") });
    default:
      return subject === "set" && !limit ? say(`set.${detail.test}`) : limitText(j, facts, say);
  }
}

function limitText(j: RuleResult, facts: Facts, say: Say): string {
  const { limit, operator, observed, actual, readings, or = [] } = j;
  const value = valueText(j, actual, facts, say);
  if (j.detail?.presence) return say(j.detail.presence, { value, property: say(j.subject) });
  const whole = (): string => interval(j, limit ?? {}, say);
  if (!operator) return say(whole() ? "pass" : "passed", { value, limit: whole() });
  const { low, high } = ends(j);
  const failing = culprit(j);
  const open = openBound(j);
  const text = say(operator, {
    value: failing === actual ? value : valueText(j, failing, facts, say),
    bound: boundText(j, operator, say) ?? plainValue(limit?.[operator] ?? open, j),
    list: list(limit?.in ?? limit?.ratios, say),
    whole: low !== undefined && high !== undefined ? say("whole", { limit: whole() }) : "",
  });
  const seen = observed && {
    ...observed,
    confidence: say(observed.confidence),
    limit: interval({ ...j, printed: undefined as never }, observed.limit, say),
  };
  if (seen && j.verdict === "note")
    return failing !== null && failing === open
      ? say("edge", { value, ...seen })
      : say("settled", { text, ...seen });
  if (j.reason === "reading") {
    const claims = readings.map((r) => `${plainValue(r.value, j)} (${say(r.from)})`);
    const limits = or.length ? [limit ?? {}, ...or].map((l) => interval(j, l, say, true)) : [];
    return say("unsure", { text, readings: [...new Set([...claims, ...limits])].join(", ") });
  }
  return seen ? text + say("inside", seen) : text;
}

/** The lower and the upper bound of a limit, open or closed. */
function ends({ limit }: RuleResult): { low: number | undefined; high: number | undefined } {
  const { min, above, max, below } = limit ?? {};
  return { low: min ?? above, high: max ?? below };
}

/** The reading that breaks the limit: the first one, unless only another does. */
function culprit({ limit, operator, actual, readings }: RuleResult): RuleResult["actual"] {
  if (!limit || !operator) return actual;
  const bound = { [operator]: limit[operator] };
  const claims = [actual, ...readings.map((r) => r.value)];
  return claims.find((v) => typeof v === "number" && broken(bound, v) !== null) ?? actual;
}

/** The open bound of another reading, where the first reading of the limit holds. */
function openBound({ operator, or }: RuleResult): unknown {
  return operator && or?.find((l) => l[operator] !== undefined)?.[operator];
}

function valueText(j: RuleResult, value: RuleResult["actual"], facts: Facts, say: Say): string {
  const n = plainValue(value, j);
  const { subject, detail: { test, kind, index } = {} } = j;
  if (test) return say(`set.${test}`, { n, kind: say(kind), index });
  const size = `${Math.round(facts.width ?? 0)}×${Math.round(facts.height ?? 0)}`;
  const key = `value.${subject}`;
  const text = say(key, { n, size });
  return text === key || (subject === "pixels" && value !== facts.pixels)
    ? say("value.other", { property: say(subject), n })
    : text;
}

function plainValue(value: unknown, { subject, limit }: RuleResult): string {
  if (typeof value !== "number") return escapeControls(String(value ?? ""));
  const digits = subject === "aspectRatio" ? 4 : 3;
  // Rounding must not make a value look like the very bound that it misses.
  const { min, max, above, below } = limit ?? {};
  const rounded = formatNumber(value, digits);
  const misleading = [min, max, above, below].some(
    (b = value) => b !== value && Math.abs(b - value) < 1e-3 && formatNumber(b, digits) === rounded,
  );
  return misleading ? formatNumber(value, 6) : rounded;
}

/** "50 MB (50,000,000 or 52,428,800 bytes)" where the table prints a unit with readings. */
function boundText({ printed, limit }: RuleResult, operator: Operator, say: Say): string | null {
  const stated = printed?.limit[operator];
  const bound = limit?.[operator];
  if (typeof stated !== "number" || typeof bound !== "number") return null;
  const readings = [...new Set([bound, printed?.unit === "MB" ? stated * 2 ** 20 : bound])];
  const n = readings.map((bytes) => formatNumber(bytes, 0)).join(` ${say("or")} `);
  return `${formatNumber(stated)} ${printed?.unit} (${say("bytes", { n })})`;
}

/** Words for the bounds of one side, in the order in which they are said. */
const sides = { min: "from", above: "moreThan", max: "upTo", below: "lessThan" } as const;

function interval(j: RuleResult, limit: Limit, say: Say, exact = false): string {
  const said = (key: keyof typeof sides): string =>
    limit[key] === undefined
      ? ""
      : ((exact || limit !== j.limit ? null : boundText(j, key, say)) ?? plainValue(limit[key], j));
  const [min, max] = [said("min"), said("max")];
  if (min && max) return `${min} – ${max}`;
  const parts = (Object.keys(sides) as (keyof typeof sides)[]).flatMap((key) => {
    const n = said(key);
    return n ? [say(sides[key], { n })] : [];
  });
  const among = limit.in ?? limit.ratios ?? (limit.equals === undefined ? [] : [limit.equals]);
  return parts.join(", ") || list(among as readonly (string | number)[], say);
}

function list(words: readonly (string | number)[] = [], say: Say): string {
  const all = words.map((word) => escapeControls(String(word)));
  const last = all.pop() ?? "";
  return all.length ? `${all.join(", ")} ${say("or")} ${last}` : last;
}

/** What the file is called: a format by its label, what only a cross-check library knows as the cross-check library says. */
function named({ label, kind }: Record<string, string>, format: string | null, say: Say): string {
  if (!label || format === null) return escapeControls(label ?? "");
  return say("named", { label, format: format.toUpperCase(), kind: say(kind) }).trim();
}

function unreadText({ subject, unread }: RuleResult, say: Say): string {
  if (unread?.why.code === "encrypted") return say("integrity.encrypted");
  const { code = "none", which, what = "" } = (unread?.why ?? {}) as Partial<Record<string, string>>;
  return say("unread", {
    property: say(subject === "set" ? "duration" : subject),
    why: say(`why.${code}`, { which, what: escapeControls(what) }),
  });
}

function hint(j: RuleResult, facts: Facts, say: Say): string | null {
  const { subject, verdict, target, detail = {} } = j;
  if (verdict === "pass") return null;
  if (j.reason === "unread" && j.unread?.why.code === "encrypted") return say("hint.decrypt");
  if (j.reason === "unread") return j.unread?.why.code === "budget" ? say("hint.remux") : null;
  if (target) return say(target.reshape ? "hint.reshape" : "hint.scale", { ...target, reshape: "" });
  const among = j.limit?.in;
  switch (subject) {
    case "type":
      return detail.accepted ? say("hint.declare", { kind: say(detail.kind) }) : null;
    case "format":
      return among && facts.format !== null && j.rule.startsWith(`${detail.kind}/`)
        ? say("hint.convert", { list: list(among, say) })
        : null;
    case "integrity":
      return say("hint.again");
    case "extension":
      return say("hint.rename", { wanted: detail.wanted });
    case "videoCodec":
    case "audioCodec":
      return among?.length ? say("hint.codec", { list: list(among, say) }) : null;
    default:
      return verdict === "note" ? null : nearer(j, facts, say);
  }
}

/** How a number that blocks comes inside its limit. */
function nearer(j: RuleResult, facts: Facts, say: Say): string | null {
  const { subject, actual } = j;
  const { low = 0, high = Number.POSITIVE_INFINITY } = ends(j);
  if (subject === "duration") {
    const claims = [actual, ...j.readings.map((r) => r.value)].filter((v) => typeof v === "number");
    const over = Math.max(0, ...claims) - high;
    const short = low - Math.min(Number.POSITIVE_INFINITY, ...claims);
    if (over > 0) return say("hint.trim", { n: formatNumber(roundUp(over, 3)) });
    return short > 0 ? say("hint.lengthen", { n: formatNumber(roundUp(short, 3)) }) : null;
  }
  if (typeof actual !== "number") return null;
  if (subject === "frameRate") {
    const away = (rate: number): number => Math.abs(rate - actual);
    const rates = [24, 25, 30, 50, 60].filter((rate) => rate >= low && rate <= high);
    const { low: least, high: most } = ends(j);
    const target = rates.sort((a, b) => away(a) - away(b))[0] ?? least ?? most;
    return target === undefined ? null : say("hint.fps", { n: formatNumber(target) });
  }
  if (subject !== "size" || actual < high) return null;
  const bytes = j.limit?.max === undefined ? high - 1 : high;
  const n = formatNumber(bytes, 0);
  const rate = facts.duration ? Math.floor((bytes * 8) / facts.duration / 1e5) / 10 : 0;
  return rate > 0 ? say("hint.bitRate", { rate: formatNumber(rate, 1), n }) : say("hint.shrink", { n });
}
