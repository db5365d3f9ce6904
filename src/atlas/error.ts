import { type ErrorCode, type ErrorDetails, isMediaPreflightError, MediaPreflightError } from "../errors.ts";

/** The two hosts of the service. */
export type Host = "console" | "api";

/** What an AtlasError says besides its message. */
export interface AtlasErrorDetails extends ErrorDetails {
  host?: Host | null | undefined;
  upstreamCode?: string | null | undefined;
  id?: string | null | undefined;
  outcome?: "none" | "unknown" | undefined;
  retryAfter?: number | null | undefined;
  hostUnreachable?: boolean | undefined;
}

/**
 * A request to the service that failed. `status` is the HTTP status, or the code of the envelope where HTTP 200
 * carried an error. Neither the key nor a query string is ever on it.
 */
export class AtlasError extends MediaPreflightError {
  override readonly name: string = "AtlasError";
  readonly host: Host | null;
  /** The service's own code, without "InvalidParameter.". */
  readonly upstreamCode: string | null;
  /** The asset or prediction concerned, if known. */
  readonly id: string | null;
  /**
   * `none`: the request certainly took no effect (never sent, or refused). `unknown`: it may have taken effect, so a
   * registration or a generation must be looked for before it is sent again.
   */
  readonly outcome: "none" | "unknown";
  /** Milliseconds that the service asked to wait (`Retry-After`, at most 60,000); null if it did not. */
  readonly retryAfter: number | null;
  /** Whether the host stayed unreachable for all calls: the next file would meet the same. */
  readonly hostUnreachable: boolean;

  constructor(code: ErrorCode, message: string, details: AtlasErrorDetails = {}) {
    super(code, message, details);
    this.host = details.host ?? null;
    this.upstreamCode = details.upstreamCode ?? null;
    this.id = details.id ?? null;
    this.outcome = details.outcome ?? "none";
    this.retryAfter = details.retryAfter ?? null;
    this.hostUnreachable = details.hostUnreachable ?? false;
  }
}

/** Whether a caught value is an error of the service's client, from whichever copy of this package. */
export function isAtlasError(error: unknown): error is AtlasError {
  return isMediaPreflightError(error) && error.name === "AtlasError";
}
