import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ledgerConformance } from "../../../src/ledger/conformance.ts";
import { LeaseLost } from "../../../src/ledger/ledger.ts";
import { type PostgresLedger, postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { timed } from "../../timing.ts";
import { active, allEntries, checked, key, put } from "../entries.ts";
import { freePort, type PostgresServer, postgresBin, startPostgres } from "./server.ts";

/* What needs a real server: several connections, notifications, restarts, rights. Without one, pglite.test.ts runs. */

let server: PostgresServer;
let schemas = 0;
const freshSchema = (): string => `test_${++schemas}`;
const ledgers: PostgresLedger[] = [];
const open = (schema: string, url = server.url): PostgresLedger => {
  const ledger = postgresLedger(url, { schema });
  ledgers.push(ledger);
  return ledger;
};

describe.runIf(postgresBin !== null)("the ledger in a PostgreSQL server", () => {
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
  });
  afterAll(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.close().catch(() => {})));
    await server?.stop();
  });

  it.concurrent.each(ledgerConformance)("$title", async ({ run }) => {
    const schema = freshSchema();
    await run({ open: () => open(schema) });
  });

  it("creates its tables once, even if several processes create them at the same time", async () => {
    const schema = freshSchema();
    await Promise.all(Array.from({ length: 8 }, (_, n) => put(open(schema), n, active)));
    expect(await allEntries(open(schema))).toHaveLength(8);
    await Promise.all(Array.from({ length: 4 }, () => open(schema).migrate()));
  });

  it("wakes a waiting owner by notification, well before its next poll", timed, async () => {
    const schema = freshSchema();
    const [a, b] = [open(schema), open(schema)];
    const claim = await a.claim(key(1), null);
    await claim.record(checked);
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const waiting = b.claim(key(1), null);
      // Until it listens.
      await new Promise((resolve) => setTimeout(resolve, round === 0 ? 800 : 200));
      const released = performance.now();
      if (round === 0) await claim.release();
      const next = await waiting;
      waits.push(performance.now() - released);
      await next.release();
      if (round === 0) expect(waits[0]).toBeLessThan(900);
    }
  });

  it("continues after a restart of the server in the middle of claims", async () => {
    const schema = freshSchema();
    const [a, b] = [open(schema), open(schema)];
    const claim = await a.claim(key(1), null);
    await claim.record(checked);
    const waiting = b.claim(key(1), null);
    const recording = server.restart("immediate");
    await claim.record({ ...active, step: "registered" });
    await recording;
    await claim.record(active);
    expect((await waiting).entry?.step).toBe("active");
    await (await waiting).release();
    await claim.release();
  });

  it("continues after a restart of the server while the process was suspended", async () => {
    const ledger = open(freshSchema());
    await put(ledger, 1, active);
    let asleep = 0;
    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + asleep);
    try {
      let restarting = true;
      const restart = server.restart("immediate").finally(() => {
        restarting = false;
      });
      while (restarting) {
        const entry = ledger.get(key(1));
        await new Promise(setImmediate);
        asleep += 600_000;
        expect(await entry).toMatchObject({ step: "active" });
      }
      await restart;
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("reports what the way to the server refuses: TLS, a user, a table that is gone", async () => {
    const schema = freshSchema();
    await put(open(schema), 1, active);
    const { Client } = await import("pg");
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    const refusal = (url: string, name = schema): Promise<unknown> =>
      open(name, url)
        .get(key(1))
        .catch((error: unknown) => error);
    expect(await refusal(`${server.url}?sslmode=verify-full`)).toMatchObject({
      code: "ledger-unreachable",
      hint: expect.stringContaining("TLS"),
    });
    expect(await refusal(server.url.replace("postgres@", "nobody@"))).toMatchObject({
      code: "ledger-unreachable",
    });
    await admin.query(`DROP TABLE ${schema}.ledger_entry`);
    await admin.end();
    expect(await refusal(server.url)).toMatchObject({
      code: "ledger-unreachable",
      hint: "run media-preflight ledger migrate",
    });
  });

  it("writes nothing for an owner whose lease was taken over", async () => {
    const schema = freshSchema();
    const [a, b] = [open(schema), open(schema)];
    const late = await a.claim(key(1), null, { lease: 300 });
    await late.record(checked);
    // The process is stopped: its timers do not run.
    const stopped = performance.now();
    while (performance.now() - stopped < 400);
    const other = await b.claim(key(1), null);
    expect(other.interrupted).toBe(true);
    await other.record({ ...active, step: "registered", id: "9" });
    await expect(late.record(active)).rejects.toBeInstanceOf(LeaseLost);
    await late.release();
    expect(await b.get(key(1))).toMatchObject({ step: "registered", id: "9" });
    await other.release();
  });

  it("needs only the documented rights once the tables exist", async () => {
    const schema = freshSchema();
    await open(schema).migrate();
    const { Client } = await import("pg");
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE ROLE worker_${schema} LOGIN;
      GRANT USAGE ON SCHEMA ${schema} TO worker_${schema};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO worker_${schema};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO worker_${schema};`);
    await admin.end();
    const url = server.url.replace("postgres@", `worker_${schema}@`);
    const worker = open(schema, url);
    await put(worker, 1, active);
    expect(await worker.reserveRegistration("a", 60)).toBe(0);
    await expect(open(freshSchema(), url).get(key(1))).rejects.toMatchObject({
      code: "ledger-unreachable",
      hint: expect.stringContaining("ledger migrate"),
    });
  });

  it("reports within ten seconds that the server does not respond, without the password", async () => {
    const port = await freePort();
    const ledger = open("x", `postgres://user:SECRET@127.0.0.1:${port}/media`);
    const begun = performance.now();
    const error = await ledger.get(key(1)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "ledger-unreachable",
      message: `cannot reach the ledger's database at 127.0.0.1:${port}/media (ECONNREFUSED)`,
    });
    expect(performance.now() - begun).toBeLessThan(11_000);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("SECRET");
  });

  it("reports within ten seconds that a host takes connections and says nothing, as behind a firewall", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on("error", () => {})));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const begun = performance.now();
    try {
      await expect(open("x", `postgres://user@127.0.0.1:${port}/media`).get(key(1))).rejects.toMatchObject({
        code: "ledger-unreachable",
      });
      expect(performance.now() - begun).toBeLessThan(11_500);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});
