import type { ServicePause } from "../../../atlas/http/host-gate.ts";
import type { Asset } from "../../../atlas/types.ts";
import { redactUrl } from "../../../bytes/url/redact.ts";
import type { MediaPreflightError } from "../../../errors.ts";
import type { PushEvent, PushSummary } from "../../../push/options.ts";
import type { PushTotals } from "../../../push/progress.ts";
import { blockingFindings } from "../../../report/blocking.ts";
import { escapeControls, escapeInJson } from "../../../report/escape.ts";
import type { FormatName } from "../../../report/formatters/formats.node.ts";
import type { Formatter } from "../../../report/formatters/formatter.ts";
import type { Report } from "../../../report/report.ts";
import type { ProgressLine } from "../../io/progress-line.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";
import { planText, progressText, summaryJson, summaryText } from "./summary.ts";

interface Printing {
  formatter: Formatter;
  format: FormatName;
  terminal: Terminal;
  line: ProgressLine;
  verbose: boolean;
  /** Text only: one line per file. */
  quiet: boolean;
  /** The line that is redrawn. */
  status?: Status | undefined;
}

/** The text of the line that is redrawn during a run. */
export type Status = (overall: PushTotals) => string;

export interface PushPrinter {
  begin(): void;
  event(event: PushEvent, overall: PushTotals): void;
  /** An input that could not be opened. */
  error(error: MediaPreflightError, file: string): void;
  pause(pause: ServicePause): void;
  /** Something other than a file's result: an element of JSON, a line on stderr in other formats. */
  extra(element: object, text: string, file?: string): void;
  /** Draws the status line again. */
  redraw(): void;
  end(summary: PushSummary): void;
}

const symbols = { pass: "✓", unsure: "?", fail: "✗" } as const;
const redacted = (file: string): string => (/^https?:/i.test(file) ? redactUrl(file) : file);

/** Prints a push: reports and assets on stdout, everything else on stderr. */
export function pushPrinter({
  formatter,
  format,
  terminal,
  line,
  verbose,
  quiet,
  status = progressText,
}: Printing): PushPrinter {
  const { isJson, out, err, element } = streamsOf({ format, terminal, line });
  let last: PushTotals | null = null;
  /** A report and its file's result: one more key in JSON, one more line in text. */
  const result = (report: Report, text: string, extra: object): void => {
    if (isJson) element({ ...report, ...extra });
    else if (format === "text" && quiet) out(shortLine(report, text));
    else out(formatter.outcome(report) + (format === "text" ? indented(text) : ""));
  };
  const failed = (error: MediaPreflightError, name: string, report: Report | null): void => {
    const file = redacted(name);
    if (report !== null && format !== "text") result(report, "", { asset: null, error: error.toJSON() });
    else if (format !== "text" && !isJson) {
      const { code, summary, hint } = error;
      out(
        formatter.outcome({ schemaVersion: 1, file, verdict: null, error: { code, message: summary, hint } }),
      );
    }
    err(errorLine(error, file));
  };
  const show = (event: PushEvent): void => {
    const file = redacted(event.file);
    switch (event.kind) {
      case "done":
        result(event.report, assetText(event.asset, event.reused), {
          asset: brief(event.asset, event.reused),
        });
        break;
      case "refused":
        result(event.report, "not sent", { asset: null });
        break;
      case "planned":
        result(event.report, planText(event), {
          asset: null,
          plan: event.plan,
          upload: event.upload,
        });
        break;
      case "error":
        failed(event.error, event.file, event.report);
        break;
      case "note":
        err(statusLine(event.message, file));
        break;
      case "registered":
        if (verbose) err(statusLine(`registered as ${event.asset.id}`, file));
    }
  };
  return {
    begin: () => terminal.out(formatter.begin()),
    event(event, overall) {
      show(event);
      last = overall;
      line.show(() => status(overall));
    },
    error: (error, file) => failed(error, file, null),
    pause: (pause) => err(statusLine(pauseText(pause))),
    extra(value, text, file) {
      if (isJson) element(value);
      else err(statusLine(text, file));
    },
    redraw() {
      line.show(() => status(last ?? nothingYet));
    },
    end(summary) {
      if (isJson) element(summaryJson(summary));
      out(format === "json" ? "\n]\n" : format === "ndjson" ? "" : formatter.end());
      err(statusLine(summaryText(summary)));
      if (summary.hint) err(statusLine(summary.hint));
    },
  };
}

/** Writes to stdout and stderr without mixing into the line that is redrawn. */
function streamsOf({ format, terminal, line }: Pick<Printing, "format" | "terminal" | "line">) {
  let elements = 0;
  const out = (lines: string): void => {
    line.clear();
    terminal.out(lines);
  };
  return {
    isJson: format === "json" || format === "ndjson",
    out,
    err(lines: string): void {
      line.clear();
      terminal.err(lines);
    },
    /** An element of the JSON array, or a line of NDJSON. */
    element(value: object): void {
      const json = escapeInJson(JSON.stringify(value));
      out(format === "ndjson" ? `${json}\n` : `${elements++ ? ",\n" : ""}${json}`);
    },
  };
}

const nothingYet: PushTotals = {
  files: { done: 0, total: null },
  bytes: 0,
  bytesPerSecond: null,
  secondsLeft: null,
};

function shortLine(report: Report, text: string): string {
  const rules = blockingFindings(report).map((finding) => finding.rule);
  const file = escapeControls(report.file ?? "").padEnd(44);
  const first = text.split("\n")[0] ?? "";
  return `${symbols[report.verdict]} ${file} ${first}${rules.length > 0 ? `: ${rules.join(", ")}` : ""}\n`;
}

/** Lines below a report. */
function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}\n`))
    .join("");
}

function assetText(asset: Asset, reused: boolean): string {
  const state = reused ? "registered already" : asset.status;
  const lines = [`${asset.uri ?? `asset ${asset.id}`}  ${state}`, ...asset.notes];
  return lines.map(escapeControls).join("\n");
}

function brief({ id, uri, status, name, type }: Asset, reused: boolean): object {
  return { id, uri, status, name, type, reused };
}

function pauseText({ host, reason, milliseconds }: ServicePause): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return reason === "retry-after"
    ? `the service (${host}) asks to wait: pausing for ${seconds} s`
    : `cannot connect to the service (${host}): trying again for up to ${seconds} s`;
}
