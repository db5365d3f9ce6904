import type { PgBoss } from "pg-boss";
import { MediaPreflightError } from "../../errors.ts";
import { requireDatabase } from "../../ledger/database-url.ts";
import { isConnectionLoss, refusalOr, unreachable } from "../../ledger/postgres/errors.ts";
import { describeAddress, waitForDatabase } from "../../ledger/postgres/pg-database.node.ts";
import { deadLetterQueue, defaultSchema, submitQueue } from "./job.ts";

/** Which queue. */
export interface QueueOptions {
  /** `postgres://user@host/database`: the ledger's database. */
  connectionString: string;
  /** Schema of pg-boss's tables. Default "media_preflight_queue". */
  schema?: string | undefined;
}

const connectInMilliseconds = 9000;
/** A worker that sends no heartbeat for this long counts as dead, and its job is given to another. */
const heartbeatInSeconds = 60;
/** Seconds between searches for dead workers. */
const monitorInSeconds = 10;
/** A job that a rate limit delays may take long; pg-boss allows no more. */
const expireInSeconds = 24 * 3600;
/** Seconds after which finished jobs and dead letters are deleted. */
const keepInSeconds = { submitted: 7 * 24 * 3600, dead: 90 * 24 * 3600 };

/** An open queue. */
export interface OpenQueue {
  boss: PgBoss;
  /** Runs a call of pg-boss; its failure becomes a coded error. */
  attempt<T>(act: () => Promise<T>): Promise<T>;
}

/**
 * Connects, as the ledger does: a database that is starting is waited for. Makes the tables and queues if they are missing.
 * @param supervised whether this process also gives the jobs of dead workers to others
 * @throws MediaPreflightError `ledger-unreachable`, `usage`, `aborted`
 */
export async function openQueue(
  { connectionString, schema = defaultSchema }: QueueOptions,
  {
    supervised,
    connections,
    signal,
  }: { supervised: boolean; connections: number; signal?: AbortSignal | undefined },
): Promise<OpenQueue> {
  requireDatabase(connectionString, "a queue");
  const { PgBoss } = await loadPgBoss();
  await waitForDatabase(connectionString, signal ?? null);
  const boss = new PgBoss({
    connectionString,
    schema,
    max: connections,
    connectionTimeoutMillis: connectInMilliseconds,
    application_name: "media-preflight queue",
    schedule: false,
    supervise: supervised,
    superviseIntervalSeconds: monitorInSeconds,
    monitorIntervalSeconds: monitorInSeconds,
  });
  // A lost connection is replaced; a call that needs one reports its own failure.
  boss.on("error", () => {});
  const attempt = withDatabaseErrors(describeAddress(connectionString));
  try {
    await attempt(() => boss.start());
    await attempt(() => makeQueues(boss));
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw error;
  }
  return { boss, attempt };
}

async function makeQueues(boss: PgBoss): Promise<void> {
  const found = await boss.getQueues([submitQueue, deadLetterQueue]);
  if (found.length === 2) return;
  await boss.createQueue(deadLetterQueue, {
    retentionSeconds: keepInSeconds.dead,
    deleteAfterSeconds: keepInSeconds.dead,
  });
  await boss.createQueue(submitQueue, {
    // At most one job of one entry waits or runs.
    policy: "exclusive",
    deadLetter: deadLetterQueue,
    expireInSeconds,
    heartbeatSeconds: heartbeatInSeconds,
    retentionSeconds: keepInSeconds.dead,
    deleteAfterSeconds: keepInSeconds.submitted,
  });
}

/** Failures of the database as coded errors. */
function withDatabaseErrors(where: string): OpenQueue["attempt"] {
  return async (act) => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof MediaPreflightError) throw error;
      throw isConnectionLoss(error) ? unreachable(where, error) : refusalOr(where, error);
    }
  };
}

/** `pg-boss` is an optional peer. */
async function loadPgBoss(): Promise<typeof import("pg-boss")> {
  try {
    return await import("pg-boss");
  } catch (cause) {
    throw new MediaPreflightError("usage", "a queue needs the package pg-boss", {
      cause,
      hint: "npm install pg-boss pg",
    });
  }
}
