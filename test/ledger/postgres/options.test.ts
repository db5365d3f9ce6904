import { expect, test } from "vitest";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";

test.each([
  [{ maxConections: 2 }, 'postgresLedger has no option "maxConections"', "did you mean maxConnections?"],
  [{ maxConnections: 0 }, "maxConnections is a whole number of connections, 1 or more", null],
  [{ schema: 5 }, "schema is a string", null],
])("postgresLedger refuses the options %j before it connects", (options, message, hint) => {
  expect(() => postgresLedger("postgres://user@127.0.0.1:9/db", options as never)).toThrow(
    expect.objectContaining({ code: "usage", message, hint }),
  );
});
