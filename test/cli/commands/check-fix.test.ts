import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { reportSchema } from "../../../src/report/schema.ts";
import { fixture, ran } from "../run.ts";

/* check says how a file that did not pass can be fixed: as data in JSON, as lines with --verbose. */

const long = fixture("video/duration-15.3s.mp4");
const good = fixture("video/mp4-h264-aac.mp4");
const short = fixture("video/duration-1.9s.mp4");

describe("the plan of a file that did not pass", () => {
  test.each(["json", "ndjson"])("is `fix` in %s, in the language asked for", async (format) => {
    const { out } = await ran(["check", "--format", format, "--locale", "zh-CN", long, good, short]);
    const reports =
      format === "json"
        ? JSON.parse(out)
        : out
            .trimEnd()
            .split("\n")
            .map((l) => JSON.parse(l));
    for (const report of reports) expect(v.safeParse(reportSchema, report).success).toBe(true);
    const [failing, passing, cannot] = reports;
    expect(failing.fix).toMatchObject({ lossless: true, losses: [], steps: [{ kind: "trim" }] });
    expect(failing.fix.steps[0].message).toContain("保留");
    expect(failing.fix.command).toMatch(/^ffmpeg -i /);
    expect([passing.fix, cannot.fix]).toEqual([undefined, undefined]);
  });
  test("is printed by --verbose in the report's language", async () => {
    const { out } = await ran(["check", "--verbose", "--locale", "zh-CN", long]);
    expect(out).toMatch(/ {4}修复：.*保留/);
    expect(out).toMatch(/\$ ffmpeg -i /);
  });
});
