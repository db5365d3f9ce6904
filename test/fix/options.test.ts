import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fix, planFix, preflight } from "../../src/index.ts";

/* A misspelt option of fix would write a file that nobody wanted. */

const clip = "fixtures/video/pixels-1920x1080.mp4";
const report = await preflight(clip, { crossCheck: "never" });

describe("fix refuses, and writes nothing", () => {
  test.each([
    [{ dryrun: true }, 'fix has no option "dryrun"', "did you mean dryRun?"],
    [{ dryRun: "yes" }, "dryRun is one of true, false", null],
    [{ trim: "4" }, "trim is a number of seconds, 0 or more", null],
    [{ trim: Number.NaN }, "trim is a number of seconds, 0 or more", null],
    [{ fit: "stretch" }, "fit is one of pad, crop", null],
    [{ padColor: "black" }, "padColor is a color as #rrggbb", null],
    [null, "fix: options are an object, not null", null],
  ])("%j", async (options, message, hint) => {
    const before = readdirSync("fixtures/video");
    await expect(fix(clip, options as object)).rejects.toMatchObject({ code: "usage", message, hint });
    expect(readdirSync("fixtures/video")).toEqual(before);
  });

  test("anything but a path", async () => {
    for (const input of [new Uint8Array(10), report, undefined, "http://127.0.0.1:9/a.mp4", "data:,a"])
      await expect(fix(input as never)).rejects.toMatchObject({
        code: "usage",
        message: "fix takes the path of a local file",
      });
  });
});

describe("planFix refuses", () => {
  test.each([
    [{ fitt: "crop" }, 'planFix has no option "fitt"', "did you mean fit?"],
    [{ fit: "stretch" }, "fit is one of pad, crop", null],
    [{ trim: -1 }, "trim is a number of seconds, 0 or more", null],
  ])("%j", (choices, message, hint) => {
    expect(() => planFix(report, choices as object)).toThrow(
      expect.objectContaining({ code: "usage", message, hint }),
    );
  });

  test.each([
    ["a path", clip],
    ["a report that was not awaited", Promise.resolve(report)],
    ["nothing", undefined],
  ])("%s", (_, input) => {
    expect(() => planFix(input as never)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "planFix takes a report",
        hint: "await preflight(…) makes one",
      }),
    );
  });
});
