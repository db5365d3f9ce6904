import type { Asset } from "../atlas/types.ts";
import { type ErrorCode, type ErrorDetails, isMediaPreflightError, MediaPreflightError } from "../errors.ts";
import type { Report } from "../report/report.ts";

/** The fields of a SubmitError besides its message. */
export interface SubmitErrorDetails extends ErrorDetails {
  report?: Report | null | undefined;
  /** The record's id, where there is one. */
  id?: string | null | undefined;
  /** `submit` strips the signatures of its URLs before it throws. */
  asset?: Asset | null | undefined;
  upstreamCode?: string | null | undefined;
  rule?: string | null | undefined;
}

/** Why a file did not become an asset: `refused`, `asset-failed`, `asset-gone`, `outcome-unknown`, `changed`. */
export class SubmitError extends MediaPreflightError {
  override readonly name: string = "SubmitError";
  /** The local report. */
  readonly report: Report | null;
  /** The record's id, whatever happened after it was made. */
  readonly id: string | null;
  readonly asset: Asset | null;
  /** The service's own code of a Failed asset. */
  readonly upstreamCode: string | null;
  /** The local rule that should have caught it; null where none could. */
  readonly rule: string | null;

  constructor(code: ErrorCode, message: string, details: SubmitErrorDetails = {}) {
    super(code, message, details);
    this.report = details.report ?? null;
    this.asset = details.asset ?? null;
    this.id = details.id ?? details.asset?.id ?? null;
    this.upstreamCode = details.upstreamCode ?? details.asset?.errorCode ?? null;
    this.rule = details.rule ?? null;
  }
}

/** Whether a caught value is a SubmitError, of any copy of this package. */
export function isSubmitError(error: unknown): error is SubmitError {
  return isMediaPreflightError(error) && error.name === "SubmitError";
}
