import type { Facts } from "../facts/evidence.ts";
import { broken, type Limit, type Operator } from "../rules/limit.ts";
import type { Judgement } from "../rules/verdict.ts";
import { escapeControls } from "./escape.ts";
import type { Messages } from "./messages/en.ts";
import { number, roundUp } from "./units.ts";

/** A finding's words. */
export interface Description {
  message: string;
  hint: string | null;
}

/** A judgement in the words of `messages`; pure. */
export function describe(judgement: Judgement, facts: Facts, messages: Messages): Description {
  const say = teller(messages);
  return { message: message(judgement, facts, say), hint: hint(judgement, facts, say) };
}

type Say = (key: string, values?: Record<string, string | number>) => string;

/** Fills a template in; a key that no locale knows is its own text. */
function teller(messages: Messages): Say {
  const texts: Readonly<Record<string, string | undefined>> = messages;
  return (key, values) => {
    const template = texts[key] ?? key;
    return values
      ? template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""))
      : template;
  };
}

function message(j: Judgement, facts: Facts, say: Say): string {
  const detail = j.detail ?? {};
  const a = named(detail, facts.format, say);
  if (j.reason === "unread") return unreadText(j, say);
  switch (j.subject) {
    case "type":
      if (j.verdict === "pass") return say(detail.kind ?? facts.format ?? "type");
      if (detail.table)
        return say("type.none", { table: escapeControls(detail.table), kind: say(detail.kind ?? "") });
      return say("type.mismatch", { declared: say(detail.declared ?? ""), a });
    case "format":
      if (j.damage) return say("format.empty");
      if (!a) return say("format.unknown");
      if (j.verdict === "pass") return say("format.pass", { a });
      if (!j.limit) return say("format.nothing", { a });
      return j.limit.in ? say("format.in", { a, list: list(j.limit.in, say) }) : say("format.other", { a });
    case "integrity": {
      if (!j.damage) return say("integrity.pass");
      const { code, part, missing } = j.damage;
      const key = `integrity.${code}${code === "cut-short" && missing !== null ? ".n" : ""}`;
      return say(key, { part: escapeControls(part), n: number(missing ?? 0, 0) });
    }
    case "set":
      return j.limit ? limitText(j, facts, say) : say(`set.${detail.test}`);
    case "extension":
      return say("extension.note", { a, extension: escapeControls(detail.extension ?? "") });
    case "witness":
      return say("witness.note", { witness: detail.witness ?? "", why: escapeControls(detail.why ?? "") });
    default:
      return limitText(j, facts, say);
  }
}

function limitText(j: Judgement, facts: Facts, say: Say): string {
  const value = valueText(j, j.actual, facts, say);
  if (j.detail?.presence) return say(j.detail.presence, { value, property: say(j.subject) });
  const whole = j.limit ? interval(j, j.limit, say) : "";
  if (!j.operator) return whole ? say("pass", { value, limit: whole }) : say("passed", { value });
  const bound = j.limit?.[j.operator];
  const { low, high } = ends(j.limit ?? {});
  const failing = culprit(j);
  const text = say(j.operator, {
    value: failing === j.actual ? value : valueText(j, failing, facts, say),
    bound: boundText(j, j.operator, say) ?? plainValue(bound ?? openBound(j), j),
    list: list(j.limit?.in ?? j.limit?.ratios ?? [], say),
    whole: low !== undefined && high !== undefined ? say("whole", { limit: whole }) : "",
  });
  const seen = j.observed && {
    limit: interval({ ...j, printed: undefined as never }, j.observed.limit, say),
    confidence: j.observed.confidence,
    checked: j.observed.checked,
  };
  if (seen && j.verdict === "note" && failing !== null && failing === openBound(j))
    return say("edge", { value, ...seen });
  if (seen && j.verdict === "note") return say("settled", { text, ...seen });
  if (j.reason === "reading") {
    const claims = j.readings.map((r) => `${plainValue(r.value, j)} (${r.from})`);
    const limits = (j.or ?? []).length
      ? [j.limit ?? {}, ...(j.or ?? [])].map((l) => interval(j, l, say, true))
      : [];
    return say("unsure", { text, readings: [...new Set([...claims, ...limits])].join(", ") });
  }
  return seen ? text + say("inside", seen) : text;
}

