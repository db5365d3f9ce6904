import { escapeInJson } from "../escape.ts";
import type { FormatOptions, Formatter } from "./formatter.ts";

/** An array of reports, one a line; a file that could not be checked is `{…, "verdict": null, "error": {…}}`. */
export function jsonFormatter(_options: FormatOptions = {}): Formatter {
  let count = 0;
  return {
    begin: () => "[\n",
    outcome: (outcome) => `${count++ ? ",\n" : ""}${escapeInJson(JSON.stringify(outcome))}`,
    end: () => `${count ? "\n" : ""}]\n`,
  };
}

/** One report a line. */
export function ndjsonFormatter(_options: FormatOptions = {}): Formatter {
  return {
    begin: () => "",
    outcome: (outcome) => `${escapeInJson(JSON.stringify(outcome))}\n`,
    end: () => "",
  };
}
