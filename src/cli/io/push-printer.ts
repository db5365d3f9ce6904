import type { Asset } from "../../atlas/types.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import type { PushEvent, PushPlan, PushSummary } from "../../push/options.ts";
import type { PushTotals } from "../../push/progress.ts";
import { escapeControls } from "../../report/escape.ts";
import type { FormatName } from "../../report/formatters/formats.ts";
import type { Formatter } from "../../report/formatters/formatter.ts";
import type { Report } from "../../report/report.ts";
import { formatBytes, formatNumber } from "../../report/units.ts";
import type { ProgressLine } from "./progress-line.ts";
import { errorLine } from "./stderr-line.ts";
import type { Terminal } from "./terminal.ts";

interface Printing {
  formatter: Formatter;
  format: FormatName;
  terminal: Terminal;
  line: ProgressLine;
  verbose: boolean;
  /** Text only: a line a file, what it became. */
  quiet: boolean;
}

export interface PushPrinter {
  begin(): void;
  event(event: PushEvent, overall: PushTotals): void;
  end(summary: PushSummary, dryRun: boolean): void;
}

const plans: Readonly<Record<PushPlan, string>> = {
  reuse: "is Active already: nothing to do",
  wait: "is registered: would wait until Active",
  look: "was sent for registration and its answer lost: would look for it",
  register: "is uploaded: would register it",
  upload: "would upload and register it",
  again: "was Failed before: would try it again",
};

const symbols = { pass: "✓", unsure: "?", fail: "✗" } as const;

/** News of a push as lines: reports and assets on stdout, the rest on stderr. */
export function pushPrinter({ formatter, format, terminal, line, verbose, quiet }: Printing): PushPrinter {
  const text = format === "text";
  let outcomes = 0;
  const out = (lines: string): void => {
    line.clear();
    terminal.out(lines);
  };
  const err = (lines: string): void => {
    line.clear();
    terminal.err(lines);
  };
  /** A report with what became of the file: JSON's form of a push is the report's own and one key more. */
  const report = (judged: Report, more: string, extra: object): void => {
    if (format === "json" || format === "ndjson") {
      const json = escapeControls(JSON.stringify({ ...judged, ...extra }));
      out(format === "ndjson" ? `${json}\n` : `${outcomes++ ? ",\n" : ""}${json}`);
    } else if (text && quiet) {
      const blocking = judged.findings
        .filter((finding) => finding.reason !== undefined)
        .map((finding) => finding.rule);
      const file = escapeControls(judged.file ?? "").padEnd(44);
      out(
        `${symbols[judged.verdict]} ${file} ${more.trim()}${blocking.length > 0 ? `: ${blocking.join(", ")}` : ""}\n`,
      );
    } else out(formatter.outcome(judged) + (text ? more : ""));
  };
  return {
    begin: () => terminal.out(formatter.begin()),
    event(event, overall) {
      const file = escapeControls(/^https?:/i.test(event.file) ? redactUrl(event.file) : event.file);
      switch (event.kind) {
        case "done": {
          const { uri, status } = event.asset;
          const told = `${escapeControls(uri ?? `asset ${event.asset.id}`)}  ${event.reused ? "was there already" : status}`;
          const notes = event.asset.notes.map((note) => `    ${escapeControls(note)}\n`).join("");
          report(event.report, `    ${told}\n${notes}`, { asset: brief(event.asset, event.reused) });
          break;
        }
        case "refused":
          report(event.report, "    not sent\n", { asset: null });
          break;
        case "planned":
          report(event.report, `    ${plans[event.plan]}\n`, { asset: null, plan: event.plan });
          break;
        case "error": {
          const { code, message, hint } = event.error;
          if (event.report && !text)
            report(event.report, "", { asset: null, error: { code, message, hint } });
          err(errorLine(event.error, event.file === file ? event.file : file));
          break;
        }
        case "note":
          err(`media-preflight: ${file}: ${escapeControls(event.message)}\n`);
          break;
        case "registered":
          if (verbose) err(`media-preflight: ${file}: registered as ${escapeControls(event.asset.id)}\n`);
      }
      line.show(() => progress(overall));
    },
    end(summary, dryRun) {
      if (format === "json") out(`${outcomes ? "\n" : ""}]\n`);
      else if (!text) out(formatter.end());
      err(`${dryRun ? planned(summary) : done(summary)}\n`);
      if (summary.hint) err(`${escapeControls(summary.hint)}\n`);
    },
  };
}

function brief(asset: Asset, reused: boolean): object {
  const { id, uri, status, name, type } = asset;
  return { id, uri, status, name, type, reused };
}

function progress({ files, bytes, bytesPerSecond, secondsLeft }: PushTotals): string {
  const parts = [
    `${files.done}${files.total === null ? "" : ` of ${files.total}`} files`,
    `${formatBytes(bytes)} sent`,
    bytesPerSecond === null ? null : `${formatBytes(bytesPerSecond)}/s`,
    secondsLeft === null ? null : `${formatNumber(secondsLeft, 0)} s left`,
  ];
  return parts.filter(Boolean).join(", ");
}

function done(summary: PushSummary): string {
  const { files, active, registered, reused, refused, failed, errors, left } = summary;
  const parts = [
    `${active} Active`,
    registered > 0 && `${registered} newly registered`,
    reused > 0 && `${reused} there already`,
    refused > 0 && `${refused} refused and not sent`,
    failed > 0 && `${failed} Failed`,
    errors > 0 && `${errors} not done`,
    left > 0 && `${left} left`,
  ];
  return `${formatNumber(files)} ${files === 1 ? "file" : "files"}: ${parts.filter(Boolean).join(", ")}`;
}

function planned(summary: PushSummary): string {
  const { files, refused, planned } = summary;
  const parts = [
    `${planned.upload + planned.again} to upload`,
    planned.register + planned.look > 0 && `${planned.register + planned.look} to register`,
    planned.reuse + planned.wait > 0 && `${planned.reuse + planned.wait} there already`,
    refused > 0 && `${refused} refused`,
  ];
  return `dry run, nothing sent: ${formatNumber(files)} ${files === 1 ? "file" : "files"}: ${parts.filter(Boolean).join(", ")}`;
}
