import type { Reading } from "../facts/evidence.ts";
import { evaluateReadings } from "./evaluate-readings.ts";
import { boundsOf as bounds, type Limit, type Observation } from "./limit.ts";
import type { SetRules } from "./schema.ts";
import type { RuleResult } from "./verdict.ts";

/** Seconds: one value, all claims about it, or null where it is unknown. */
export type Seconds = number | readonly Reading<number>[] | null;

/** The references of one generation request. */
export interface References {
  /** How many. */
  images?: number | undefined;
  /** The durations, one for each. */
  videos?: readonly Seconds[] | undefined;
  audios?: readonly Seconds[] | undefined;
  firstFrame?: boolean | undefined;
  lastFrame?: boolean | undefined;
}

export interface SetOptions {
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
}

type Clips = "videos" | "audios";

/**
 * References × set rules → results: `set/videos-count`, `set/videos-duration` (the sum),
 * `set/videos-duration-each`, `set/audios-needs-visual`, `set/frames-exclude-references`. A kind of which there is
 * none is not judged: a printed "1 – 9" limits what is given.
 */
export function judgeSet(set: SetRules, references: References, options: SetOptions = {}): RuleResult[] {
  const { images = 0, videos = [], audios = [] } = references;
  const out: RuleResult[] = [];
  const counts = { images, videos: videos.length, audios: audios.length };
  for (const kind of ["images", "videos", "audios"] as const) {
    const limit = set[kind]?.count;
    if (limit && counts[kind] > 0)
      out.push(
        weighed(
          `set/${kind}-count`,
          "count",
          kind,
          [reading(counts[kind])],
          bounds(limit),
          [],
          options,
          null,
        ),
      );
  }
  for (const kind of ["videos", "audios"] as const)
    out.push(...durations(set, kind, references[kind] ?? [], options));
  if (set.audios?.needs && counts.audios > 0)
    out.push(plain("set/audios-needs-visual", "needs-visual", images + videos.length > 0));
  const framed = references.firstFrame === true || references.lastFrame === true;
  if (set.frames?.excludes && framed)
    out.push(
      plain(
        "set/frames-exclude-references",
        "exclude-references",
        images + videos.length + audios.length === 0,
      ),
    );
  return out;
}

function durations(set: SetRules, kind: Clips, clips: readonly Seconds[], options: SetOptions): RuleResult[] {
  const row = set[kind]?.duration;
  if (!row || clips.length === 0) return [];
  const out: RuleResult[] = [];
  const { each, sum, observed } = row;
  const seen = (limit: Limit | undefined): Observation[] =>
    limit && observed
      ? [{ limit, confidence: observed.confidence, checked: observed.checked, source: observed.source }]
      : [];
  const claims = clips.map(claimsOf);
  if (each)
    claims.forEach((readings, i) => {
      const id = `set/${kind}-duration-each`;
      out.push(weighed(id, "each", kind, readings, bounds(each), seen(observed?.each), options, "s", i + 1));
    });
  if (sum) {
    const known = claims.filter((readings) => readings.length > 0);
    const total = (pick: (values: number[]) => number): number =>
      Math.round(known.reduce((all, readings) => all + pick(readings.map((r) => r.value)), 0) * 1e6) / 1e6;
    const least = total((values) => Math.min(...values));
    const totals = [total((values) => values[0] ?? 0), least, total((values) => Math.max(...values))];
    const readings = [...new Set(totals)].map(reading);
    const judged = weighed(
      `set/${kind}-duration`,
      "sum",
      kind,
      readings,
      bounds(sum),
      seen(observed?.sum),
      options,
      "s",
    );
    // What is known may be too long already; that it fits is only known once all is.
    const unread = known.length < claims.length && !(judged.verdict === "fail" && judged.operator === "max");
    out.push(unread ? { ...judged, verdict: "unsure", reason: "unread" } : judged);
  }
  return out;
}

function weighed(
  rule: string,
  test: string,
  kind: string,
  readings: Reading<number>[],
  limit: Limit,
  observed: Observation[],
  options: SetOptions,
  unit: "s" | null,
  index?: number,
): RuleResult {
  const values = [...new Set(readings.map((r) => r.value))];
  const base: RuleResult = {
    rule,
    subject: "set",
    verdict: "pass",
    actual: values[0] ?? null,
    limit,
    unit,
    readings: values.length > 1 ? readings : [],
    detail: { test, kind, ...(index ? { index: String(index) } : {}) },
  };
  if (values.length === 0) return { ...base, verdict: "unsure", reason: "unread" };
  const loose = options.limits === "observed" && observed[0] ? { ...limit, ...observed[0].limit } : limit;
  const {
    outcome,
    operator,
    observed: by,
  } = evaluateReadings(values, [loose], loose === limit ? observed : [], options.strict === true);
  if (outcome === "pass") return { ...base, limit: loose };
  const more = { ...base, limit: loose, ...(operator ? { operator } : {}), ...(by ? { observed: by } : {}) };
  if (outcome === "settled") return { ...more, verdict: "note" };
  return outcome === "fail"
    ? { ...more, verdict: "fail", reason: "limit" }
    : { ...more, verdict: "unsure", reason: "reading" };
}

function plain(rule: string, test: string, holds: boolean): RuleResult {
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

function claimsOf(seconds: Seconds): Reading<number>[] {
  const claims = typeof seconds === "number" ? [reading(seconds)] : (seconds ?? []);
  return claims.every((r) => Number.isFinite(r.value) && r.value >= 0) ? [...claims] : [];
}

function reading(value: number): Reading<number> {
  return { value, from: "file" };
}
