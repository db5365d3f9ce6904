import { join, resolve } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import { isBlocking } from "../../report/blocking.ts";
import { type FileResult, isUnchecked } from "../../report/formatters/formatter.ts";
import type { Finding } from "../../report/report.ts";
import { type FoundConfig, type ReadText, textOnDisk } from "./find.ts";
import { localPath } from "./findings.ts";

/** Findings that were there when the check was introduced: known by path, rule and the value found. */
export interface Baseline {
  holds(path: string, finding: Finding): boolean;
}

/** One line a finding, sorted, so that a diff shows what went away. */
interface BaselineFile {
  schemaVersion: 1;
  findings: string[];
}

const entryOf = (path: string, finding: Finding): string =>
  JSON.stringify([path, finding.rule, finding.actual]);

const defaultName = "media-preflight.baseline.json";

/** The baseline that counts: the one named, else the configuration's; null: none. */
export function baselinePath(named: string | undefined, found: FoundConfig): string | null {
  const { baseline } = found.config;
  return named ?? (baseline === undefined ? null : join(found.base, baseline));
}

/**
 * @param readText reads a path from the index, where that is what is checked
 * @throws MediaPreflightError `bad-config` where the file is not a baseline, `not-found`
 */
export async function loadBaseline(path: string, readText: ReadText = textOnDisk): Promise<Baseline> {
  const text = await readText(resolve(path));
  if (text === null) {
    throw new MediaPreflightError("not-found", `no baseline ${path}`, {
      hint: "media-preflight check --write-baseline makes one",
    });
  }
  const findings = new Set(parse(text, path).findings);
  return { holds: (file, finding) => findings.has(entryOf(file, finding)) };
}

/** Records every blocking finding of the outcomes; says what it did. */
export async function writeBaseline(
  named: string | undefined,
  found: FoundConfig,
  outcomes: readonly FileResult[],
  cwd: string,
): Promise<string> {
  const path = baselinePath(named, found) ?? join(found.base, defaultName);
  const findings = new Set<string>();
  for (const outcome of outcomes) {
    if (isUnchecked(outcome)) continue;
    for (const finding of outcome.findings) {
      if (isBlocking(finding))
        findings.add(entryOf(localPath(resolve(cwd, outcome.file ?? "-"), found.base), finding));
    }
  }
  const file: BaselineFile = { schemaVersion: 1, findings: [...findings].sort() };
  const { replaceFile } = await import("../../ledger/file/replace-file.node.ts");
  await replaceFile(path, [JSON.stringify(file, null, 2), "\n"]);
  const inForce =
    baselinePath(named, found) === null ? `; name it as "baseline" in media-preflight.config.json` : "";
  return `media-preflight: ${findings.size} findings recorded in ${path}${inForce}\n`;
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
    // said below
  }
  throw new MediaPreflightError("bad-config", `${path} is not a baseline`, {
    hint: "delete it, or make it anew with media-preflight check --write-baseline",
  });
}
