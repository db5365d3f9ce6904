import { isAbsolute, join } from "node:path";
import picomatch from "picomatch";
import type { Kind } from "../../facts/formats.ts";
import type { Report } from "../../report/report.ts";
import type { Baseline } from "./baseline.ts";
import type { FoundConfig } from "./find.ts";
import { blocks, localPath } from "./findings.ts";

/** How one path is judged. */
export interface Treatment {
  type?: Kind | undefined;
  /** A table's id, or the path of a table file. */
  rules?: string | undefined;
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
}

/** What a configuration means for each path and finding. */
export interface Policy {
  /** Null: the path is not reference media, and is left alone. */
  treatmentOf(path: string): Treatment | null;
  /** Marks the findings that do not count; the report's verdict stays what it is. */
  accept(report: Report, path: string): void;
}

/** @param today yyyy-mm-dd: an acceptance counts up to and including its last day */
export function policyOf(found: FoundConfig, baseline: Baseline | null, cwd: string, today: string): Policy {
  const { config, base } = found;
  const local = (path: string): string => localPath(isAbsolute(path) ? path : join(cwd, path), base);
  const ignored = matcher(config.ignore);
  const entries = config.files?.map((entry) => ({ ...entry, matches: matcher(entry.match) }));
  const accepted = (config.accept ?? [])
    .filter((entry) => entry.until >= today)
    .map((entry) => ({ ...entry, matches: entry.match === undefined ? () => true : matcher(entry.match) }));
  const tablePath = (rules: string | undefined): string | undefined =>
    rules?.endsWith(".json") && !isAbsolute(rules) ? join(base, rules) : rules;
  return {
    treatmentOf(path) {
      const name = local(path);
      if (ignored(name)) return null;
      const entry = entries?.find((e) => e.matches(name));
      if (entries && !entry) return null;
      return {
        type: entry?.type,
        rules: tablePath(entry?.rules ?? config.rules),
        limits: entry?.limits ?? config.limits,
        strict: entry?.strict ?? config.strict,
      };
    },
    accept(report, path) {
      const name = local(path);
      for (const finding of report.findings) {
        if (!blocks(finding)) continue;
        const entry = accepted.find((e) => e.rule === finding.rule && e.matches(name));
        if (entry) finding.accepted = { by: "config", reason: entry.reason, until: entry.until };
        else if (baseline?.holds(name, finding))
          finding.accepted = { by: "baseline", reason: null, until: null };
      }
    },
  };
}

/** A pattern without a slash matches a name in any folder, as in .gitignore. */
function matcher(globs: string | readonly string[] | undefined): (path: string) => boolean {
  if (globs === undefined) return () => false;
  const list = typeof globs === "string" ? [globs] : globs;
  const patterns = list.map((glob) => (glob.includes("/") ? glob.replace(/^\.?\//, "") : `**/${glob}`));
  return picomatch(patterns, { dot: true });
}
