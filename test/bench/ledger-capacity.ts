/**
 * What a file costs the ledger's database: `node test/bench/ledger-capacity.ts [--rows 1000000]`. It claims, records and
 * releases entries of an almost empty table and of one with so many rows (default 50,000, in seconds), on a PostgreSQL server of its own, and reckons from
 * that what one million files on fifty machines cost. Where it saturates: a claim and its five steps are six to seven
 * commits, so the database's synchronous commits per second bound files per second; then use faster storage or
 * `commit_delay`, not more machines. Connections: four per process, and one that listens while an entry is waited for.
 */
import { parseArgs } from "node:util";
import { Client } from "pg";
import { postgresLedger } from "../../src/ledger/postgres/postgres-ledger.node.ts";
import { postgresBin, startPostgres } from "../ledger/postgres/server.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "50000" } } });
if (postgresBin === null) throw new Error("PostgreSQL is not installed");
const server = await startPostgres(postgresBin);
const ledger = postgresLedger(server.url);
const admin = new Client({ connectionString: server.url });
await admin.connect();
const files = 100;
let made = 0;

/** Milliseconds of each file that goes through all steps. */
async function measure(): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < files; i++) {
    const sha256 = (++made).toString(16).padStart(64, "0");
    const key = { sha256, type: "video", origin: "https://console.test", account: "default" } as const;
    const claim = await ledger.claim(key, `clip ${made}.mp4`);
    const url = `https://cdn.test/${made}/clip.mp4`;
    await claim.record({ step: "checked" });
    await claim.record({ step: "uploaded", url, uploadedAt: claim.now() });
    await claim.record({ step: "registering", url, sentAt: claim.now() });
    await claim.record({ step: "registered", url, id: `${made}` });
    await claim.record({ step: "active", url, id: `${made}`, uri: `asset://atlas-asset-${made}` });
    await claim.release();
  }
  return (performance.now() - begun) / files;
}

/** An idle connection reports its statistics within 10 s (PostgreSQL 15, IDLE_STATS_UPDATE_TIMEOUT in postgres.c). */
async function statisticsReported(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 11_000));
}

async function one<T>(query: string): Promise<T> {
  return (await admin.query(query)).rows[0] as T;
}

try {
  await ledger.migrate();
  const few = await measure();
  await admin.query(`INSERT INTO media_preflight.ledger_entry (id, entry, asset_ids, token)
    SELECT encode(sha256(n::text::bytea), 'hex'), entry || jsonb_build_object('id', n::text),
      ARRAY['https://console.test ' || n], nextval('media_preflight.ledger_token')
    FROM generate_series(1000000, 999999 + ${Number(values.rows)}) AS n,
      (SELECT entry FROM media_preflight.ledger_entry LIMIT 1) AS sample`);
  await admin.query("VACUUM ANALYZE media_preflight.ledger_entry");
  await statisticsReported();
  const before = await one<{ commits: string }>(
    "SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = 'postgres'",
  );
  const many = await measure();
  await statisticsReported();
  const after = await one<{ commits: string }>(
    "SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = 'postgres'",
  );
  const { bytes } = await one<{ bytes: string }>(
    "SELECT pg_total_relation_size('media_preflight.ledger_entry') AS bytes",
  );
  const statements = Math.round((Number(after.commits) - Number(before.commits)) / files);
  const million = 1_000_000;
  console.table({
    "ms per file, almost empty table": few.toFixed(1),
    [`ms per file, table of ${values.rows} rows`]: many.toFixed(1),
    "statements per file": statements,
    "statements for a million files": statements * million,
    "bytes per entry, indexes included": Math.round(Number(bytes) / (Number(values.rows) + made)),
    "heartbeats per second, 50 machines, 32 files each under way": (50 * 32) / 20,
    "connections, 50 machines": 50 * 5,
  });
} finally {
  await admin.end();
  await ledger.close();
  await server.stop();
}
