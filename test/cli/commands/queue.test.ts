import { describe, expect, it, vi } from "vitest";
import { freePort } from "../../ledger/postgres/server.ts";
import { fixture, ran } from "../run.ts";

const secret = "postgres://worker:SECRET@db.test/media";

describe("the queue command", () => {
  it.each([[[]], [["drop"]], [["add"]], [["add", "-"]], [["work", "x"]], [["status", "x"]]])(
    "refuses wrong arguments: queue %j",
    async (args) => {
      const { code, out, err } = await ran(["queue", ...args], { env: { MEDIA_PREFLIGHT_LEDGER: secret } });
      expect([code, out]).toEqual([2, ""]);
      expect(err).not.toContain("SECRET");
    },
  );

  it.each([
    ["add", "--jobs", "2"],
    ["work", "--priority", "1"],
    ["work", "--type", "audio"],
    ["status", "--strict"],
  ])("refuses a flag of another verb: queue %s %s", async (...args) => {
    const { code, err } = await ran(["queue", ...args], { env: { MEDIA_PREFLIGHT_LEDGER: secret } });
    expect([code, err]).toEqual([2, expect.stringContaining("belongs to queue")]);
  });

  it("refuses a database URL with a password as an argument, and does not repeat it", async () => {
    const { code, err } = await ran(["queue", "status", "--ledger", secret]);
    expect([code, err]).toEqual([2, expect.stringContaining("MEDIA_PREFLIGHT_LEDGER")]);
    expect(err).not.toContain("SECRET");
  });

  it("needs a database", async () => {
    const without: Record<string, string> = {};
    for (const env of [without, { MEDIA_PREFLIGHT_LEDGER: "ledger.json" }])
      expect(await ran(["queue", "status"], { env })).toMatchObject({
        code: 2,
        err: expect.stringContaining("postgres://"),
      });
  });

  it("says in one line that no database answers, without the password", async () => {
    const port = await freePort();
    const env = { MEDIA_PREFLIGHT_LEDGER: `postgres://worker:SECRET@127.0.0.1:${port}/media` };
    const { code, out, err } = await ran(["queue", "status"], { env });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`cannot reach the ledger's database at 127.0.0.1:${port}/media`);
    expect(err).not.toContain("SECRET");
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("takes every flag of a check when it adds files to a bucket", async () => {
    const env = { MEDIA_PREFLIGHT_LEDGER: `postgres://worker@127.0.0.1:${await freePort()}/media` };
    vi.stubEnv("AWS_ACCESS_KEY_ID", "id");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_REGION", "eu-central-1");
    const flags = ["--storage", "s3://media/clips/", "--allow-private", "--strict", "--limits", "observed"];
    const { code, err } = await ran(["queue", "add", ...flags, fixture("image/jpeg-640x480.jpg")], { env });
    vi.unstubAllEnvs();
    expect([code, err]).toEqual([2, expect.stringContaining("cannot reach the ledger's database")]);
  });
});
