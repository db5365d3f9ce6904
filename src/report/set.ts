import type { Reading } from "../facts/evidence.ts";
import { noFacts } from "../facts/facts.ts";
import type { Kind } from "../facts/formats.ts";
import type { SetRules, Table } from "../rules/schema.ts";
import { evaluateSet, type References, type Seconds, type SetOptions } from "../rules/sets.ts";
import { type Verdict, worstOf } from "../rules/verdict.ts";
import type { Messages } from "./messages/en.ts";
import { type Locale, loadMessages } from "./messages/locales.ts";
import { makeFinding, renderResults } from "./render.ts";
import type { Finding, Report } from "./report.ts";
import { text } from "./text.ts";

interface Language {
  locale?: Locale | Messages | null | undefined;
}

/** Evaluates a set's rules on the references of one request. Findings that pass are left out. */
export function setFindings(
  set: SetRules,
  references: References,
  options: SetOptions & Language = {},
): Promise<Finding[]> {
  const results = evaluateSet(set, references, options).filter(({ verdict }) => verdict !== "pass");
  return renderResults(results, noFacts, options.locale);
}

/** The result of `check --set` for all files together. */
export interface SetReport {
  /** The set's name in the rule table: "reference-to-video". */
  set: string;
  /**
   * The worst of the set's findings and of the files' own verdicts. If only a file does not pass by itself, `findings` is
   * empty: the reasons are in that file's report.
   */
  verdict: Verdict;
  /** Findings on the files together: rules `set/…`. */
  findings: Finding[];
  /** The files, as their reports name them. */
  files: (string | null)[];
}

/** One file of a set: its report, or an entry for a file that could not be checked. */
export type SetMember = Report | { file: string | null; verdict: null };

/**
 * Evaluates the rules of `table.sets[name]` on local files: counts, total durations, exclusions. Check the files with
 * `findings: "all"`, so that their reports have all readings of a duration. Null if the table has no such set.
 */
export async function buildSetReport(
  name: string,
  members: readonly SetMember[],
  table: Table,
  options: SetOptions & Language = {},
): Promise<SetReport | null> {
  const set = Object.hasOwn(table.sets ?? {}, name) ? table.sets?.[name] : undefined;
  if (!set) return null;
  const reports = members.filter((member): member is Report => member.verdict !== null);
  const of = (kind: Kind): Report[] => reports.filter(({ type }) => type === kind);
  const references: References = {
    images: of("image").length,
    videos: of("video").map(secondsOf),
    audios: of("audio").map(secondsOf),
  };
  const findings = await setFindings(set, references, options);
  const unchecked = members.length - reports.length;
  if (unchecked > 0) findings.push(await uncheckedFinding(unchecked, options));
  return {
    set: name,
    verdict: worstOf([...findings, ...reports]),
    findings,
    files: members.map(({ file }) => file),
  };
}

/** All readings of a clip's duration that its report has. */
export function secondsOf(report: Report): Seconds {
  const found = report.findings.find(({ rule }) => rule === `${report.type}/duration`);
  const readings = (found?.readings ?? []).filter(
    (one): one is Reading<number> => typeof one.value === "number",
  );
  return readings.length > 0 ? readings : report.facts.duration;
}

async function uncheckedFinding(n: number, { locale }: Language): Promise<Finding> {
  return makeFinding(
    {
      rule: "set/files",
      verdict: "unsure",
      reason: "unread",
      actual: n,
      limit: null,
      unit: null,
      readings: [],
    },
    { message: text("set.unchecked", { n }), hint: null },
    await loadMessages(locale),
  );
}
