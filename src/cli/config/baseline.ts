import { join, resolve } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import { isBlocking } from "../../report/blocking.ts";
import { type FileResult, isUnchecked } from "../../report/formatters/formatter.ts";
import type { Finding } from "../../report/report.ts";
import { containedPath } from "../files/contained-path.ts";
import { statusLine } from "../io/stderr-line.ts";
import { type LocatedConfig, type ReadText, textOnDisk } from "./find-config.ts";
import { localPath } from "./local-path.ts";
import { containingFolder } from "./require-contained.ts";

/** Findings that existed when checking was introduced, identified by path, rule and actual value. */
export interface Baseline {
  contains(path: string, finding: Finding): boolean;
}

/** One line per finding, sorted, so that a diff shows which were removed. */
interface BaselineFile {
  schemaVersion: 1;
  findings: string[];
}

const entryOf = (path: string, finding: Finding): string =>
  JSON.stringify([path, finding.rule, finding.actual]);

const defaultName = "media-preflight.baseline.json";

/** The path of the baseline in use: the flag's, otherwise the configuration's; null if there is none. */
export function baselinePath(named: string | undefined, located: LocatedConfig): string | null {
  const { baseline } = located.config;
  return named ?? (baseline === undefined ? null : join(located.base, baseline));
}

/**
 * @param readText reads a path from the index, where that is what is checked
 * @throws MediaPreflightError `bad-config` where the file is not a baseline, `not-found`
 */
export async function loadBaseline(path: string, readText: ReadText = textOnDisk): Promise<Baseline> {
  const text = await readText(resolve(path));
  if (text === null) {
    throw new MediaPreflightError("not-found", `no baseline ${path}`, {
      hint: "create it with media-preflight check --write-baseline",
    });
  }
  const findings = new Set(parse(text, path).findings);
  return { contains: (file, finding) => findings.has(entryOf(file, finding)) };
}

/** Records every blocking finding of the outcomes; returns a line that reports it. */
export async function writeBaseline(
  named: string | undefined,
  located: LocatedConfig,
  outcomes: readonly FileResult[],
  cwd: string,
): Promise<string> {
  const path = baselinePath(named, located) ?? join(located.base, defaultName);
  if (named === undefined) containedPath(path, containingFolder(located), "the baseline");
  const findings = new Set<string>();
  for (const outcome of outcomes) {
    if (isUnchecked(outcome)) continue;
    for (const finding of outcome.findings) {
      if (isBlocking(finding))
        findings.add(entryOf(localPath(resolve(cwd, outcome.file ?? "-"), located.base), finding));
    }
  }
  const file: BaselineFile = { schemaVersion: 1, findings: [...findings].sort() };
  const { replaceFile } = await import("../../ledger/file/replace-file.node.ts");
  await replaceFile(path, [JSON.stringify(file, null, 2), "\n"]);
  const advice =
    baselinePath(named, located) === null ? '; to use it, set "baseline" in media-preflight.config.json' : "";
  return statusLine(`${findings.size} findings recorded in ${path}${advice}`);
}

function parse(text: string, path: string): BaselineFile {
  try {
    const file = JSON.parse(text) as Partial<BaselineFile> | null;
    if (
      file?.schemaVersion === 1 &&
      Array.isArray(file.findings) &&
      file.findings.every((f) => typeof f === "string")
    ) {
      return file as BaselineFile;
    }
  } catch {
    // reported below
  }
  throw new MediaPreflightError("bad-config", `${path} is not a baseline`, {
    hint: "delete it, or replace it with media-preflight check --write-baseline",
  });
}
