import type { Format, Kind } from "../facts/formats.ts";
import { readFormats } from "../facts/read-formats.ts";
import { isSelected, type RuleSelection } from "../preflight/select-rules.ts";
import type { Report } from "../report/report.ts";
import { tableOf } from "../report/report-table.ts";
import { type Property, ruleName } from "../rules/properties.ts";
import type { Table, TypeRules } from "../rules/schema.ts";
import { defaultTable } from "../rules/tables.ts";
import { requirePlanArguments } from "./option-names.ts";
import { planAudio } from "./plan/audio.ts";
import { CannotFix } from "./plan/cannot-error.ts";
import { commandFor } from "./plan/command.ts";
import { planImage } from "./plan/image.ts";
import { limitsOf } from "./plan/limits.ts";
import type { Planning } from "./plan/planning.ts";
import { sourceOf } from "./plan/source.ts";
import { blockedBy, subjectsOf, targetEvidence } from "./plan/target.ts";
import { type Draft, type FixChoices, type FixPlan, firstAttempt, type PlanContext } from "./plan/types.ts";
import { planVideo } from "./plan/video.ts";

const planners = { image: planImage, video: planVideo, audio: planAudio } as const;

const cameraRaw: ReadonlySet<Format> = new Set([
  ...(["dng", "cr2", "cr3", "crw", "nef", "arw", "orf", "rw2", "raf", "pef", "srw", "x3f", "raw"] as const),
]);

/**
 * How a file that fails is fixed: steps, what the output will be, what is lost; or why it cannot be done. Pure.
 * The target passes the table under its strictest reading.
 * @throws MediaPreflightError `usage`: a choice that does not exist, a value that is not allowed, not a report
 * @param choices what a person decides; the defaults lose least
 * @param context the table, if the report was parsed from JSON; what an engine has read of the file
 */
export function planFix(report: Report, choices: FixChoices = {}, context: PlanContext = {}): FixPlan {
  requirePlanArguments(report, choices);
  const emptyPlan: FixPlan = {
    outcome: "fits",
    type: report.type,
    steps: [],
    target: null,
    losses: [],
    lossless: false,
    reason: null,
    command: null,
    job: null,
  };
  try {
    // Only a video can be more compatible than its table asks.
    if (passes(report) && !(choices.compatible && report.type === "video")) return emptyPlan;
    const { draft, type } = draftOf(report, choices, context);
    // A file that passes and would only be copied is compatible already.
    if (passes(report) && draft.lossless) return emptyPlan;
    const { job, ...rest } = draft;
    return { ...emptyPlan, ...rest, type, job, outcome: "fix", command: commandFor(job, report.file) };
  } catch (error) {
    if (!(error instanceof CannotFix)) throw error;
    if (passes(report)) return emptyPlan;
    return { ...emptyPlan, outcome: "cannot", reason: error.reason };
  }
}

/** Whether `check` exits with 0 for this report. */
function passes(report: Report): boolean {
  return report.findings.every((f) => f.accepted || f.verdict === "pass" || f.verdict === "note");
}

function draftOf(report: Report, choices: FixChoices, context: PlanContext): { draft: Draft; type: Kind } {
  const fullTable =
    context.rules ?? tableOf(report) ?? (report.rules === defaultTable.id ? defaultTable : null);
  if (!fullTable) throw new CannotFix("no-table", report.rules);
  requireFixable(report, context);
  const source = sourceOf(report, context.details ?? null);
  const type = report.type ?? source.kind;
  if (type !== source.kind) throw new CannotFix("type", source.kind);
  const table = selectedRows(fullTable, type, context);
  const limits = limitsOf(table, type, report.limits === "observed");
  if (!limits) throw new CannotFix("type", type);
  const blocked = subjectsOf(blockedBy(source.evidence, table, type, report.limits));
  const planning: Planning = {
    source,
    limits,
    choices,
    blocked,
    attempt: context.attempt ?? firstAttempt,
    engine: context.engine ?? null,
    embedded: context.embedded ?? null,
  };
  const draft = planners[type](planning);
  requirePassing(draft, table, type, report.limits);
  return { draft, type };
}

/** The table without the rows that the check left out: what was not checked is not changed. */
function selectedRows(table: Table, type: Kind, selection: RuleSelection): Table {
  const rows = table.types[type];
  if (!rows || (!selection.only && !selection.skip)) return table;
  const kept = Object.entries(rows).filter(([property]) =>
    isSelected(`${type}/${ruleName(property as Property)}`, selection),
  );
  return { ...table, types: { ...table.types, [type]: Object.fromEntries(kept) as TypeRules } };
}

/** Refuses what cannot be fixed under any table. @throws CannotFix */
function requireFixable(report: Report, { details }: PlanContext): void {
  const { facts, findings } = report;
  const isBlockedBy = (reason: string): boolean => findings.some((f) => f.reason === reason && !f.accepted);
  if (facts.format !== null && cameraRaw.has(facts.format as Format)) throw new CannotFix("camera-raw");
  if (facts.bytes === 0) throw new CannotFix("empty");
  if (isBlockedBy("damaged")) throw new CannotFix("damaged");
  if ((facts as { encrypted?: boolean | null }).encrypted) throw new CannotFix("encrypted");
  if (facts.format === null) throw new CannotFix("not-media");
  if (!isBlockedBy("unread")) return;
  // Of a format that is only named nothing was read: an engine reads it, and the copy is of another format.
  if (Object.hasOwn(readFormats, facts.format)) throw new CannotFix("unread");
  if (!details) throw new CannotFix("needs-probe");
}

/** Checks that the target of a plan passes under the strictest reading. @throws CannotFix `rules` */
function requirePassing(draft: Draft, table: Table, type: Kind, limits: "documented" | "observed"): void {
  const blocking = blockedBy(targetEvidence(draft.target), table, type, limits);
  if (blocking.length)
    throw new CannotFix("rules", [...new Set(blocking.map((result) => result.rule))].join(", "));
}
