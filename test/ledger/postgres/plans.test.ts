import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namesIn } from "../../../src/ledger/postgres/schema.ts";
import { type Statements, statementsFor } from "../../../src/ledger/postgres/statements.ts";
import { PostgresStore } from "../../../src/ledger/postgres/store.ts";
import { PgliteDatabase } from "./pglite-database.ts";

/* What the ledger asks of a large table: PostgreSQL's own planner, in this process. */

const rows = 50_000;
const id = "encode(sha256('7'), 'hex')";
const hash = "902ba3cda1883801594b6e1b452790cc53948fda2d2cf5c6b5c3b0a0f1e8c2a7";
let pglite: PGlite;
const names = namesIn("plans");
const sql = statementsFor(names);

beforeAll(async () => {
  pglite = await PGlite.create();
  const store = new PostgresStore(new PgliteDatabase(pglite), { schema: "plans", holderName: "a test" });
  await store.migrate();
  // Indexes are built afterwards, as they were defined: row by row that takes a minute.
  const { rows: indexes } = await pglite.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = '${names.entries}'::regclass AND NOT indisprimary`,
  );
  expect(indexes).toHaveLength(1);
  await pglite.exec(`
    ${indexes.map(({ name }) => `DROP INDEX ${name};`).join("\n")}
    INSERT INTO ${names.entries} (id, entry, asset_ids, token)
      SELECT encode(sha256(n::text::bytea), 'hex'), jsonb_build_object('id', n::text, 'step', 'active'),
        ARRAY['https://console.test ' || n], n
      FROM generate_series(1, ${rows}) AS n;
    ${indexes.map(({ definition }) => `${definition};`).join("\n")}
    ANALYZE ${names.entries};`);
});
afterAll(() => pglite.close());

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  Plans?: Plan[];
}

const parameters: Record<Exclude<keyof Statements, "version">, string> = {
  acquire: `${id}, 'holder', 'process 1', 60000`,
  announceWait: id,
  renew: `${id}, 7, 60000`,
  write: `${id}, 7, 60000, '{}', '{}', 1, false, 'channel'`,
  release: `${id}, 7, 'channel'`,
  get: id,
  known: `ARRAY['https://console.test 7', 'https://console.test 8']`,
  page: `'${hash}', 100`,
  reserve: `'bucket', 1000`,
};
const operations = Object.keys(parameters) as (keyof typeof parameters)[];

/** The plan of a prepared statement that is used for all values: no plan is chosen for these values alone. */
async function planOf(operation: keyof typeof parameters, analyze: boolean): Promise<Plan> {
  await pglite.exec(`SET plan_cache_mode = force_generic_plan; PREPARE s_${operation} AS ${sql[operation]}`);
  await pglite.exec("BEGIN");
  try {
    const { rows: answers } = await pglite.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `EXPLAIN (FORMAT JSON${analyze ? ", ANALYZE" : ""}) EXECUTE s_${operation} (${parameters[operation]})`,
    );
    return (answers[0] as { "QUERY PLAN": [{ Plan: Plan }] })["QUERY PLAN"][0].Plan;
  } finally {
    await pglite.exec(`ROLLBACK; DEALLOCATE s_${operation}`);
  }
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan;
  for (const part of plan.Plans ?? []) yield* nodesOf(part);
}

describe(`the ledger's statements over ${rows} entries`, () => {
  it.each(operations)("%s reads the table through an index", async (operation) => {
    const nodes = [...nodesOf(await planOf(operation, false))];
    const scans = nodes.filter(
      (node) => /Scan$/.test(node["Node Type"]) && node["Relation Name"] === "ledger_entry",
    );
    for (const scan of scans) expect(scan["Node Type"]).toMatch(/^(?:Index|Index Only|Bitmap Heap) Scan$/);
    // An upsert has no scan: its unique index finds the row that is there.
    if (operation !== "acquire" && operation !== "reserve") expect(scans.length).toBeGreaterThan(0);
  });

  it.each(operations.filter((operation) => operation !== "page"))(
    "%s touches a few rows",
    async (operation) => {
      const touched = [...nodesOf(await planOf(operation, true))].map((node) => node["Actual Rows"] ?? 0);
      expect(Math.max(...touched)).toBeLessThanOrEqual(2);
    },
  );
});
