import type { Envelope } from "./envelope.ts";
import type { Host } from "./error.ts";
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
  upload?: Multipart & { fileBytes: number; onSent: (bytes: number) => void };
  /** Whether it may be sent twice. */
  repeatable: boolean;
  /** Whether a lost answer leaves a doubt about what took effect. */
  changes: boolean;
  signal: AbortSignal | null;
  /** The asset or prediction concerned. */
  id?: string;
  /** Throws Unfit. */
  decode(envelope: Envelope): T;
}

/** Signal: an answer that the contract does not know. */
export class Unfit {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
