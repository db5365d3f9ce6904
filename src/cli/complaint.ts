import { escapeControls } from "../report/escape.ts";

/** One line on stderr: what could not be done, why, and what next. */
export function complaint(
  error: { message: string; hint: string | null },
  about: string | null = null,
): string {
  const text = [about === null ? error.message : `${about}: ${error.message}`, error.hint]
    .filter(Boolean)
    .join("; ");
  return `media-preflight: ${escapeControls(text.replaceAll("\n", "; "))}\n`;
}
