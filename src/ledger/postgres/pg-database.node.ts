import type { Client, Pool, PoolConfig } from "pg";
import { backoffDelay } from "../../async/backoff.ts";
import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Answer, Database, Listener } from "./database.ts";
import { isConnectionLoss, refusalOr, unreachable } from "./errors.ts";

/** How PostgreSQL is reached. */
export interface PgDatabaseOptions {
  /** `postgres://user@host:port/database`; what it leaves out comes from PGHOST, PGUSER, PGPASSWORD, ~/.pgpass. */
  connectionString: string;
  /** Most connections. */
  maxConnections: number;
}

const connectInMilliseconds = 10_000;
/** One attempt to connect again. */
const reconnectInMilliseconds = 9000;
const shortestAttemptInMilliseconds = 100;
/** A loss in the middle of a run: a restart or a failover takes some time. */
const retryInMilliseconds = 60_000;
/** A statement takes milliseconds; one without an answer was sent to a host that is no longer there. */
const statementInMilliseconds = 15_000;
/** What took longer was a process that was suspended, not an attempt that failed. */
const longestAttemptInMilliseconds = connectInMilliseconds + statementInMilliseconds;
const echoInMilliseconds = 2000;
const endInMilliseconds = 2000;
const backoff = { base: 100, cap: 3000 };

/** PostgreSQL through a bounded pool; statements are tried again when a connection is lost. */
export class PgDatabase implements Database {
  readonly #options: PgDatabaseOptions;
  readonly #where: string;
  #pool: Promise<Pool> | null = null;
  #connected = false;
  #closed = false;

  constructor(options: PgDatabaseOptions) {
    this.#options = options;
    this.#where = describeAddress(options.connectionString);
  }

  query<Row>(
    text: string,
    values: readonly unknown[] = [],
    signal: AbortSignal | null = null,
  ): Promise<Answer<Row>> {
    return this.#withRetries(async (pool) => {
      const sinceRequest = new Stopwatch();
      const { rows } = await pool.query(text, [...values]);
      return { rows: rows as Row[], sinceRequest };
    }, signal);
  }

  async script(text: string): Promise<void> {
    await this.#withRetries((pool) => pool.query(text));
  }

  async listen(channel: string, onNotification: (payload: string | null) => void): Promise<Listener> {
    const { Client } = await loadPg();
    const client = new Client(this.#config());
    client.on("error", () => onNotification(null));
    const echo = crypto.randomUUID();
    const received = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), echoInMilliseconds);
      client.on("notification", ({ payload = "" }) => {
        if (payload === echo) {
          clearTimeout(timer);
          resolve(true);
        } else onNotification(payload);
      });
    });
    await client.connect();
    keepAlive(client, false);
    await client.query(`LISTEN ${channel}`);
    // Through a transaction pooler LISTEN succeeds but nothing arrives: only a notification of our own proves that it works.
    await this.query("SELECT pg_notify($1, $2)", [channel, echo]);
    const working = await received;
    const listener = { working, close: () => endClient(client) };
    if (!working) await listener.close();
    return listener;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const pool = await this.#pool?.catch(() => null);
    await pool?.end();
  }

  /** Retries for 10 s until the first answer, afterwards for 60 s; the time of a suspended process does not count. */
  async #withRetries<T>(act: (pool: Pool) => Promise<T>, signal: AbortSignal | null = null): Promise<T> {
    let spent = 0;
    for (let attempt = 1; ; attempt++) {
      const trying = new Stopwatch();
      try {
        const pool = await this.#open();
        pool.options.connectionTimeoutMillis = this.#connected
          ? reconnectInMilliseconds
          : Math.max(connectInMilliseconds - spent, shortestAttemptInMilliseconds);
        const result = await act(pool);
        this.#connected = true;
        return result;
      } catch (error) {
        if (error instanceof MediaPreflightError) throw error;
        if (!isConnectionLoss(error)) throw refusalOr(this.#where, error);
        const limit = this.#connected ? retryInMilliseconds : connectInMilliseconds;
        const wait = backoffDelay(attempt, backoff);
        spent += Math.min(trying.longest(), longestAttemptInMilliseconds) + wait;
        if (this.#closed || spent > limit) throw unreachable(this.#where, error);
        await delay(wait, signal);
      }
    }
  }

  #open(): Promise<Pool> {
    if (this.#closed) throw new MediaPreflightError("ledger-unreachable", "the ledger was closed");
    this.#pool ??= this.#makePool();
    return this.#pool;
  }

  async #makePool(): Promise<Pool> {
    const { Pool } = await loadPg();
    const pool = new Pool({ ...this.#config(), max: this.#options.maxConnections, allowExitOnIdle: true });
    // An idle connection that breaks is replaced with the next statement.
    pool.on("error", () => {});
    return pool;
  }

  #config(): PoolConfig {
    return {
      connectionString: this.#options.connectionString,
      connectionTimeoutMillis: reconnectInMilliseconds,
      query_timeout: statementInMilliseconds,
      keepAlive: true,
      application_name: "media-preflight",
    };
  }
}

/**
 * Waits until the database answers, for as long as a ledger waits for its first answer.
 * @throws MediaPreflightError `ledger-unreachable`, `usage`, `aborted`
 */
export async function waitForDatabase(connectionString: string, signal: AbortSignal | null): Promise<void> {
  const database = new PgDatabase({ connectionString, maxConnections: 1 });
  try {
    await database.query("SELECT 1", [], signal);
  } finally {
    await database.close();
  }
}

/** Whether an open connection keeps the process alive: one that only listens does not. */
function keepAlive(client: Client, keepsAlive: boolean): void {
  const { ref, unref } = client as Client & { ref?: () => void; unref?: () => void };
  (keepsAlive ? ref : unref)?.call(client);
}

/** Ends a connection, also if the other side no longer responds. */
async function endClient(client: Client): Promise<void> {
  keepAlive(client, true);
  const stopWaiting = new AbortController();
  await Promise.race([client.end(), delay(endInMilliseconds, stopWaiting.signal)]).catch(() => {});
  stopWaiting.abort();
}

/** Host, port and database, for messages: never the user or the password. */
export function describeAddress(connectionString: string): string {
  try {
    const { hostname, port, pathname } = new URL(connectionString);
    return `${hostname || "localhost"}:${port || "5432"}${pathname}`;
  } catch {
    return "the given address";
  }
}

/** `pg` is an optional peer. */
async function loadPg(): Promise<Pick<typeof import("pg"), "Client" | "Pool">> {
  try {
    return await import("pg");
  } catch (cause) {
    throw new MediaPreflightError("usage", "a PostgreSQL ledger needs the package pg", {
      cause,
      hint: "npm install pg",
    });
  }
}
