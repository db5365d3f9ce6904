import { isAbsolute, join } from "node:path";
import type { Kind } from "../../facts/formats.ts";
import { isBlocking } from "../../report/blocking.ts";
import type { Report } from "../../report/report.ts";
import type { Baseline } from "./baseline.ts";
import type { LoadedConfig, LocatedConfig } from "./find-config.ts";
import { localPath } from "./local-path.ts";

/** How one path is checked. */
export interface FilePolicy {
  type?: Kind | undefined;
  /** A table's id, the path of a table file, or a table that is loaded already. */
  rules?: string | object | undefined;
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
}

/** What a configuration means for each path and finding. */
export interface Policy {
  /** For inputs without a path: a URL, bytes on stdin. */
  general: FilePolicy;
  /** Null: the path is ignored. */
  forPath(path: string): FilePolicy | null;
  /** Marks accepted findings; the report's verdict does not change. Returns the acceptances that have expired. */
  accept(report: Report, path: string): Expired[];
}

/** An expired acceptance of a finding that the report has. */
export interface Expired {
  rule: string;
  until: string;
  reason: string;
}

/** @param today yyyy-mm-dd: an acceptance counts up to and including its last day */
export async function createPolicy(
  located: LocatedConfig,
  baseline: Baseline | null,
  cwd: string,
  today: string,
): Promise<Policy> {
  const { config, base } = located;
  const matcher = await createMatcher(config);
  const local = (path: string): string => localPath(isAbsolute(path) ? path : join(cwd, path), base);
  const accept = acceptance(config, matcher, baseline, today);
  const general = { rules: tablePath(config.rules, base), limits: config.limits, strict: config.strict };
  const matchedPolicy = pathPolicy(located, matcher);
  const namesPaths = config.ignore !== undefined || config.files !== undefined;
  return {
    general,
    forPath: (path) => (namesPaths ? matchedPolicy(local(path)) : general),
    accept: (report, path) => (accept === null ? [] : accept(report, local(path))),
  };
}

type Matcher = (globs: Globs) => (path: string) => boolean;

/** The policy of a path that is relative to the configuration; null if it is ignored. */
function pathPolicy({ config, base }: LocatedConfig, matcher: Matcher): (path: string) => FilePolicy | null {
  const ignored = matcher(config.ignore);
  const entries = config.files?.map((entry) => ({ ...entry, matches: matcher(entry.match) }));
  return (path) => {
    if (ignored(path)) return null;
    const entry = entries?.find(({ matches }) => matches(path));
    if (entries && !entry) return null;
    return {
      type: entry?.type,
      rules: tablePath(entry?.rules ?? config.rules, base),
      limits: entry?.limits ?? config.limits,
      strict: entry?.strict ?? config.strict,
    };
  };
}

/** Marks what configuration and baseline accept; null if they accept nothing. */
function acceptance(
  config: LoadedConfig,
  matcher: Matcher,
  baseline: Baseline | null,
  today: string,
): ((report: Report, path: string) => Expired[]) | null {
  const entries = (config.accept ?? []).map((entry) => ({
    ...entry,
    matches: entry.match === undefined ? () => true : matcher(entry.match),
  }));
  if (entries.length === 0 && baseline === null) return null;
  return (report, path) => {
    const expired: Expired[] = [];
    for (const finding of report.findings) {
      if (!isBlocking(finding) || finding.accepted) continue;
      const matching = entries.filter((entry) => entry.rule === finding.rule && entry.matches(path));
      const entry = matching.find(({ until }) => until >= today);
      if (entry) finding.accepted = { by: "config", reason: entry.reason, until: entry.until };
      else if (baseline?.contains(path, finding))
        finding.accepted = { by: "baseline", reason: null, until: null };
      else if (matching[0]) expired.push(matching[0]);
    }
    return expired;
  };
}

/** The path of a table file, which is relative to the configuration; an id is returned unchanged. */
export function tablePath<R extends string | object | undefined>(rules: R, base: string): R | string {
  return isTablePath(rules) && !isAbsolute(rules) ? join(base, rules) : rules;
}

/** Whether a rule table is given as a file, not as an id. */
export function isTablePath(rules: unknown): rules is string {
  return typeof rules === "string" && /\.json$|[\\/]/i.test(rules);
}

type Globs = string | readonly string[] | undefined;

/** Compiles globs. The library is loaded only if the configuration has any. */
async function createMatcher({ ignore, files, accept }: LoadedConfig): Promise<Matcher> {
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
