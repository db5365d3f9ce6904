import { deriveFacts } from "../../facts/derive-facts.ts";
import { newEvidence } from "../../facts/evidence.ts";
import { type Format, formats } from "../../facts/formats.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import { buildReport } from "../../report/build.ts";
import { loadMessages } from "../../report/messages/locales.ts";
import { makeFinding } from "../../report/render.ts";
import type { Report } from "../../report/report.ts";
import { text } from "../../report/text.ts";
import { formatBytes } from "../../report/units.ts";
import { evaluate } from "../../rules/evaluate.ts";
import { loadTableFromNode } from "../../rules/load.node.ts";

/**
 * The report on a Git LFS pointer whose object is not on this machine: its size is known and checked, its kind is
 * taken from its name, and nothing else can be read. It never passes.
 */
export async function missingObjectReport(
  file: { displayName: string; size: number },
  options: PreflightOptions,
): Promise<Report> {
  const table = await loadTableFromNode(options.rules);
  const evidence = newEvidence(file.size);
  evidence.format = byName(file.displayName);
  evidence.kind = evidence.format ? formats[evidence.format].kind : null;
  evidence.unread.push({ fact: "all", why: { code: "out-of-reach" } });
  deriveFacts(evidence);
  const limits = options.limits ?? "documented";
  const evaluated = evaluate(evidence, table, { type: options.type, limits, strict: options.strict });
  // A file name is no fact.
  evaluated.facts.format = null;
  const messages = await loadMessages(options.locale);
  const report = await buildReport(evaluated, table, {
    file: file.displayName,
    limits,
    findings: "blocking",
    acceptUnsure: false,
    locale: messages,
  });
  const type = evaluated.type ?? "file";
  report.findings = report.findings.filter(
    (finding) => finding.rule === `${type}/size` && finding.reason === "limit",
  );
  report.findings.push(
    makeFinding(
      {
        rule: `${type}/integrity`,
        verdict: "unsure",
        reason: "unread",
        actual: null,
        limit: null,
        unit: null,
        readings: [],
      },
      {
        message: text("lfs.absent", { size: formatBytes(file.size, messages.locale) }),
        hint: text("lfs.absent.hint"),
      },
      messages,
    ),
  );
  report.verdict = report.findings.some((finding) => finding.verdict === "fail") ? "fail" : "unsure";
  return report;
}

function byName(path: string): Format | null {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const found = Object.entries(formats).find(([, row]) =>
    (row.extensions as readonly string[]).includes(extension),
  );
  return found ? (found[0] as Format) : null;
}
