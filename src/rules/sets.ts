import type { Reading } from "../facts/evidence.ts";
import { evaluateReadings } from "./evaluate-readings.ts";
import { boundsOf, type Limit, type Observation } from "./limit.ts";
import type { SetRules } from "./schema.ts";
import type { RuleResult } from "./verdict.ts";

/** A duration in seconds: one value, all its readings, or null if unknown. */
export type Seconds = number | readonly Reading<number>[] | null;

/** The references of one generation request. */
export interface References {
  /** The number of reference images. */
  images?: number | undefined;
  /** The duration of each clip. */
  videos?: readonly Seconds[] | undefined;
  audios?: readonly Seconds[] | undefined;
  firstFrame?: boolean | undefined;
  lastFrame?: boolean | undefined;
}

export interface SetOptions {
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
}

/** What a rule of a set tests; also the message key after `set.`. */
type Test = "count" | "total" | "each" | "sum" | "needs-visual" | "exclude-references";

const kinds = ["images", "videos", "audios"] as const;
type Kinds = (typeof kinds)[number];

/**
 * Evaluates the rules of a set on the references of a request: `set/<kind>-count`, `set/total-count`,
 * `set/<kind>-duration` (the sum), `set/<kind>-duration-each`, `set/audios-needs-visual`,
 * `set/frames-exclude-references`. A kind without references is not evaluated: a documented "1 – 9" limits only what is
 * given.
 */
export function evaluateSet(set: SetRules, references: References, options: SetOptions = {}): RuleResult[] {
  const { images = 0, videos = [], audios = [] } = references;
  const counts = { images, videos: videos.length, audios: audios.length };
  const total = counts.images + counts.videos + counts.audios;
  const framed = references.firstFrame === true || references.lastFrame === true;
  const out: RuleResult[] = [];
  for (const kind of kinds)
    out.push(
      ...count(
        `set/${kind}-count`,
        "count",
        countLimitOf(set, kind, videos.length > 0),
        counts[kind],
        options,
        kind,
      ),
    );
  out.push(...count("set/total-count", "total", set.total?.count, total, options));
  out.push(...durations(set, "videos", videos, options), ...durations(set, "audios", audios, options));
  if (set.audios?.needs && counts.audios > 0)
    out.push(conditionResult("set/audios-needs-visual", "needs-visual", images + videos.length > 0));
  if (set.frames?.excludes && framed)
    out.push(conditionResult("set/frames-exclude-references", "exclude-references", total === 0));
  return out;
}

/** Some models accept fewer images if the request has videos. */
function countLimitOf(set: SetRules, kind: Kinds, withVideos: boolean): Limit | undefined {
  const beside = kind === "images" && withVideos ? set.images?.countWithVideos : undefined;
  return beside ?? set[kind]?.count;
}

function count(
  rule: string,
  test: Test,
  row: Limit | undefined,
  n: number,
  options: SetOptions,
  kind?: Kinds,
): RuleResult[] {
  if (!row || n === 0) return [];
  const detail = { test, ...(kind ? { kind } : {}) };
  return [
    evaluateNumber({ rule, detail, unit: null, limit: boundsOf(row), observed: [] }, [reading(n)], options),
  ];
}

/** The limits on each clip's duration and on their sum. */
function durations(
  set: SetRules,
  kind: "videos" | "audios",
  clips: readonly Seconds[],
  options: SetOptions,
): RuleResult[] {
  const row = set[kind]?.duration;
  if (!row || clips.length === 0) return [];
  const { each, sum, observed } = row;
  const observations = (limit: Limit | undefined): Observation[] =>
    limit && observed
      ? [{ limit, confidence: observed.confidence, checked: observed.checked, source: observed.source }]
      : [];
  const readings = clips.map(secondsReadings);
  const out: RuleResult[] = [];
  if (each)
    readings.forEach((ofClip, i) => {
      const rule: NumberRule = {
        rule: `set/${kind}-duration-each`,
        detail: { test: "each", kind, index: String(i + 1) },
        unit: "s",
        limit: boundsOf(each),
        observed: observations(observed?.each),
      };
      out.push(evaluateNumber(rule, ofClip, options));
    });
  if (sum) {
    const rule: NumberRule = {
      rule: `set/${kind}-duration`,
      detail: { test: "sum", kind },
      unit: "s",
      limit: boundsOf(sum),
      observed: observations(observed?.sum),
    };
    out.push(evaluateSum(rule, readings, options));
  }
  return out;
}

/** Evaluates the sum of durations: of the first readings, of the shortest and of the longest. */
function evaluateSum(
  rule: NumberRule,
  readings: readonly Reading<number>[][],
  options: SetOptions,
): RuleResult {
  const known = readings.filter((ofClip) => ofClip.length > 0);
  const total = (pick: (values: number[]) => number): number =>
    Math.round(known.reduce((all, ofClip) => all + pick(ofClip.map((r) => r.value)), 0) * 1e6) / 1e6;
  const totals = [
    total((values) => values[0] ?? 0),
    total((values) => Math.min(...values)),
    total((values) => Math.max(...values)),
  ];
  const result = evaluateNumber(rule, [...new Set(totals)].map(reading), options);
  if (known.length === readings.length) return result;
  // The known durations may already be too long; that they fit is known only if none is missing.
  if (result.verdict === "fail" && (result.operator === "max" || result.operator === "below")) return result;
  return { ...result, verdict: "unsure", reason: "unread" };
}

interface NumberRule {
  rule: string;
  detail: Readonly<Record<string, string>> & { test: Test };
  unit: "s" | null;
  limit: Limit;
  observed: Observation[];
}

function evaluateNumber(
  { rule, detail, unit, limit, observed }: NumberRule,
  readings: Reading<number>[],
  options: SetOptions,
): RuleResult {
  const values = [...new Set(readings.map((r) => r.value))];
  const loosened = options.limits === "observed" ? observed[0] : undefined;
  const applied = loosened ? { ...limit, ...loosened.limit } : limit;
  const base: RuleResult = {
    rule,
    subject: "set",
    verdict: "pass",
    actual: values[0] ?? null,
    limit: values.length === 0 ? limit : applied,
    unit,
    readings: values.length > 1 ? readings : [],
    detail,
  };
  if (values.length === 0) return { ...base, verdict: "unsure", reason: "unread" };
  const seen = loosened ? [] : observed;
  const {
    outcome,
    operator,
    observed: by,
  } = evaluateReadings(values, [applied], seen, options.strict === true);
  if (outcome === "pass") return base;
  const broken = { ...base, ...(operator ? { operator } : {}), ...(by ? { observed: by } : {}) };
  if (outcome === "resolved") return { ...broken, verdict: "note" };
  return outcome === "fail"
    ? { ...broken, verdict: "fail", reason: "limit" }
    : { ...broken, verdict: "unsure", reason: "reading" };
}

function conditionResult(rule: string, test: Test, holds: boolean): RuleResult {
  return {
    rule,
    subject: "set",
    verdict: holds ? "pass" : "fail",
    ...(holds ? {} : { reason: "limit" as const }),
    actual: null,
    limit: null,
    unit: null,
    readings: [],
    detail: { test },
  };
}

function secondsReadings(seconds: Seconds): Reading<number>[] {
  const readings = typeof seconds === "number" ? [reading(seconds)] : (seconds ?? []);
  return readings.every((r) => Number.isFinite(r.value) && r.value >= 0) ? [...readings] : [];
}

function reading(value: number): Reading<number> {
  return { value, from: "file" };
}
