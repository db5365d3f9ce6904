import { describe, expect, it } from "vitest";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { active, allEntries, checked, key, put } from "../entries.ts";
import { pgbouncer, startPooler } from "./pooler.ts";
import { postgresBin, startPostgres } from "./server.ts";

describe.runIf(postgresBin !== null && pgbouncer !== null)(
  "the ledger through pgbouncer, transaction pooling",
  () => {
    it("creates its tables, and passes an entry from one owner to the next without notifications", async () => {
      const server = await startPostgres(postgresBin as string);
      const pooler = await startPooler(pgbouncer as string, server.url);
      const [a, b] = [postgresLedger(pooler.url), postgresLedger(pooler.url)];
      try {
        const claim = await a.claim(key(1), null);
        await claim.record(checked);
        const waiting = b.claim(key(1), null);
        await claim.record({ ...active, step: "registered" });
        await claim.release();
        const next = await waiting;
        expect(next.entry?.step).toBe("registered");
        await next.record(active);
        await next.release();
        await Promise.all(Array.from({ length: 20 }, (_, n) => put(n % 2 ? a : b, n + 2, active)));
        expect(await allEntries(a)).toHaveLength(21);
        expect(await b.known("https://console.test", ["7"])).toHaveLength(1);
      } finally {
        await Promise.all([a.close(), b.close()]);
        await pooler.stop();
        await server.stop();
      }
    });
  },
);
