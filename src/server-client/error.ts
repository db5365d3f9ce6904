import { type ErrorCode, type ErrorDetails, MediaPreflightError } from "../errors.ts";
import type { Report } from "../report/report.ts";

/** The fields of a ServerClientError besides its message. */
export interface ServerClientErrorDetails extends ErrorDetails {
  report?: Report | null;
  id?: string | null;
  upstreamCode?: string | null;
  outcome?: "none" | "unknown";
}

/** A request that failed at the user's own server, or at the service behind it. */
export class ServerClientError extends MediaPreflightError {
  override readonly name: string = "ServerClientError";
  /** The server's own check, where it refused the file (`refused`). */
  readonly report: Report | null;
  readonly id: string | null;
  readonly upstreamCode: string | null;
  /** `none`: certainly without effect; `unknown`: it may have taken effect. As in AtlasError. */
  readonly outcome: "none" | "unknown";

  constructor(code: ErrorCode, message: string, details: ServerClientErrorDetails = {}) {
    super(code, message, details);
    this.report = details.report ?? null;
    this.id = details.id ?? null;
    this.upstreamCode = details.upstreamCode ?? null;
    this.outcome = details.outcome ?? "none";
  }
}