/** The lower and the upper bound of a limit, open or closed. */
const ends = ({ min, above, max, below }: Limit) => ({ low: min ?? above, high: max ?? below });

/** The reading that breaks the limit: the first one, unless only another does. */
function culprit(j: Judgement): Judgement["actual"] {
  const { limit, operator } = j;
  if (j.readings.length === 0 || !limit || !operator) return j.actual;
  const bound = { [operator]: limit[operator] };
  const breaks = (v: unknown): boolean => typeof v === "number" && broken(bound, v) !== null;
  return breaks(j.actual) ? j.actual : (j.readings.find((r) => breaks(r.value))?.value ?? j.actual);
}

/** The open bound of another reading, where the first reading of the limit holds. */
function openBound(j: Judgement): unknown {
  return j.operator ? j.or?.find((l) => l[j.operator as Operator] !== undefined)?.[j.operator] : undefined;
}

function valueText(j: Judgement, value: Judgement["actual"], facts: Facts, say: Say): string {
  const n = plainValue(value, j);
  const { test, kind, index } = j.detail ?? {};
  if (test) return say(`set.${test}`, { n, kind: say(kind ?? ""), index: index ?? "" });
  const size = `${number(facts.width ?? 0, 0)}×${number(facts.height ?? 0, 0)}`.replaceAll(",", "");
  if (j.subject === "pixels" && value !== facts.pixels)
    return say("value.other", { property: say("pixels"), n });
  const key = `value.${j.subject}`;
  const text = say(key, { n, size });
  return text === key ? say("value.other", { property: say(j.subject), n }) : text;
}

function plainValue(value: unknown, j: Judgement): string {
  if (typeof value !== "number") return escapeControls(String(value ?? ""));
  const digits = j.subject === "aspectRatio" ? 4 : 3;
  // Rounding must not make a value look like the very bound that it misses.
  const { min, max, above, below } = j.limit ?? {};
  const rounded = number(value, digits);
  const misleading = [min, max, above, below].some(
    (b = value) => b !== value && Math.abs(b - value) < 1e-3 && number(b, digits) === rounded,
  );
  return misleading ? number(value, 6) : rounded;
}

/** "50 MB (50,000,000 or 52,428,800 bytes)" where the table prints a unit with readings. */
function boundText(j: Judgement, operator: Operator, say: Say): string | null {
  const printed = j.printed?.limit[operator];
  const bound = j.limit?.[operator];
  if (typeof printed !== "number" || typeof bound !== "number" || !j.printed) return null;
  const readings = [...new Set([bound, j.printed.unit === "MB" ? printed * 2 ** 20 : bound])].map((n) =>
    number(n, 0),
  );
  return `${number(printed)} ${j.printed.unit} (${say("bytes", { n: readings.join(` ${say("or")} `) })})`;
}

/** Words for the bounds of one side, in the order in which they are said. */
const sides = { min: "from", above: "moreThan", max: "upTo", below: "lessThan" } as const;

function interval(j: Judgement, limit: Limit, say: Say, exact = false): string {
  const said = (key: keyof typeof sides): string | null =>
    limit[key] === undefined
      ? null
      : ((exact || limit !== j.limit ? null : boundText(j, key, say)) ?? plainValue(limit[key], j));
  const [min, max] = [said("min"), said("max")];
  if (min !== null && max !== null) return `${min} – ${max}`;
  const parts = (Object.keys(sides) as (keyof typeof sides)[]).flatMap((key) => {
    const n = said(key);
    return n === null ? [] : [say(sides[key], { n })];
  });
  if (parts.length) return parts.join(", ");
  const among = limit.in ?? limit.ratios ?? (limit.equals === undefined ? null : [limit.equals]);
  return among ? list(among as readonly (string | number)[], say) : "";
}

