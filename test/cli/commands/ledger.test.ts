import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { active, allEntries, at, key, put } from "../../ledger/entries.ts";
import { freePort, type PostgresServer, postgresBin, startPostgres } from "../../ledger/postgres/server.ts";
import { wav } from "../../submit/crash/wav.ts";
import { ran } from "../run.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "cli-ledger-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("a ledger in a database", () => {
  const secret = "postgres://worker:SECRET@db.test/media";
  it("that does not run is waited for only until Ctrl-C", async () => {
    vi.stubEnv("ATLASCLOUD_API_KEY", "key");
    const interrupt = new AbortController();
    const running = ran(["push", "x.wav"], {
      env: { MEDIA_PREFLIGHT_LEDGER: `postgres://worker@127.0.0.1:${await freePort()}/media` },
      signal: interrupt.signal,
    });
    // The command is loaded, and has tried to connect.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const begun = performance.now();
    interrupt.abort();
    const { code, out, err } = await running.finally(() => vi.unstubAllEnvs());
    expect([code, out, err]).toEqual([2, "", ""]);
    // The longest pause between two attempts is 3 s; without the signal, 5 to 7 s are left.
    expect(performance.now() - begun).toBeLessThan(4000);
  });
  it.each([
    ["push", ["push", "x.wav", "--ledger", secret]],
    ["ledger", ["ledger", "migrate", "--ledger", secret]],
    ["ledger, in the query", ["ledger", "migrate", "--ledger", "postgres://db.test/media?password=SECRET"]],
  ])("is refused as an argument of %s if it has a password, which is not repeated", async (_, args) => {
    const { code, out, err } = await ran(args, { env: { ATLASCLOUD_API_KEY: "key" } });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("MEDIA_PREFLIGHT_LEDGER");
    expect(err).not.toContain("SECRET");
  });

  it.each([[[]], [["import"]], [["migrate", "x"]], [["export", "a", "b"]], [["drop"]]])(
    "is not touched by wrong arguments: ledger %j",
    async (args) => {
      const env = { MEDIA_PREFLIGHT_LEDGER: secret };
      expect(await ran(["ledger", ...args], { env })).toMatchObject({ code: 2, out: "" });
    },
  );

  it("is refused if its address is not a valid URL, which is not repeated", async () => {
    for (const address of [
      "postgres://worker:SEC#RET@db.test/media",
      "postgres://worker:SECRET@db.test:99999/media",
    ])
      for (const args of [
        ["ledger", "migrate"],
        ["queue", "status"],
      ]) {
        const { code, err } = await ran(args, { env: { MEDIA_PREFLIGHT_LEDGER: address } });
        expect([code, err]).toEqual([2, expect.stringContaining("not a valid URL")]);
        expect(err).not.toContain("SEC");
      }
  });

  it("that is a file cannot be migrated", async () => {
    const env = { MEDIA_PREFLIGHT_LEDGER: "ledger.json" };
    const { code, err } = await ran(["ledger", "migrate"], { env });
    expect([code, err]).toEqual([2, expect.stringContaining("postgres://")]);
  });

  it("that nobody answers for stops a push with one line, and nothing is sent", async () => {
    const file = join(directory, "a.wav");
    writeFileSync(file, wav(2.5, 1));
    const port = await freePort();
    const env = {
      MEDIA_PREFLIGHT_LEDGER: `postgres://worker:SECRET@127.0.0.1:${port}/media`,
      ATLASCLOUD_API_KEY: "key",
      ATLASCLOUD_API_BASE_URL: "http://127.0.0.1:9/api/v1",
      ATLASCLOUD_CONSOLE_BASE_URL: "http://127.0.0.1:9/console/v1",
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { code, out, err } = await ran(["push", "--no-config", file], { env });
    vi.unstubAllEnvs();
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`cannot reach the ledger's database at 127.0.0.1:${port}/media`);
    expect(err).not.toContain("SECRET");
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
  });
});

describe.runIf(postgresBin !== null)("media-preflight ledger, with a PostgreSQL server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
  });
  afterAll(() => server?.stop());

  it("migrates, imports a file and exports the same entries", async () => {
    const env = { MEDIA_PREFLIGHT_LEDGER: server.url };
    const [from, to] = [join(directory, "from.json"), join(directory, "to.json")];
    const source = fileLedger(from);
    for (const n of [1, 2, 3]) await put(source, n, { ...active, id: `${n}` });
    await put(source, 4, { step: "uploaded", at, url: "https://x.test/a", uploadedAt: at });
    await source.close();

    expect(await ran(["ledger", "migrate"], { env })).toMatchObject({ code: 0 });
    const database = postgresLedger(server.url);
    await put(database, 3, { ...active, id: "30" });
    const imported = await ran(["ledger", "import", from], { env });
    expect(imported).toMatchObject({ code: 0, out: expect.stringMatching(/^imported 2 entries; .* 2\n$/) });
    // What the database has already is kept; an upload that was not registered is made again.
    expect(await database.get(key(3))).toMatchObject({ id: "30" });
    expect(await database.get(key(4))).toBeNull();

    expect(await ran(["ledger", "export", to], { env })).toMatchObject({
      code: 0,
      out: "exported 3 entries\n",
    });
    const byId = (entries: { id?: string | undefined }[]): unknown =>
      entries.sort((a, b) => Number(a.id) - Number(b.id));
    expect(byId(await allEntries(fileLedger(to)))).toEqual(byId(await allEntries(database)));
    const text = readFileSync(to, "utf8");
    expect(await ran(["ledger", "export", to], { env })).toMatchObject({ code: 2 });
    expect(readFileSync(to, "utf8")).toBe(text);
    await database.close();
  });

  it("imports and exports without the right to create tables", async () => {
    const database = postgresLedger(server.url);
    await put(database, 5, { ...active, id: "50" });
    await database.close();
    const { Client } = await import("pg");
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE ROLE mover LOGIN;
      GRANT USAGE ON SCHEMA media_preflight TO mover;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA media_preflight TO mover;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA media_preflight TO mover;`);
    await admin.end();
    const env = { MEDIA_PREFLIGHT_LEDGER: server.url.replace("postgres@", "mover@") };
    const file = join(directory, "moved.json");
    expect(await ran(["ledger", "export", file], { env })).toMatchObject({ code: 0 });
    expect(await ran(["ledger", "import", file], { env })).toMatchObject({ code: 0 });
  });
});
