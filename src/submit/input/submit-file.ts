import type { ByteSource } from "../../bytes/source.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Report } from "../../report/report.ts";
import type { SubmitOptions } from "../options.ts";

/** A file as the platform reaches it. */
export interface SubmitFile {
  /** File name or path as given; null for nameless bytes. */
  readonly name: string | null;
  /** What `uploadMedia` takes; null for a URL, which is registered as it is. */
  readonly payload: Blob | Uint8Array | string | null;
  /** The URL, if it is one. */
  readonly url: string | null;
  /** The object in the user's bucket, if it is one. */
  readonly object?: BucketObject;
  /** Its bytes, if they are not reached through the input. */
  readonly source?: ByteSource;
  /**
   * Makes what is sent when it is sent, and removes it afterwards; it stands for `payload`.
   * @param send takes the bytes, and their report and SHA-256 if they are not the checked ones
   */
  withPayload?<T>(signal: AbortSignal | null, send: (made: PreparedPayload) => Promise<T>): Promise<T>;
  /** An estimate of the most bytes that the copy made by `withPayload` will have; null if no copy is planned. */
  copyMaxBytes?(): number | null;
  /** Changes whenever the bytes may have changed; null if only their hash shows it. */
  stamp(): Promise<string | null>;
  /** SHA-256 of all bytes, in hexadecimal, read in pieces; null for an object whose bucket states none. */
  sha256(signal: AbortSignal | null): Promise<string | null>;
  /** What a URL's server, or the bucket, says of the file; null for anything else. */
  probe(signal: AbortSignal | null): Promise<{ etag: string | null; bytes: number | null } | null>;
}

/** What is sent in place of the file. */
export interface PreparedPayload {
  payload: Blob | Uint8Array | string;
  /** Its report, and its SHA-256 in hexadecimal; null if it is the checked file. */
  copy: { report: Report; sha256: string } | null;
}

/** An object in the user's bucket. */
export interface BucketObject {
  key: string;
  /** Its address without a signature. */
  url: string;
  /** Signs an address for the service. */
  sign(signal: AbortSignal | null): Promise<string>;
}

/** What differs between Node.js and browsers. */
export interface SubmitPlatform<Input> {
  /**
   * Takes a ByteSource as well: an object's.
   * @param file what `open` returned for this check
   */
  preflight(input: Input, options: PreflightOptions, file: SubmitFile): Promise<Report>;
  open(input: Input, options: Omit<SubmitOptions, "atlas">): SubmitFile | Promise<SubmitFile>;
  /** Version of a rule table: the date it was last checked against its source. Recorded in the ledger, if known. */
  rulesVersion?(rules: SubmitOptions["rules"]): Promise<string>;
  /** Whether reading all of a file is inexpensive enough to do it without a ledger. */
  alwaysHash: boolean;
  /** A video may pass although MediaInfo could not run: in pages, which need not serve its WebAssembly. */
  crossCheckOptional?: true;
}
