import { type ErrorCode, type ErrorDetails, MediaPreflightError } from "../errors.ts";

/** The two hosts of the service. */
export type Host = "console" | "api";

export interface AtlasErrorDetails extends ErrorDetails {
  status?: number | null;
  requestId?: string | null;
  host?: Host | null;
  upstreamCode?: string | null;
  id?: string | null;
  outcome?: "none" | "unknown";
}

/** What the service, or the way to it, did not do. Neither the key nor a query string is ever on it. */
export class AtlasError extends MediaPreflightError {
  override readonly name: string = "AtlasError";
  /** HTTP status, or the code of the envelope where HTTP 200 carried an error; null where no answer came. */
  readonly status: number | null;
  /** `X-Request-ID`: what the service's support asks for. */
  readonly requestId: string | null;
  readonly host: Host | null;
  /** The service's own code, without "InvalidParameter.". */
  readonly upstreamCode: string | null;
  /** The asset or prediction concerned, where one is known. */
  readonly id: string | null;
  /**
   * `none`: the request took no effect, for certain (never sent, or refused). `unknown`: it may have taken effect,
   * so a registration or a generation must be looked for before it is sent again.
   */
  readonly outcome: "none" | "unknown";

  constructor(code: ErrorCode, message: string, details: AtlasErrorDetails = {}) {
    super(code, message, details);
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.host = details.host ?? null;
    this.upstreamCode = details.upstreamCode ?? null;
    this.id = details.id ?? null;
    this.outcome = details.outcome ?? "none";
  }
}
