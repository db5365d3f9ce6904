import { deadLetterQueue, defaultSchema, type JobFailure, type QueueJob, submitQueue } from "./job.ts";
import { type OpenQueue, openQueue, type QueueOptions } from "./open-queue.node.ts";
import { requireStatusOptions } from "./option-names.ts";

/** A file that failed finally. */
export interface DeadLetter extends JobFailure {
  file: string;
  /** When it failed, ISO 8601 in the database's time. */
  failedAt: string;
  attempts: number;
}

/** Counts of jobs, and the reasons of those that failed finally. */
export interface QueueStatus {
  /** Waiting for their first attempt. */
  queued: number;
  /** Waiting for another attempt. */
  retrying: number;
  active: number;
  /** Of the last seven days. */
  done: number;
  dead: number;
  /** The newest, at most `deadLetters` of them. */
  deadLetters: DeadLetter[];
}

/** Which queue, and how much of it to list. */
export interface StatusOptions extends QueueOptions {
  /** How many dead letters to list. Default 100. */
  deadLetters?: number | undefined;
}

/**
 * The state of the queue.
 * @throws MediaPreflightError `ledger-unreachable`, `usage`
 */
export async function queueStatus(options: StatusOptions): Promise<QueueStatus> {
  requireStatusOptions(options);
  const queue = await openQueue(options, { supervised: false, connections: 1 });
  try {
    const counts = await countsByState(queue, options.schema);
    const count = (state: string): number => counts.get(`${submitQueue} ${state}`) ?? 0;
    const dead = counts.get(`${deadLetterQueue} created`) ?? 0;
    const letters = await queue.attempt(() =>
      queue.boss.findJobs<QueueJob>(deadLetterQueue, { queued: true, limit: options.deadLetters ?? 100 }),
    );
    return {
      queued: count("created"),
      retrying: count("retry"),
      active: count("active"),
      done: count("completed"),
      dead,
      deadLetters: letters.map(({ data, createdOn, sourceOutput, sourceRetryCount }) => ({
        file: data.file,
        failedAt: createdOn.toISOString(),
        attempts: (sourceRetryCount ?? 0) + 1,
        ...failureIn(sourceOutput),
      })),
    };
  } finally {
    await queue.boss.stop({ graceful: false });
  }
}

/** Jobs that wait or run, on all machines. */
export async function unfinishedJobs(queue: OpenQueue, schema?: string): Promise<number> {
  const counts = await countsByState(queue, schema);
  return ["created", "retry", "active"].reduce(
    (sum, state) => sum + (counts.get(`${submitQueue} ${state}`) ?? 0),
    0,
  );
}

/** pg-boss's own statistics may be a minute old. */
async function countsByState(
  { boss, attempt }: OpenQueue,
  schema: string = defaultSchema,
): Promise<Map<string, number>> {
  const { rows } = await attempt(() =>
    boss
      .getDb()
      .executeSql(
        `SELECT name, state, count(*)::int AS count FROM "${schema}".job WHERE name = ANY($1::text[]) GROUP BY name, state`,
        [[submitQueue, deadLetterQueue]],
      ),
  );
  return new Map(rows.map(({ name, state, count }) => [`${name} ${state}`, count]));
}

/** The reason that the worker recorded, or pg-boss's own if the worker died. */
function failureIn(output: unknown): JobFailure {
  const { code, message, hint, findings, value } = (output ?? {}) as Partial<JobFailure> & {
    value?: { message?: string };
  };
  return {
    code: code ?? "unexpected",
    message: message ?? value?.message ?? "the worker ended without a reason",
    hint: hint ?? null,
    findings: findings ?? [],
  };
}
