import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { inspect } from "../../../src/index.ts";

const run = promisify(execFile);
const clip = new URL("../../../fixtures/video/mp4-h264-aac.mp4", import.meta.url).pathname;
const index = new URL("../../../src/index.ts", import.meta.url).href;

test("a separate process returns the same results as a worker thread", async () => {
  const options = { crossCheck: "always" as const };
  const byThread = await inspect(clip, options);
  const byProcess = await inspect(clip, { ...options, crossCheckOptions: { isolation: "process" } });
  expect(byProcess).toEqual(byThread);
  expect(byProcess.crossCheckNotes).toEqual([]);
  expect(byProcess.readings.durations.map(({ from }) => from)).toContain("mediainfo");
});

test("the process handles several files, and exits with the process that started it", async () => {
  const script = `
    const { inspect } = await import(${JSON.stringify(index)});
    const options = { crossCheck: "always", crossCheckOptions: { isolation: "process" } };
    for (let i = 0; i < 3; i++) {
      const { readings } = await inspect(${JSON.stringify(clip)}, options);
      console.log(readings.sizes.filter(({ from }) => from === "mediainfo").length);
    }`;
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", script], {
    timeout: 100_000,
  });
  expect(stdout.trim().split("\n")).toEqual(["1", "1", "1"]);
  expect(stderr).toBe("");
});

test("a process that takes too long is killed, and its file gets a note", async () => {
  const { crossCheckNotes } = await inspect(clip, {
    crossCheck: "always",
    crossCheckOptions: { isolation: "process", timeout: 0 },
  });
  expect(crossCheckNotes).toMatchObject([
    { crossCheck: "mediainfo", why: expect.stringContaining("longer than") },
  ]);
});
