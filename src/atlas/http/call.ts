import type { RateLimit } from "../../async/rate-limit.ts";
import type { Host } from "../error.ts";
import type { Envelope, Fields } from "./envelope.ts";
import type { Multipart } from "./multipart.ts";

/** One call. Its host is part of it, so that no call can go to the wrong one. */
export interface Call<T> {
  /** The client's method, for messages. */
  name: string;
  host: Host;
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Readonly<Record<string, number>>;
  json?: unknown;
  upload?: CallUpload;
  /** Whether it may be sent twice. */
  repeatable: boolean;
  /** Whether a lost answer leaves it unknown what took effect. */
  changes: boolean;
  signal: AbortSignal | null;
  /** The asset or prediction concerned. */
  id?: string;
  /**
   * @param serverNow the service's time of the answer, in milliseconds since 1970 (ours if it sends no Date)
   * @throws InvalidAnswer
   */
  decode(envelope: Envelope, serverNow: number): T;
  /**
   * Reads `data` of an error answer that is a result nevertheless: a failed prediction can arrive as HTTP 5xx. Null if it
   * is an error like any other.
   */
  decodeFailure?(data: Fields): T | null;
}

/** The body of an upload. */
export interface CallUpload {
  multipart: Multipart;
  /** Called with the bytes of the file that were passed to the network so far. */
  onSent: (bytes: number) => void;
  rateLimit: RateLimit | null;
}

/** Thrown while decoding: an answer that does not follow the contract. */
export class InvalidAnswer {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
