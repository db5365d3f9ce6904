/** A PostgreSQL identifier, quoted. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The tables' names in a schema. */
export interface Names {
  entries: string;
  rates: string;
  migrations: string;
  /** As a string literal, for `nextval`. */
  tokens: string;
}

export function namesIn(schema: string): Names {
  const inSchema = (name: string): string => `${quoted(schema)}.${quoted(name)}`;
  return {
    entries: inSchema("ledger_entry"),
    rates: inSchema("ledger_registration_rate"),
    migrations: inSchema("ledger_migration"),
    tokens: `'${inSchema("ledger_token").replaceAll("'", "''")}'`,
  };
}

/** The version of the tables that this release reads and writes. */
export const schemaVersion = 1;

/** The steps from each version to the next. A step that was released is never changed. */
const steps: readonly ((names: Names, schema: string) => string)[] = [
  ({ entries, rates, tokens }) => `
    CREATE SEQUENCE ${tokens.slice(1, -1)};
    -- A lease is renewed three times a minute: with room in the page and no index on its columns, that is cheap (HOT).
    CREATE TABLE ${entries} (
      id text PRIMARY KEY,
      entry jsonb,
      asset_ids text[] NOT NULL DEFAULT '{}',
      token bigint NOT NULL,
      revision integer NOT NULL DEFAULT 0,
      holder text,
      holder_name text,
      leased_until timestamptz,
      interrupted boolean NOT NULL DEFAULT false,
      waited boolean NOT NULL DEFAULT false
    ) WITH (fillfactor = 70);
    CREATE INDEX ON ${entries} USING gin (asset_ids) WITH (fastupdate = off);
    CREATE TABLE ${rates} (bucket text PRIMARY KEY, next_at timestamptz NOT NULL);`,
];

/**
 * Brings the tables to this release's version, as one transaction under a lock: of several that migrate at the same time
 * one does it, the others find it done. Works through transaction poolers.
 */
export function migrationScript(schema: string): string {
  const names = namesIn(schema);
  const blocks = steps.map(
    (step, i) => `
DO $migration$ BEGIN
  IF NOT EXISTS (SELECT FROM ${names.migrations} WHERE version = ${i + 1}) THEN
    ${step(names, schema)}
    INSERT INTO ${names.migrations} (version) VALUES (${i + 1});
  END IF;
END $migration$;`,
  );
  return `
BEGIN;
SELECT pg_advisory_xact_lock(${lockNumber});
DO $schema$ BEGIN
  IF to_regnamespace(${literal(quoted(schema))}) IS NULL THEN CREATE SCHEMA ${quoted(schema)}; END IF;
END $schema$;
CREATE TABLE IF NOT EXISTS ${names.migrations} (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
${blocks.join("\n")}
COMMIT;`;
}

/** The version that is there: 0 if there is none. */
export function versionQuery(schema: string): string {
  return `SELECT to_regclass(${literal(namesIn(schema).migrations)}) IS NOT NULL AS present`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Any number that other programs are unlikely to lock: "media-preflight" in CRC-32. */
const lockNumber = 2_735_140_211;
