import type { Names } from "./schema.ts";

/** One statement for each operation of the store. */
export interface Statements {
  acquire: string;
  announceWait: string;
  renew: string;
  write: string;
  release: string;
  get: string;
  known: string;
  page: string;
  reserve: string;
  version: string;
}

const now = "extract(epoch FROM clock_timestamp()) * 1000";
const milliseconds = (parameter: string): string =>
  `${parameter}::double precision * interval '1 millisecond'`;

/**
 * The statements, with the tables' names. `clock_timestamp()` and not `now()`: a statement may wait for a row's lock, and
 * what counts is the time when it has it.
 */
export function statementsFor({ entries, rates, migrations, tokens }: Names): Statements {
  const until = (duration: string): string => `clock_timestamp() + ${milliseconds(duration)}`;
  return {
    // A holder that repeats its request, after a lost connection, gets the same lease; its revisions continue.
    acquire: `
      INSERT INTO ${entries} AS e (id, token, holder, holder_name, leased_until)
      VALUES ($1, nextval(${tokens}), $2, $3, ${until("$4")})
      ON CONFLICT (id) DO UPDATE SET
        token = CASE WHEN e.holder = $2 THEN e.token ELSE nextval(${tokens}) END,
        revision = CASE WHEN e.holder = $2 THEN e.revision ELSE 0 END,
        interrupted = CASE WHEN e.holder = $2 THEN e.interrupted ELSE e.holder IS NOT NULL END,
        waited = CASE WHEN e.holder = $2 THEN e.waited ELSE false END,
        holder = $2, holder_name = $3, leased_until = ${until("$4")}
      WHERE e.holder IS NULL OR e.holder = $2 OR e.leased_until <= clock_timestamp()
      RETURNING token::text, entry, interrupted, ${now} AS now`,
    announceWait: `
      UPDATE ${entries} SET waited = true WHERE id = $1 AND holder IS NOT NULL
      RETURNING holder_name, greatest(0, extract(epoch FROM leased_until - clock_timestamp()) * 1000) AS remaining`,
    renew: `
      UPDATE ${entries} SET leased_until = ${until("$3")}
      WHERE id = $1 AND token = $2 AND holder IS NOT NULL
      RETURNING ${now} AS now`,
    // A write that arrives a second time, or after a later one, changes nothing.
    write: `
      WITH written AS (
        UPDATE ${entries} SET
          entry = CASE WHEN revision < $6 THEN $4::jsonb ELSE entry END,
          asset_ids = CASE WHEN revision < $6 THEN $5::text[] ELSE asset_ids END,
          revision = greatest(revision, $6),
          holder = CASE WHEN $7 THEN NULL ELSE holder END,
          leased_until = CASE WHEN $7 THEN NULL ELSE ${until("$3")} END
        WHERE id = $1 AND token = $2 AND (holder IS NOT NULL OR revision >= $6)
        RETURNING waited
      )
      SELECT ${now} AS now, CASE WHEN $7 AND waited THEN pg_notify($8, $1) END FROM written`,
    // An entry that was claimed and never recorded leaves no row.
    release: `
      WITH emptied AS (
        DELETE FROM ${entries} WHERE id = $1 AND token = $2 AND holder IS NOT NULL AND entry IS NULL
        RETURNING waited
      ), released AS (
        UPDATE ${entries} SET holder = NULL, leased_until = NULL
        WHERE id = $1 AND token = $2 AND holder IS NOT NULL AND entry IS NOT NULL
        RETURNING waited
      )
      SELECT CASE WHEN waited THEN pg_notify($3, $1) END FROM (TABLE emptied UNION ALL TABLE released) AS ended`,
    get: `SELECT entry FROM ${entries} WHERE id = $1`,
    known: `SELECT entry FROM ${entries} WHERE asset_ids && $1::text[] AND entry IS NOT NULL`,
    page: `SELECT id, entry FROM ${entries} WHERE id > $1 AND entry IS NOT NULL ORDER BY id LIMIT $2`,
    reserve: `
      INSERT INTO ${rates} AS r (bucket, next_at) VALUES ($1, clock_timestamp() + ${milliseconds("$2")})
      ON CONFLICT (bucket) DO UPDATE SET next_at = greatest(r.next_at, clock_timestamp()) + ${milliseconds("$2")}
      RETURNING greatest(0, extract(epoch FROM next_at - ${milliseconds("$2")} - clock_timestamp()) * 1000) AS wait`,
    version: `SELECT max(version) AS version FROM ${migrations}`,
  };
}
