import type { AtlasClient } from "../atlas/types.ts";
import type { ErrorCode } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { Storage } from "../storage/storage.ts";

/** The result of `authorize`. A Response is sent as it is. */
export type Authorization = boolean | { ok: boolean; label?: string | null | undefined } | Response;

/** An event for the server's own log. It never contains the key or file contents. */
export type HandlerEvent =
  | { type: "rejected"; status: number; code: ErrorCode; label: string | null }
  | { type: "refused"; report: Report; label: string | null }
  | { type: "uploaded"; bytes: number; kind: Kind; label: string | null }
  /** `reused`: the ledger knew the asset, and nothing was registered. */
  | { type: "registered"; assetId: string; kind: Kind; reused: boolean; label: string | null }
  | { type: "error"; error: unknown; label: string | null }
  /** At start-up: something that checks need is missing. */
  | { type: "warning"; message: string; hint: string | null };

/** Limits of the unregistered uploads of one label in the bucket. */
export interface UploadQuotaOptions {
  /** Default 100. */
  files?: number | undefined;
  /** Default 10 GiB. */
  bytes?: number | undefined;
}

/** Options of the handler. */
export interface HandlerOptions {
  /** The service's client; default: one made of `apiKey`. */
  atlas?: AtlasClient | undefined;
  /**
   * The service's key, which stays on the server; default: ATLASCLOUD_API_KEY. The base URLs are read from
   * ATLASCLOUD_API_BASE_URL and ATLASCLOUD_CONSOLE_BASE_URL, as by every default client.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * Whether this request may upload: check its session, cookie or token. It is called before any of the body is read.
   * `label` names the caller that ids are issued to; other callers cannot use them. No label (null or undefined) differs from "".
   */
  authorize(request: Request): Authorization | Promise<Authorization>;
  /**
   * Registers each file at most once, across restarts and servers that share the ledger: the same bytes under the same
   * label are the same asset. Without it, see `secret` for what is guaranteed.
   */
  ledger?: Ledger | undefined;
  /** With a ledger: the same bytes are one asset for all labels. Default false: each label has its own. */
  shareAssets?: boolean | undefined;
  /** Largest body accepted, in bytes. Default 52,428,800 (50 MiB). */
  maxBytes?: number | undefined;
  /** Accepted types. Default all three. */
  types?: readonly Kind[] | undefined;
  /** The rule table, as in `preflight`. */
  rules?: PreflightOptions["rules"];
  /** As in `preflight`. Default "documented". */
  limits?: "documented" | "observed" | undefined;
  /** As in `preflight`. Default false. */
  strict?: boolean | undefined;
  /** Which findings of reason `reading` are accepted. Default none. */
  acceptUnsure?: PreflightOptions["acceptUnsure"];
  /** As in `preflight`. Default "auto". */
  crossCheck?: PreflightOptions["crossCheck"];
  /** Other origins whose pages may call. Default none: same origin only. */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * The user's own bucket, for instance `s3Storage({ bucket })`: pages upload straight to it by signed addresses, and
   * files are registered from there. `maxBytes` does not bound such uploads; the rule table does.
   */
  storage?: Storage | undefined;
  /** Uploads of one label to the bucket that are not yet registered, within a day, in this process. */
  uploadQuota?: UploadQuotaOptions | undefined;
  /** Where a body is stored until it is checked. Default "disk" on Node.js, else "memory". */
  spool?: "memory" | "disk" | undefined;
  /** Bodies received at a time; more are answered 503. Default 16. */
  maxConcurrent?: number | undefined;
  /** Of these, bodies of one label. Default a quarter of `maxConcurrent`, at least 1. */
  maxConcurrentPerLabel?: number | undefined;
  /** Milliseconds without a byte after which a client is disconnected. Default 30,000. */
  idleTimeout?: number | undefined;
  /**
   * Bytes per second below which a client is disconnected, on average since the body began, with `idleTimeout` to
   * spare. Default 16,384.
   */
  minBytesPerSecond?: number | undefined;
  /**
   * Encrypts the ids that pages get, so that they survive a restart and are valid on every server with this secret. At
   * least 32 characters; [current, previous] while it is being changed. Default: random, valid in this process only.
   * Without a ledger, an upload that another server issued is registered again only if the service's list does not
   * show it; two servers that do this at the same moment can both register it. With a ledger they cannot.
   */
  secret?: string | readonly string[] | undefined;
  /** Called for each event; what it throws is ignored, with a warning. */
  onEvent?: ((event: HandlerEvent) => void) | undefined;
}
