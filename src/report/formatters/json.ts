import { escapeInJson } from "../escape.ts";
import type { FormatOptions, Formatter } from "./formatter.ts";

const line = (value: object): string => escapeInJson(JSON.stringify(value));

/**
 * An array of reports, one on each line; a file that could not be checked is `{…, "verdict": null, "error": {…}}`. A
 * set's `{ set, verdict, findings, files }` is the last element.
 */
export function jsonFormatter(_options: FormatOptions = {}): Formatter {
  let count = 0;
  const element = (value: object): string => `${count++ ? ",\n" : ""}${line(value)}`;
  return {
    begin: () => "[\n",
    outcome: element,
    set: element,
    end: () => `${count ? "\n" : ""}]\n`,
  };
}

/** One report on each line. */
export function ndjsonFormatter(_options: FormatOptions = {}): Formatter {
  return {
    begin: () => "",
    outcome: (outcome) => `${line(outcome)}\n`,
    set: (report) => `${line(report)}\n`,
    end: () => "",
  };
}
