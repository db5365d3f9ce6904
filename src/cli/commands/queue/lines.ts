import { escapeControls, escapeInJson } from "../../../report/escape.ts";

/** One line of NDJSON. */
export function element(value: object): string {
  return `${escapeInJson(JSON.stringify(value))}\n`;
}

/** One line of text about a file. */
export function textLine(file: string, text: string): string {
  return `${escapeControls(`${file}: ${text}`)}\n`;
}
