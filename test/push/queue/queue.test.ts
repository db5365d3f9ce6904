import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { type RunningEmulator, startEmulator } from "../../../src/emulator/index.ts";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import {
  type EnqueueEvent,
  enqueue,
  queueStatus,
  type WorkEvent,
  type WorkOptions,
  type WorkSummary,
  work,
} from "../../../src/push/queue/queue.node.ts";
import { freePort, type PostgresServer, postgresBin, startPostgres } from "../../ledger/postgres/server.ts";
import { wav } from "../../submit/crash/wav.ts";

describe.runIf(postgresBin !== null)("a queue in a PostgreSQL server", () => {
  let server: PostgresServer;
  let emulator: RunningEmulator;
  let folder: string;
  let root: string;
  let schemas = 0;
  let place: { connectionString: string; schema: string };
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
    emulator = await startEmulator({ processingMs: 0 });
  });
  afterAll(async () => {
    await emulator?.close();
    await server?.stop();
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "queue-")));
    root = join(folder, "shared");
    mkdirSync(join(root, "shots"), { recursive: true });
    place = { connectionString: server.url, schema: `queue_${++schemas}` };
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const clientOf = ({ apiBaseUrl, consoleBaseUrl }: RunningEmulator, apiKey: string) =>
    createAtlasClient({ apiBaseUrl, consoleBaseUrl, apiKey, retry: { attempts: 1 } });
  const atlas = () => clientOf(emulator, "key");
  function file(name: string, mark: number, seconds = 2.5): string {
    const path = join(root, "shots", name);
    writeFileSync(path, wav(seconds, mark));
    return path;
  }
  async function add(
    files: readonly string[],
    options: Partial<Parameters<typeof enqueue>[1]> = {},
  ): Promise<EnqueueEvent[]> {
    const events: EnqueueEvent[] = [];
    await enqueue(files, { ...place, sharedRoot: root, ...options, onEvent: (event) => events.push(event) });
    return events;
  }
  async function worked(
    options: Partial<WorkOptions> = {},
  ): Promise<{ summary: WorkSummary; events: WorkEvent[] }> {
    const events: WorkEvent[] = [];
    const summary = await work({
      ...{ ...place, ledgerSchema: `${place.schema}_ledger`, sharedRoot: root, untilEmpty: true },
      ...{ atlas: atlas(), interval: 50, crossCheck: "never" },
      ...options,
      onEvent: (event) => events.push(event),
    });
    return { summary, events };
  }
  const finished = (events: readonly WorkEvent[]) => events.filter(({ kind }) => kind !== "start");

  it("registers each file once, and keeps the reasons of one that does not pass as a dead letter", async () => {
    const good = [1, 2, 3].map((mark) => file(`${mark}.wav`, mark));
    const short = file("short.wav", 4, 1);
    const copy = file("copy of 1.wav", 1);
    expect((await add([...good, short, copy])).map(({ kind }) => kind)).toEqual([
      ...["queued", "queued", "queued", "queued", "already-queued"],
    ]);
    expect(await queueStatus(place)).toMatchObject({ queued: 4, active: 0, dead: 0 });
    const { summary, events } = await worked();
    expect(summary).toEqual({ done: 3, retried: 0, dead: 1, fatal: null });
    expect(finished(events).every((event) => event.kind !== "done" || event.asset.status === "active")).toBe(
      true,
    );
    const status = await queueStatus(place);
    expect(status).toMatchObject({ queued: 0, done: 3, dead: 1 });
    expect(status.deadLetters).toMatchObject([
      {
        file: short,
        code: "refused",
        attempts: 1,
        findings: [{ rule: "audio/duration", verdict: "fail", reason: "limit" }],
      },
    ]);
    // Queued again: the ledger has them, and the dead letter makes way for the new job.
    expect((await add([...good, short])).map(({ kind }) => kind)).toEqual(new Array(4).fill("queued"));
    expect(await queueStatus(place)).toMatchObject({ queued: 4, dead: 0 });
    const again = await worked();
    expect(again.summary).toMatchObject({ done: 3, dead: 1 });
    expect(again.events.filter((event) => event.kind === "done" && event.reused)).toHaveLength(3);
  });

  it("takes jobs of a higher priority first", async () => {
    await add([file("low.wav", 11)]);
    await add([file("high.wav", 12)], { priority: 5 });
    const { events } = await worked({ jobs: 1 });
    expect(events.filter(({ kind }) => kind === "start").map(({ file: name }) => name)).toEqual([
      join(root, "shots", "high.wav"),
      join(root, "shots", "low.wav"),
    ]);
  });

  it("tries a file that is not there again, later, before it is a dead letter", async () => {
    const path = file("gone.wav", 21);
    await add([path], { attempts: 2, backoff: { base: 1000, cap: 1000 } });
    rmSync(path);
    const { events, summary } = await worked();
    expect(finished(events).map(({ kind }) => kind)).toEqual(["retry", "dead"]);
    expect(summary).toMatchObject({ retried: 1, dead: 1, done: 0 });
    expect((await queueStatus(place)).deadLetters).toMatchObject([
      { file: path, code: "not-found", attempts: 2 },
    ]);
  });

  it("queues no file outside the shared root, and a worker opens none, whatever path the job has", async () => {
    const outside = join(folder, "outside.wav");
    writeFileSync(outside, wav(2.5, 31));
    const link = join(root, "link.wav");
    symlinkSync(outside, link);
    const inside = file("inside.wav", 32);
    expect(await add([outside, link])).toMatchObject([
      { kind: "error", error: { code: "usage" } },
      { kind: "error", error: { code: "usage" } },
    ]);
    expect(await add([inside], { sharedRoot: undefined })).toMatchObject([
      { kind: "error", error: { code: "usage", hint: expect.stringContaining("--shared-root") } },
    ]);
    // Replaced by a link once it is queued.
    await add([inside]);
    rmSync(inside);
    symlinkSync(outside, inside);
    const { events } = await worked();
    expect(finished(events)).toMatchObject([
      { kind: "dead", error: { message: expect.stringContaining("leads out") } },
    ]);
  });

  it("finishes what runs and takes nothing new once its signal fires", async () => {
    await add([1, 2, 3, 4].map((n) => file(`${n}.wav`, 40 + n)));
    const stop = new AbortController();
    const events: WorkEvent[] = [];
    const summary = await work({
      ...{ ...place, ledgerSchema: `${place.schema}_ledger`, sharedRoot: root, jobs: 1 },
      ...{ atlas: atlas(), interval: 50, crossCheck: "never" as const, signal: stop.signal },
      onEvent(event) {
        events.push(event);
        stop.abort();
      },
    });
    expect(events.map(({ kind }) => kind)).toEqual(["start", "done"]);
    expect(summary).toMatchObject({ done: 1, retried: 0, dead: 0 });
    expect(await queueStatus(place)).toMatchObject({ queued: 3, active: 0, done: 1 });
  });

  it("needs no other rights than those that the documentation lists, once the tables are there", async () => {
    const { schema } = place;
    const ledgerSchema = `${schema}_ledger`;
    await queueStatus(place);
    const ledger = postgresLedger(server.url, { schema: ledgerSchema });
    await ledger.migrate();
    await ledger.close();
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE ROLE worker_${schema} LOGIN`);
    for (const name of [schema, ledgerSchema])
      await admin.query(`GRANT USAGE ON SCHEMA ${name} TO worker_${schema};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${name} TO worker_${schema};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${name} TO worker_${schema};`);
    await admin.end();
    place.connectionString = server.url.replace("postgres@", `worker_${schema}@`);
    await add([file("a.wav", 61), file("short.wav", 62, 1)]);
    expect((await worked()).summary).toEqual({ done: 1, retried: 0, dead: 1, fatal: null });
    place.connectionString = server.url.replace("postgres@", "nobody@");
    await expect(queueStatus(place)).rejects.toMatchObject({ code: "ledger-unreachable" });
  });

  it("waits for a database that is starting, and ends with one error after ten seconds", async () => {
    const port = await freePort();
    const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const relay = createServer((socket) => {
      const onward = connect(server.port, "127.0.0.1");
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward])
        end.on("error", () => {
          socket.destroy();
          onward.destroy();
        });
    });
    setTimeout(() => relay.listen(port, "127.0.0.1"), 1500);
    const path = file("1.wav", 1);
    try {
      expect((await add([path], { connectionString })).map(({ kind }) => kind)).toEqual(["queued"]);
    } finally {
      relay.close();
    }

    const begun = performance.now();
    const nobody = `postgres://postgres@127.0.0.1:${await freePort()}/postgres`;
    const error = await worked({ connectionString: nobody }).catch((error) => error);
    expect(error).toMatchObject({ code: "ledger-unreachable", retryable: true });
    expect(performance.now() - begun).toBeGreaterThan(5000);
    const signal = AbortSignal.timeout(100);
    await expect(worked({ connectionString: nobody, signal })).rejects.toMatchObject({ code: "timeout" });
  });

  it("stops at an error that concerns all files, before it has used an attempt of theirs", async () => {
    const locked = await startEmulator({ key: "right" });
    await add([file("a.wav", 51), file("b.wav", 52)]);
    const wrong = clientOf(locked, "wrong");
    const { summary } = await worked({ atlas: wrong, untilEmpty: false });
    await locked.close();
    expect(summary.fatal).toMatchObject({ code: "unauthorized" });
    const { queued, retrying, dead } = await queueStatus(place);
    expect([queued, retrying, dead]).toEqual([2, 0, 0]);
  });
});
