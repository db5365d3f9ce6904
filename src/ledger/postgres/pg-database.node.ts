import type { Client, Pool, PoolConfig } from "pg";
import { backoffDelay } from "../../async/backoff.ts";
import { delay } from "../../async/delay.ts";
import { MediaPreflightError } from "../../errors.ts";
import { Stopwatch } from "../store-clock.ts";
import type { Answer, Database, Listener } from "./database.ts";
import { isConnectionLoss, refused, unreachable } from "./errors.ts";

/** How PostgreSQL is reached. */
export interface PgDatabaseOptions {
  /** `postgres://user@host:port/database`; what it leaves out comes from PGHOST, PGUSER, PGPASSWORD, ~/.pgpass. */
  connectionString: string;
  /** Connections at most. */
  maxConnections: number;
}

const connectInMilliseconds = 10_000;
/** A loss in the middle of a run: a restart or a failover takes some time. */
const retryInMilliseconds = 60_000;
/** A statement takes milliseconds; one without an answer was sent to a host that is gone. */
const statementInMilliseconds = 15_000;
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
    return this.#retried(async (pool) => {
      const asked = new Stopwatch();
      const { rows } = await pool.query(text, [...values]);
      return { rows: rows as Row[], asked };
    }, signal);
  }

  async script(text: string): Promise<void> {
    await this.#retried((pool) => pool.query(text));
  }

  async listen(channel: string, onNotification: (payload: string | null) => void): Promise<Listener> {
    const { Client } = await loadPg();
    const client = new Client(this.#config());
    client.on("error", () => onNotification(null));
    const echo = crypto.randomUUID();
    const heard = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), echoInMilliseconds);
      client.on("notification", ({ payload = "" }) => {
        if (payload === echo) {
          clearTimeout(timer);
          resolve(true);
        } else onNotification(payload);
      });
    });
    await client.connect();
    hold(client, false);
    await client.query(`LISTEN ${channel}`);
    // Through a transaction pooler LISTEN succeeds and nothing arrives: only a notification of our own tells.
    await this.query("SELECT pg_notify($1, $2)", [channel, echo]);
    const working = await heard;
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

  /** Until the first answer for 10 s, afterwards for 60 s. */
  async #retried<T>(act: (pool: Pool) => Promise<T>, signal: AbortSignal | null = null): Promise<T> {
    const trying = new Stopwatch();
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await act(await this.#open());
        this.#connected = true;
        return result;
      } catch (error) {
        if (error instanceof MediaPreflightError) throw error;
        if (!isConnectionLoss(error)) throw isRefusal(error) ? refused(this.#where, error) : error;
        const limit = this.#connected ? retryInMilliseconds : connectInMilliseconds;
        const wait = backoffDelay(attempt, backoff);
        if (this.#closed || trying.longest() + wait > limit) throw unreachable(this.#where, error);
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
      connectionTimeoutMillis: connectInMilliseconds - 1000,
      query_timeout: statementInMilliseconds,
      keepAlive: true,
      application_name: "media-preflight",
    };
  }
}

/** Whether an open connection keeps the process alive: one that only listens does not. */
function hold(client: Client, keepsAlive: boolean): void {
  const { ref, unref } = client as Client & { ref?: () => void; unref?: () => void };
  (keepsAlive ? ref : unref)?.call(client);
}

/** Ends a connection, also one whose other side is gone. */
async function endClient(client: Client): Promise<void> {
  hold(client, true);
  const late = new AbortController();
  await Promise.race([client.end(), delay(endInMilliseconds, late.signal)]).catch(() => {});
  late.abort();
}

/** Rights, password, database: what PostgreSQL refuses whenever it is asked. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^(?:28|3D|42501)/.test(code);
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
