import { messageWithHint } from "../../report/blocking.ts";
import { escapeControls } from "../../report/escape.ts";

/**
 * One line on stderr, the only form of messages that are not data:
 * "media-preflight: FILE: TEXT". Names, messages and hints may hold anything, so all of it is escaped.
 */
export function statusLine(text: string, file: string | null = null): string {
  // Several schema errors of one file come as lines: here they are one.
  const line = escapeControls(text.replaceAll("\n", "; "));
  return `media-preflight: ${file === null ? "" : `${escapeControls(file)}: `}${line}\n`;
}

/** What could not be done, why, and what to do next. */
export function errorLine(
  error: { message: string; summary?: string; hint: string | null; requestId?: string | null },
  file: string | null = null,
): string {
  const message = file === null ? error.message : (error.summary ?? error.message);
  const request = error.requestId ? ` (request id ${error.requestId})` : "";
  return statusLine(messageWithHint({ message: message + request, hint: error.hint }), file);
}
