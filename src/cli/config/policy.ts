import { isAbsolute, join } from "node:path";
import type { Kind } from "../../facts/formats.ts";
import { isBlocking } from "../../report/blocking.ts";
import type { Report } from "../../report/report.ts";
import type { Baseline } from "./baseline.ts";
import type { FoundConfig, LoadedConfig } from "./find.ts";
import { localPath } from "./findings.ts";

/** How one path is judged. */
export interface FilePolicy {
  type?: Kind | undefined;
  /** A table's id, the path of a table file, or the table itself where it was read already. */
  rules?: string | object | undefined;
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
}

/** What a configuration means for each path and finding. */
export interface Policy {
  /** How what has no path is judged: an address, bytes on stdin. */
  general: FilePolicy;
  /** Null: the path is not reference media, and is left alone. */
  policyFor(path: string): FilePolicy | null;
  /** Marks the findings that do not count; the report's verdict stays what it is. Answers what no longer counts. */
  accept(report: Report, path: string): Expired[];
}

/** An acceptance whose last day is over, and the finding that it would have met. */
export interface Expired {
  rule: string;
  until: string;
  reason: string;
}

/** @param today yyyy-mm-dd: an acceptance counts up to and including its last day */
export async function policyOf(
  found: FoundConfig,
  baseline: Baseline | null,
  cwd: string,
  today: string,
): Promise<Policy> {
  const { config, base } = found;
  const matcher = await matchers(config);
  const local = (path: string): string => localPath(isAbsolute(path) ? path : join(cwd, path), base);
  const ignored = matcher(config.ignore);
  const entries = config.files?.map((entry) => ({ ...entry, matches: matcher(entry.match) }));
  const accepted = (config.accept ?? []).map((entry) => ({
    ...entry,
    matches: entry.match === undefined ? () => true : matcher(entry.match),
  }));
  const own = { rules: tablePath(config.rules, base), limits: config.limits, strict: config.strict };
  return {
    general: own,
    policyFor(path) {
      // Most repositories name no path at all.
      if (!config.ignore && !entries) return own;
      const name = local(path);
      if (ignored(name)) return null;
      const entry = entries?.find((e) => e.matches(name));
      if (entries && !entry) return null;
      return {
        type: entry?.type,
        rules: tablePath(entry?.rules ?? config.rules, base),
        limits: entry?.limits ?? config.limits,
        strict: entry?.strict ?? config.strict,
      };
    },
    accept(report, path) {
      if (accepted.length === 0 && baseline === null) return [];
      const name = local(path);
      const expired: Expired[] = [];
      for (const finding of report.findings) {
        if (!isBlocking(finding) || finding.accepted) continue;
        const fitting = accepted.filter((e) => e.rule === finding.rule && e.matches(name));
        const entry = fitting.find((e) => e.until >= today);
        if (entry) finding.accepted = { by: "config", reason: entry.reason, until: entry.until };
        else if (baseline?.holds(name, finding))
          finding.accepted = { by: "baseline", reason: null, until: null };
        else if (fitting[0]) expired.push(fitting[0]);
      }
      return expired;
    },
  };
}

/** A table's file, from the configuration's folder; an id stays what it is. */
export function tablePath<R extends string | object | undefined>(rules: R, base: string): R | string {
  return isTablePath(rules) && !isAbsolute(rules) ? join(base, rules) : rules;
}

/** Whether a rule table is named by its file, not by its id. */
export function isTablePath(rules: unknown): rules is string {
  return typeof rules === "string" && /\.json$|[\\/]/i.test(rules);
}

type Globs = string | readonly string[] | undefined;

/** What matches globs; the library is loaded only where there is a glob. */
async function matchers({
  ignore,
  files,
  accept,
}: LoadedConfig): Promise<(globs: Globs) => (path: string) => boolean> {
  const any = ignore !== undefined || files?.length || accept?.some((entry) => entry.match !== undefined);
  if (!any) return () => () => false;
  const { default: picomatch } = await import("picomatch");
  return (globs) => {
    if (globs === undefined) return () => false;
    const list = typeof globs === "string" ? [globs] : globs;
    // A pattern without a slash matches a name in any folder, as in .gitignore.
    const patterns = list.map((glob) => (glob.includes("/") ? glob.replace(/^\.?\//, "") : `**/${glob}`));
    return picomatch(patterns, { dot: true });
  };
}
