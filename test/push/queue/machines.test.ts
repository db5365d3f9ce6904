import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../../../src/emulator/index.ts";
import { type PostgresServer, postgresBin, startPostgres } from "../../ledger/postgres/server.ts";
import { wav } from "../../submit/crash/wav.ts";
import { QueueCommand } from "./queue-command.ts";

const count = 12;

describe.runIf(postgresBin !== null)("workers as processes, over one queue", () => {
  let server: PostgresServer;
  let emulator: RunningEmulator;
  let directory: string;
  const started: QueueCommand[] = [];
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
    emulator = await startEmulator({ processingMs: 700 });
    directory = mkdtempSync(join(tmpdir(), "queue-machines-"));
  });
  afterAll(async () => {
    for (const { child } of started) child.kill("SIGKILL");
    await emulator?.close();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const command = (...args: string[]): QueueCommand => {
    const one = new QueueCommand(args, server.url, emulator);
    started.push(one);
    return one;
  };

  it("register every file once, though one is killed in the middle, and another drains at SIGTERM", async () => {
    const root = join(directory, "shared");
    mkdirSync(root);
    for (let n = 0; n < count; n++) writeFileSync(join(root, `${n}.wav`), wav(2.5, n));
    writeFileSync(join(root, "short.wav"), wav(1, 99));
    const add = command("add", "--shared-root", root, root, "--format", "ndjson");
    expect([await add.ended, add.lines().length]).toEqual([0, count + 1]);

    const worker = ["work", "--shared-root", root, "--jobs", "3", "--format", "ndjson"];
    const registered = (): number => emulator.snapshot().assets.length;
    const killed = command(...worker);
    await expect.poll(registered, { interval: 20 }).toBeGreaterThan(0);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await forgetDeadWorkers(server.url)).toBeGreaterThan(0);

    const drained = command(...worker);
    await expect.poll(() => drained.lines().length, { interval: 20 }).toBeGreaterThan(0);
    drained.child.kill("SIGTERM");
    expect(await drained.ended).toBeLessThan(2);
    expect(drained.err).not.toContain("stopped");

    // Active at the first question, which saves 2 s for each file that is left.
    emulator.set({ processingMs: 0 });
    const last = command(...worker, "--until-empty");
    const code = await last.ended;
    const outcomes = [killed, drained, last].flatMap((one) => one.lines());
    expect(code, last.err).toBe(last.lines().some(({ outcome }) => outcome === "dead") ? 1 : 0);
    expect(outcomes.filter(({ outcome }) => outcome === "dead")).toHaveLength(1);
    const names = emulator.snapshot().assets.map(({ name }) => name);
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);

    const status = command("status", "--format", "ndjson");
    expect(await status.ended).toBe(1);
    expect(status.lines()[0]).toMatchObject({
      ...{ queued: 0, retrying: 0, active: 0, done: count, dead: 1 },
      deadLetters: [
        { file: join(root, "short.wav"), code: "refused", findings: [{ rule: "audio/duration" }] },
      ],
    });
  });
});

/**
 * A minute passes for the heartbeats and leases of workers that are gone, and most of the pause before their jobs are
 * tried again, so that the test need not wait for it.
 * @returns the number of jobs that they left unfinished
 */
async function forgetDeadWorkers(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "UPDATE media_preflight_queue.job SET heartbeat_on = heartbeat_on - interval '2 minutes', retry_delay = 1 WHERE state = 'active'",
    );
    await client.query(
      "UPDATE media_preflight.ledger_entry SET leased_until = leased_until - interval '2 minutes'",
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
