import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { enqueue, queueStatus, type WorkOptions, work } from "../../../src/push/queue/queue.node.ts";
import { type PostgresServer, postgresBin, startPostgres } from "../../ledger/postgres/server.ts";
import { sha256Of, startBucket } from "../../storage/start-bucket.ts";
import { wav } from "../../submit/crash/wav.ts";

/* A queue whose files go through the user's own bucket: they are put there by `enqueue`, and registered by workers. */

describe.runIf(postgresBin !== null)("a queue with a storage (needs PostgreSQL)", () => {
  let server: PostgresServer;
  let started: Awaited<ReturnType<typeof startBucket>>;
  let directory: string;
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
    started = await startBucket();
    directory = mkdtempSync(join(tmpdir(), "queue-storage-"));
    mkdirSync(join(directory, "shots"));
  });
  afterAll(async () => {
    await started?.emulator.close();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const worker = (more: Partial<WorkOptions> = {}): WorkOptions => {
    const { apiBaseUrl, consoleBaseUrl } = started.emulator;
    return {
      atlas: createAtlasClient({ apiKey: "test", apiBaseUrl, consoleBaseUrl }),
      storage: started.storage,
      connectionString: server.url,
      crossCheck: "never",
      interval: 20,
      untilEmpty: true,
      ...more,
    };
  };

  it("puts files that pass into the bucket, refuses the others, and registers objects that are there", async () => {
    const { storage, emulator, log } = started;
    const [good, short, large] = [wav(2.5, 1), wav(1, 2), wav(3, 3)];
    const path = (name: string): string => join(directory, "shots", name);
    writeFileSync(path("good.wav"), good);
    writeFileSync(path("short.wav"), short);
    await storage.put(new Blob([large]), {
      key: "clips/own.wav",
      type: "audio/wav",
      size: large.length,
      sha256: sha256Of(large),
    });
    const kinds: string[] = [];
    const summary = await enqueue(
      [
        path("good.wav"),
        path("short.wav"),
        "s3://media/clips/own.wav",
        "s3://media/clips/none.wav",
        "s3://media/x.wav",
      ],
      {
        connectionString: server.url,
        storage,
        crossCheck: "never",
        onEvent: (event) => kinds.push("error" in event ? event.error.code : event.kind),
      },
    );
    expect(summary).toEqual({ queued: 2, alreadyQueued: 0, refused: 1, errors: 2 });
    expect(kinds.sort()).toEqual(["not-found", "queued", "queued", "refused", "usage"]);
    const keys = emulator.snapshot().objects.map(({ key }) => key);
    expect(keys.sort()).toEqual([`clips/${sha256Of(good)}.wav`, "clips/own.wav"].sort());
    // The same file again is the same job.
    expect(
      await enqueue([path("good.wav")], { connectionString: server.url, storage, crossCheck: "never" }),
    ).toMatchObject({ queued: 0, alreadyQueued: 1 });

    rmSync(path("good.wav"));
    expect(await work(worker())).toMatchObject({ done: 2, dead: 0, fatal: null });
    const { assets } = emulator.snapshot();
    expect(assets.map(({ url }) => new URL(url).pathname).sort()).toEqual(
      keys.map((key) => `/media/${key}`).sort(),
    );
    expect(log.map(({ operation }) => operation)).not.toContain("upload");
    expect(log.filter(({ code }) => code && /Signature|Denied|Expired/.test(code))).toEqual([]);
  }, 120_000);

  it("a worker without the storage, or with another one, opens no object", async () => {
    const { storage, emulator } = started;
    const bytes = wav(2.5, 9);
    const sha256 = sha256Of(bytes);
    const key = storage.keyOf({ sha256, extension: "wav" });
    await storage.put(new Blob([bytes]), { key, type: "audio/wav", size: bytes.length, sha256 });
    await enqueue([`s3://media/${key}`], { connectionString: server.url, storage, attempts: 1 });
    const before = emulator.snapshot().assets.length;
    const { s3Storage } = await import("../../../src/storage/s3-storage.node.ts");
    const other = s3Storage({ ...started.settings, prefix: "elsewhere/" });
    expect(await work(worker({ storage: other }))).toMatchObject({ done: 0, dead: 1 });
    expect(emulator.snapshot().assets).toHaveLength(before);
    expect((await queueStatus({ connectionString: server.url })).deadLetters[0]).toMatchObject({
      code: "usage",
    });
  }, 120_000);
});
