import { hostname } from "node:os";
import type { OptionNames } from "../../validation/known-options.ts";
import { requireKnownOptions } from "../../validation/options.ts";
import { anyText, countOf } from "../../validation/value-rules.ts";
import { requireDatabase } from "../database-url.ts";
import type { Ledger } from "../ledger.ts";
import { ledgerOver } from "../store-ledger.ts";
import { describeAddress, PgDatabase } from "./pg-database.node.ts";
import { PostgresStore } from "./store.ts";

/** How the database is reached and used. */
export interface PostgresLedgerOptions {
  /** Connections at most; one more listens while an entry is waited for. Default 4. */
  maxConnections?: number | undefined;
  /** Schema of the tables. Default "media_preflight". */
  schema?: string | undefined;
}

const optionNames = {
  maxConnections: countOf("connections"),
  schema: anyText,
} as const satisfies OptionNames<PostgresLedgerOptions>;

/** A ledger in PostgreSQL. */
export interface PostgresLedger extends Ledger {
  /** Host, port and database, for messages. */
  readonly address: string;
  /**
   * Makes the tables, or brings them to this release's version. Safe to run by several processes at a time. Needs the
   * right to create them; nothing else does.
   */
  migrate(): Promise<void>;
}

/**
 * The ledger in PostgreSQL 13 or later, for several machines: `postgres://user@host/database`. Needs the package `pg`.
 * Nothing is connected before the first use. The tables are made with it if the user may; otherwise run
 * `media-preflight ledger migrate` once, as a user who may, and grant
 *
 * ```sql
 * GRANT USAGE ON SCHEMA media_preflight TO worker;
 * GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA media_preflight TO worker;
 * GRANT USAGE ON ALL SEQUENCES IN SCHEMA media_preflight TO worker;
 * ```
 *
 * Connecting fails after 10 s, a connection lost later is tried again for 60 s (`ledger-unreachable`). It works through
 * transaction poolers. Commits must be durable: with `synchronous_commit` off it refuses to work, and a failover must not
 * lose commits. Anyone who can write the tables is trusted.
 */
export function postgresLedger(
  connectionString: string,
  options: PostgresLedgerOptions = {},
): PostgresLedger {
  requireKnownOptions("postgresLedger", options, optionNames);
  requireDatabase(connectionString, "a PostgreSQL ledger");
  const database = new PgDatabase({ connectionString, maxConnections: options.maxConnections ?? 4 });
  const store = new PostgresStore(database, {
    schema: options.schema ?? "media_preflight",
    holderName: `process ${process.pid} on ${hostname()}`,
  });
  return {
    ...ledgerOver(store),
    address: describeAddress(connectionString),
    migrate: () => store.migrate(),
  };
}
