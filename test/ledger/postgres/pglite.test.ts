import { PGlite } from "@electric-sql/pglite";
import { afterAll, describe, expect, it } from "vitest";
import { ledgerConformance } from "../../../src/ledger/conformance.ts";
import { PostgresStore } from "../../../src/ledger/postgres/store.ts";
import { ledgerOver } from "../../../src/ledger/store-ledger.ts";
import { active, key, put } from "../entries.ts";
import { PgliteDatabase } from "./pglite-database.ts";

/* The ledger over PostgreSQL's own code, in this process: what needs a server is in server.test.ts. */

const pglite = await PGlite.create();
afterAll(() => pglite.close());
let schemas = 0;
const store = (schema: string): PostgresStore =>
  new PostgresStore(new PgliteDatabase(pglite), { schema, holderName: "process 1 on here" });

describe("the ledger in PostgreSQL", () => {
  it.each(ledgerConformance)("$title", async ({ run }) => {
    const schema = `conformance "${++schemas}"`;
    await run({ open: () => ledgerOver(store(schema)) });
  });

  it("refuses tables of a later release", async () => {
    await put(ledgerOver(store("later")), 1, active);
    await pglite.exec("INSERT INTO later.ledger_migration (version) VALUES (2)");
    await expect(ledgerOver(store("later")).get(key(1))).rejects.toMatchObject({
      code: "ledger-invalid",
      message: "the ledger's tables are of version 2",
    });
  });

  it("refuses a database that may lose commits", async () => {
    await put(ledgerOver(store("durable")), 1, active);
    await pglite.exec("SET synchronous_commit = off");
    try {
      await expect(ledgerOver(store("durable")).get(key(1))).rejects.toMatchObject({
        code: "ledger-invalid",
        message: expect.stringContaining("synchronous_commit"),
      });
    } finally {
      await pglite.exec("SET synchronous_commit = on");
    }
  });
});
