import type { CallToolResult } from "@modelcontextprotocol/server";
import { type ErrorJson, isMediaPreflightError, type MediaPreflightError } from "../errors.ts";
import { escapeControls } from "../report/escape.ts";
import { explainError } from "../report/explain/explain.ts";

/** A tool's answer: structured, and the same as text for models that read no structured content. */
export function answer(structuredContent: Record<string, unknown>, text: string): CallToolResult {
  return { structuredContent, content: [{ type: "text", text: text.trimEnd() }] };
}

/** Errors as JSON in `_meta`: `structuredContent` has to match the output schema also in an error. */
export const errorsKey = "media-preflight/errors";

export interface FailureDetails {
  /** The results of the call besides its errors. */
  structured?: Record<string, unknown>;
  text?: string;
  /** The path or URL of the call, for errors that do not name one. */
  file?: string | undefined;
  /** What to do next, instead of the error's own hint. */
  next?: string;
}

/** The answer of a failed call: each error with its code, whether to retry, and what to do next. */
export function failure(
  errors: readonly MediaPreflightError[],
  details: FailureDetails = {},
): CallToolResult {
  const json = errors.map((error) => errorJson(error, details));
  const text = [...json.map(errorText), details.text?.trimEnd()].filter(Boolean).join("\n\n");
  return {
    isError: true,
    content: [{ type: "text", text }],
    ...(details.structured && { structuredContent: details.structured }),
    _meta: { [errorsKey]: json },
  };
}

function errorJson(error: MediaPreflightError, { file, next }: FailureDetails): ErrorJson {
  const json = error.toJSON();
  const named = json.path ?? json.url;
  return {
    ...json,
    message: named === null && file !== undefined ? `${file}: ${json.message}` : json.message,
    path: named === null ? (file ?? null) : json.path,
    // The error's own hint, or what is known of its code.
    hint: next ?? json.hint ?? explainError(json.code)?.cure ?? "tell the user",
  };
}

function errorText({ message, code, retryable, hint }: ErrorJson): string {
  const lines = [
    message,
    `code: ${code}`,
    `retryable: ${retryable ? "yes, the same call may succeed later" : "no"}`,
    `next: ${hint}`,
  ];
  return lines.map(escapeControls).join("\n");
}

/**
 * Runs a tool: a coded error becomes its answer, any other is thrown.
 * @param file the path or URL that the call is about
 */
export async function runTool(
  file: string | undefined,
  act: () => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await act();
  } catch (error) {
    if (!isMediaPreflightError(error)) throw error;
    return failure([error], { file });
  }
}
