import type { AtlasClient } from "../atlas/types.ts";
import type { Kind } from "../facts/formats.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";

/** What `authorize` decides. A Response is sent as it is. */
export type Authorization = boolean | { ok: boolean; label?: string | undefined } | Response;

/** What happened, for the server's own log. Neither the key nor file contents are in it. */
export type HandlerEvent =
  | { type: "rejected"; status: number; code: string; label: string | null }
  | { type: "refused"; report: Report; label: string | null }
  | { type: "uploaded"; bytes: number; kind: Kind; label: string | null }
  | { type: "registered"; assetId: string; kind: Kind; label: string | null }
  | { type: "error"; error: unknown; label: string | null };

/** How the handler is set up; `authorize`, and either a key or a client, must be given. */
export interface HandlerOptions {
  /** The service; give this or `apiKey`. */
  atlas?: AtlasClient | undefined;
  /** The key of the service; it never leaves the server. */
  apiKey?: string | undefined;
  /**
   * Whether this request may upload: look at its session, cookie or token. It is asked before any of the body is
   * read. `label` names whom ids are issued to: nobody else can read them.
   */
  authorize(request: Request): Authorization | Promise<Authorization>;
  /** Largest body taken, in bytes. Default 52,428,800. */
  maxBytes?: number | undefined;
  /** The types taken. Default all three. */
  types?: readonly Kind[] | undefined;
  /** The rule table, as `preflight` takes it. */
  rules?: PreflightOptions["rules"];
  limits?: "documented" | "observed" | undefined;
  strict?: boolean | undefined;
  /** Findings of reason `reading` that do not stop a file. */
  acceptUnsure?: PreflightOptions["acceptUnsure"];
  /** Second opinions. Default "auto". */
  crossCheck?: PreflightOptions["crossCheck"];
  /** Foreign origins whose pages may call. Default none: same origin only. */
  allowedOrigins?: readonly string[] | undefined;
  /** Where a body waits for its check. Default "disk" where there is one (Node), else "memory". */
  spool?: "memory" | "disk" | undefined;
  /** Bodies taken at the same time; more are answered 503. Default 16. */
  maxConcurrent?: number | undefined;
  /** Milliseconds without a byte after which a client is given up. Default 30,000. */
  idleTimeout?: number | undefined;
  /** At least 32 characters: seals the ids, so that they outlive a restart and are good on several servers. */
  secret?: string | undefined;
  onEvent?: ((event: HandlerEvent) => void) | undefined;
}
