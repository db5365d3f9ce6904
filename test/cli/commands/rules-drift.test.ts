import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import table from "../../../rules/atlas-seedance-2.0.json" with { type: "json" };
import { type EmulatorOptions, startEmulator } from "../../../src/emulator/index.ts";
import { newRepository, type Repository } from "../repository.ts";
import { ran, scratch } from "../run.ts";

/* `rules drift`: what a ledger says of limits that the service has changed. The emulator applies other limits than the table. */

const { path: home, remove } = scratch("drift");
afterAll(remove);
const environment = { ...process.env };
let repo: Repository;
let emulator: Awaited<ReturnType<typeof startEmulator>>;

/** The documented table with a video limit that the service lowered, and an image limit. */
const lowered = {
  ...table,
  types: {
    ...table.types,
    image: { ...table.types.image, width: { min: 300, max: 600, unit: "px" } },
    video: { ...table.types.video, pixels: { min: 409_600, max: 409_800, unit: "px" } },
  },
};

async function start(options: EmulatorOptions): Promise<void> {
  emulator = await startEmulator({ processingMs: 0, ...options });
  Object.assign(process.env, {
    ATLASCLOUD_API_KEY: "test",
    ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
    ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
  });
}
beforeEach(() => {
  repo = newRepository(home);
  repo.put("image/jpeg-640x480.jpg", "shots/wide.jpg");
  repo.put("video/pixels-854x480.mp4", "shots/clip.mp4");
  repo.put("video/pixels-640x640.mp4", "shots/small.mp4");
});
afterEach(async () => {
  await emulator?.close();
  process.env = { ...environment };
});

const run = (...args: string[]) => ran(args, { cwd: repo.path, env: process.env as Record<string, string> });

test("lists what passed and came back Failed, by rule and date, with the row to review; exit 1", async () => {
  await start({ rules: lowered });
  expect((await run("push", "shots")).code).toBe(1);
  const ledger = readFileSync(join(repo.path, "media-preflight.lock.json"), "utf8");
  const { code, out, err } = await run("rules", "drift", "--format", "json");
  expect([code, err]).toEqual([1, ""]);
  const today = new Date().toISOString().slice(0, 10);
  const row = { id: table.id, version: table.checked, source: table.source, checked: table.checked };
  expect(JSON.parse(out)).toEqual([
    {
      rule: "image/width",
      date: today,
      codes: ["WidthTooLarge"],
      row: { ...row, limit: expect.objectContaining({ min: 300, max: 6000, unit: "px" }) },
      files: [
        expect.objectContaining({ file: "wide.jpg", id: expect.any(String), checkedAt: expect.any(String) }),
      ],
    },
    {
      rule: "video/pixels",
      date: today,
      codes: ["PixelCountTooLarge"],
      row: { ...row, limit: expect.objectContaining({ min: 409_600, max: 927_408, unit: "px" }) },
      files: [expect.objectContaining({ file: "clip.mp4" })],
    },
  ]);
  const text = await run("rules", "drift");
  expect(text.code).toBe(1);
  expect(text.out).toContain(
    `video/pixels  ${today}  1 file passed here; the service answered PixelCountTooLarge\n`,
  );
  expect(text.out).toContain(
    `  review ${table.id} (${table.checked}): 409600 – 927408 px\n  ${table.source}, read`,
  );
  expect(text.out).toMatch(/ {2}- clip\.mp4, asset \d+\n/);
  // Reading changes nothing.
  expect(readFileSync(join(repo.path, "media-preflight.lock.json"), "utf8")).toBe(ledger);
});

test("none: exit 0; moderation is no drift", async () => {
  await start({ policyFailure: true });
  expect((await run("push", "shots/clip.mp4")).code).toBe(1);
  expect(await run("rules", "drift")).toMatchObject({
    code: 0,
    out: expect.stringContaining("no drift"),
    err: "",
  });
  expect(JSON.parse((await run("rules", "drift", "--format", "json")).out)).toEqual([]);
});

describe("ledgers that are named", () => {
  test("are read together; one that cannot be read is exit 2, and the others are listed", async () => {
    await start({ rules: lowered });
    await run("push", "shots/clip.mp4", "--ledger", "a.json");
    await run("push", "shots/wide.jpg", "--ledger", "b.json");
    const both = await run("rules", "drift", "a.json", "b.json", "--format", "json");
    expect(both.code).toBe(1);
    expect(JSON.parse(both.out)).toHaveLength(2);
    writeFileSync(join(repo.path, "broken.json"), "{");
    const some = await run("rules", "drift", "absent.json", "a.json", "broken.json", "--format", "json");
    expect(some.code).toBe(2);
    expect(JSON.parse(some.out)).toHaveLength(1);
    expect(some.err).toMatch(/absent\.json: there is no such ledger.*\n.*broken\.json/);
    expect(existsSync(join(repo.path, "absent.json"))).toBe(false);
  });
  test("and a folder without a ledger is exit 2", async () => {
    await start({});
    expect(await run("rules", "drift")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("no such ledger"),
    });
  });
  test("a ledger's table that is not built in is named, not loaded", async () => {
    await start({ rules: lowered });
    await run("push", "shots/clip.mp4");
    const path = join(repo.path, "media-preflight.lock.json");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(`"${table.id}"`, '"__proto__"'));
    const [found] = JSON.parse((await run("rules", "drift", "--format", "json")).out);
    expect(found.row).toEqual({
      id: "__proto__",
      version: table.checked,
      limit: null,
      source: null,
      checked: null,
    });
  });
});
