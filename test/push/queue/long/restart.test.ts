import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../../../../src/emulator/index.ts";
import { pgbouncer, startPooler } from "../../../ledger/postgres/pooler.ts";
import { type PostgresServer, postgresBin, startPostgres } from "../../../ledger/postgres/server.ts";
import { wav } from "../../../submit/crash/wav.ts";
import { QueueCommand } from "../queue-command.ts";

const count = 20;

describe.runIf(postgresBin !== null)("a worker whose database restarts", () => {
  let server: PostgresServer;
  let emulator: RunningEmulator;
  let directory: string;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
    directory = mkdtempSync(join(tmpdir(), "queue-restart-"));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("registers each file once and ends with an empty queue", () => run("directly", false));
  it.runIf(pgbouncer !== null)("does so through a transaction pooler", () => run("through a pooler", true));

  async function run(name: string, pooled: boolean): Promise<void> {
    emulator = await startEmulator({ processingMs: 500 });
    ends.push(() => emulator.close());
    const pooler = pooled ? await startPooler(pgbouncer as string, server.url) : null;
    if (pooler) ends.push(() => pooler.stop());
    const command = (...args: string[]): QueueCommand => {
      const one = new QueueCommand(args, pooler?.url ?? server.url, emulator);
      ends.push(() => one.child.kill("SIGKILL"));
      return one;
    };
    const root = join(directory, name);
    mkdirSync(root);
    for (let n = 0; n < count; n++) writeFileSync(join(root, `${n}.wav`), wav(2.5, pooled ? n + count : n));
    const add = command("add", "--shared-root", root, root, "--format", "ndjson");
    expect([await add.ended, add.lines().length], add.err).toEqual([0, count]);

    const work = command("work", "--shared-root", root, "--jobs", "2", "--until-empty", "--format", "ndjson");
    const registered = (): number => emulator.snapshot().assets.length;
    await expect.poll(registered, { interval: 20, timeout: 60_000 }).toBeGreaterThan(2);
    await server.restart("immediate");
    expect(registered()).toBeLessThan(count);
    expect(await work.ended, work.err).toBe(0);
    expect(registered()).toBe(count);
    const status = command("status", "--format", "ndjson");
    expect(await status.ended, status.err).toBe(0);
    expect(status.lines()[0]).toMatchObject({ queued: 0, retrying: 0, active: 0, dead: 0 });
  }
});
