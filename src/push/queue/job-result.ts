import { isMediaPreflightError } from "../../errors.ts";
import { blockingFindings } from "../../report/blocking.ts";
import { isSubmitError } from "../../submit/submit-error.ts";
import { concernsAllFiles } from "../all-files-errors.ts";
import type { JobFailure } from "./job.ts";

/** Codes after which another attempt may succeed, although the same call would not: a share that is not mounted. */
const transientCodes: ReadonlySet<string> = new Set(["not-found", "unreadable", "aborted", "timeout"]);

/** Whether another attempt at a job can succeed. */
export function mayRetry(error: unknown): boolean {
  if (!isMediaPreflightError(error)) return true;
  if (error.code === "refused" || error.code === "asset-failed") return false;
  return error.retryable || transientCodes.has(error.code) || concernsAllFiles(error);
}

/** What is stored of a failure: no stack and no cause, which may contain local paths. */
export function failureOf(error: unknown): JobFailure {
  if (!isMediaPreflightError(error))
    return { code: "unexpected", message: String(error), hint: null, findings: [] };
  const report = isSubmitError(error) ? error.report : null;
  const findings = report === null ? [] : blockingFindings(report);
  return {
    code: error.code,
    message: error.message,
    hint: error.hint,
    findings: findings.map(({ rule, verdict, reason, message }) => ({ rule, verdict, reason, message })),
  };
}
