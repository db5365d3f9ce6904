import { escapeControls } from "../../report/escape.ts";

/** One line on stderr: what could not be done, why, and what next. */
export function errorLine(
  error: { message: string; summary?: string; hint: string | null },
  about: string | null = null,
): string {
  // Several describeSchemaErrors in one file come as lines: here they are one.
  const text = [about === null ? error.message : (error.summary ?? error.message), error.hint]
    .filter(Boolean)
    .join("; ")
    .replaceAll("\n", "; ");
  return `media-preflight: ${escapeControls(about === null ? text : `${escapeControls(about)}: ${text}`)}\n`;
}
