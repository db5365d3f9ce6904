import { type ErrorCode, type ErrorDetails, isMediaPreflightError, MediaPreflightError } from "../errors.ts";

/** The two hosts of the service. */
export type Host = "console" | "api";

/** The fields of an AtlasError besides its message. */
export interface AtlasErrorDetails extends ErrorDetails {
  host?: Host | null | undefined;
  upstreamCode?: string | null | undefined;
  id?: string | null | undefined;
  outcome?: "none" | "unknown" | undefined;
  retryAfter?: number | null | undefined;
  hostUnreachable?: boolean | undefined;
}

/**
 * A request to the service that failed. `status` is the HTTP status, or the envelope's code if HTTP 200 contained an
 * error. It never contains the key or a query string.
 */
export class AtlasError extends MediaPreflightError {
  override readonly name: string = "AtlasError";
  readonly host: Host | null;
  /** The service's own code, without "InvalidParameter.". */
  readonly upstreamCode: string | null;
  /** The asset or prediction concerned, if known. */
  readonly id: string | null;
  /**
   * `none`: the request certainly had no effect (never sent, or refused). `unknown`: it may have had one, so a
   * registration or a generation must be searched for before it is sent again.
   */
  readonly outcome: "none" | "unknown";
  /** `Retry-After` in milliseconds, at most 60,000; null if the answer had none. */
  readonly retryAfter: number | null;
  /** Whether the host stayed unreachable for all calls: the next file would fail in the same way. */
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
