import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { findChromium } from "../browser/chromium.ts";
import { type PostgresServer, postgresBin, startPostgres } from "../ledger/postgres/server.ts";

const entry = fileURLToPath(new URL("../../src/server/example-instances.ts", import.meta.url));

describe.runIf(postgresBin !== null)("the example of two handlers over one PostgreSQL ledger", () => {
  let server: PostgresServer;
  let child: ChildProcess;
  let browser: Browser;
  let address: string;
  let log = "";
  beforeAll(async () => {
    server = await startPostgres(postgresBin as string);
    const { ATLASCLOUD_API_KEY: _, ...env } = process.env;
    child = spawn(process.execPath, [entry], {
      env: { ...env, PORT: "0", MEDIA_PREFLIGHT_LEDGER: server.url },
    });
    address = await new Promise((resolve, reject) => {
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        const found = /(http:\/\/127\.0\.0\.1:\d+)\/ gives/.exec(log)?.[1];
        if (found) resolve(found);
      });
      child.once("exit", () => reject(new Error(log)));
    });
    browser = await chromium.launch({ executablePath: await findChromium() });
  });
  afterAll(async () => {
    await browser?.close();
    child?.kill();
    await server?.stop();
  });

  test("a page sends one file to both at once: it is registered once, and each knows the other's id", async () => {
    const page = await browser.newPage();
    await page.goto(address);
    const file = { name: "sunset.mp4", mimeType: "video/mp4", buffer: Buffer.from(clip()) };
    await page.setInputFiles("input", file);
    await page.waitForFunction("document.querySelector('pre').textContent !== ''");
    const answers = ((await page.textContent("pre")) ?? "").split("\n").sort();
    expect(answers).toEqual([
      expect.stringMatching(/^instance 1: asset \S+$/),
      expect.stringMatching(/^instance 2: asset \S+$/),
    ]);
    const registrations = log.match(/service: POST \S*asset\S* 20\d/gi) ?? [];
    expect(registrations, log).toHaveLength(1);
    for (const id of answers.map((line) => line.split(" ").at(-1)))
      for (const _ of ["one", "the other"]) {
        const answer = await fetch(`${address}/media/assets/${id}`);
        expect([answer.status, await answer.json()]).toMatchObject([200, { asset: { id } }]);
      }
  });
});