function list(words: readonly (string | number)[], say: Say): string {
  const all = words.map((word) => escapeControls(String(word)));
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} ${say("or")} ${all.at(-1)}`;
}

/** What the file is called: a format by its label, what only a witness knows as the witness says. */
function named({ label, kind }: Record<string, string>, format: string | null, say: Say): string {
  if (!label) return "";
  if (format === null) return escapeControls(label);
  return say("named", { label, format: format.toUpperCase(), kind: kind ? say(kind) : "" });
}

function unreadText(j: Judgement, say: Say): string {
  const why = j.unread?.why;
  const property = say(j.subject === "set" ? "duration" : j.subject);
  if (!why) return say("unread", { property, why: say("why.none") });
  return say("unread", {
    property,
    why: say(`why.${why.code}`, {
      which: why.code === "budget" ? why.which : "",
      what: why.code === "unsupported" ? escapeControls(why.what) : "",
    }),
  });
}

function hint(j: Judgement, facts: Facts, say: Say): string | null {
  if (j.verdict === "pass") return null;
  if (j.reason === "unread") return j.unread?.why.code === "budget" ? say("hint.remux") : null;
  if (j.target) return say(j.target.reshape ? "hint.reshape" : "hint.scale", { ...j.target, reshape: "" });
  const blocks = j.verdict !== "note";
  const actual = typeof j.actual === "number" ? j.actual : null;
  const limit = j.limit ?? {};
  const { low, high } = ends(limit);
  switch (j.subject) {
    case "type":
      return j.detail?.accepted ? say("hint.declare", { kind: say(j.detail.kind ?? "") }) : null;
    case "format": {
      const convertible = limit.in && facts.format !== null && j.rule.startsWith(`${j.detail?.kind}/`);
      return convertible ? say("hint.convert", { list: list(limit.in ?? [], say) }) : null;
    }
    case "integrity":
      return say("hint.again");
    case "extension":
      return say("hint.rename", { wanted: j.detail?.wanted ?? "" });
    case "videoCodec":
    case "audioCodec":
      return limit.in?.[0] === undefined ? null : say("hint.codec", { list: list(limit.in, say) });
    case "duration": {
      if (!blocks) return null;
      const claims = [j.actual, ...j.readings.map((r) => r.value)].filter((v) => typeof v === "number");
      const longest = Math.max(0, ...claims);
      const shortest = Math.min(Number.POSITIVE_INFINITY, ...claims);
      if (high !== undefined && longest > high)
        return say("hint.trim", { n: number(roundUp(longest - high, 3)) });
      if (low !== undefined && shortest < low)
        return say("hint.lengthen", { n: number(roundUp(low - shortest, 3)) });
      return null;
    }
    case "frameRate": {
      if (!blocks || actual === null) return null;
      const rates = [24, 25, 30, 50, 60].filter(
        (rate) => rate >= (low ?? 0) && rate <= (high ?? Number.POSITIVE_INFINITY),
      );
      const target = rates.sort((a, b) => Math.abs(a - actual) - Math.abs(b - actual))[0] ?? low ?? high;
      return target === undefined ? null : say("hint.fps", { n: number(target) });
    }
    case "size": {
      if (!blocks || high === undefined || actual === null || actual < high) return null;
      const most = limit.max === undefined ? high - 1 : high;
      const n = number(most, 0);
      const rate = facts.duration ? Math.floor((most * 8) / facts.duration / 1e5) / 10 : 0;
      return rate > 0 ? say("hint.bitRate", { rate: number(rate, 1), n }) : say("hint.shrink", { n });
    }
    default:
      return null;
  }
}
