import type { Stopwatch } from "../../async/stopwatch.ts";

/** What the store needs of a database connection. */
export interface Database {
  /** One statement, as a transaction of its own. The signal ends the wait for a lost connection to come back. */
  query<Row>(text: string, values?: readonly unknown[], signal?: AbortSignal | null): Promise<Answer<Row>>;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
  /** Calls back with the payload of each notification; null: notifications may have been missed. */
  listen(channel: string, onNotification: (payload: string | null) => void): Promise<Listener>;
  close(): Promise<void>;
}

/** Rows, and how long ago the request that brought them was sent: not the ones before it that were lost. */
export interface Answer<Row> {
  rows: Row[];
  sinceRequest: Stopwatch;
}

/** A connection that listens. */
export interface Listener {
  /** Whether notifications arrive: not through a transaction pooler. */
  readonly working: boolean;
  close(): Promise<void>;
}
