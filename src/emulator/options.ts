import type { PreflightOptions } from "../preflight/preflight.ts";
import type { BucketOperation } from "./bucket/operations/operation.ts";
import type { BucketOptions } from "./bucket/options.ts";
import type { Operation, Toggles } from "./toggles.ts";

/** One request as the emulator logs it: no query string, no header, no body. */
export interface LogLine {
  time: string;
  host: "api" | "console" | "storage" | "bucket";
  method: string;
  /** Path without its query string. */
  path: string;
  /** 0: the connection was cut. */
  status: number;
  ms: number;
  requestId: string;
  operation: Operation | BucketOperation | null;
  /** The code of S3's error, if the bucket answered one. */
  code?: string | undefined;
  /** The fault that was injected, or null. */
  fault: keyof Toggles | null;
}

/** Options of an emulator: its key, its store, its limits and its toggles. */
export interface EmulatorOptions extends Partial<Toggles> {
  /** The only key that is accepted. Default: any. */
  key?: string | undefined;
  /** A directory that keeps everything across restarts. Default: a temporary one, removed on close. */
  store?: string | undefined;
  /** Fetch registered URLs of other hosts. Default false. */
  allowFetch?: boolean | undefined;
  /**
   * An S3 bucket on a third port, by name or with options: path style, signatures verified. Without credentials of its
   * own it takes those of AWS's published examples, `testCredentials`.
   */
  bucket?: string | BucketOptions | undefined;
  /** The limits that registered media are checked against. Default "documented". */
  limits?: "documented" | "observed" | undefined;
  /** The rule table that registered media are checked against, as in `preflight`. Default "atlas-seedance-2.0". */
  rules?: PreflightOptions["rules"];
  /** Called for each request answered. */
  onRequest?: ((line: LogLine) => void) | undefined;
}
