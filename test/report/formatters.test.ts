import { describe, expect, test } from "vitest";
import { createFormatter, type FormatName, formatNames } from "../../src/report/formatters/formats.node.ts";
import type { FileResult, FormatOptions } from "../../src/report/formatters/formatter.ts";
import { cells, wrap } from "../../src/report/formatters/wrap.ts";
import type { Finding, Report } from "../../src/report/report.ts";
import { buildSetReport, type SetReport } from "../../src/report/set.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import type { Made } from "../rules/evidence.ts";
import { reportOf } from "./report-of.ts";

/* Every format shows every result, and escapes hostile names. */

const report = (name: string | null, made: Made = {}): Promise<Report> => reportOf("mp4", made, { name });
const bad = await report("bad.mp4", { sizes: [[1920, 1080]], bytes: 51_000_000, videoCodec: "av1" });
const good = await report("good.mp4");
const hostileName = '\u001b[31ma\nb::error::%,"&<\u202e.mp4';
const hostile = await report(hostileName, { durations: [20] });
const excused = await report("old.mp4", { durations: [20] });
for (const f of excused.findings) f.accepted = { by: "baseline", reason: "before the rule", until: null };
const unchecked: FileResult = {
  schemaVersion: 1,
  file: "gone.mp4",
  verdict: null,
  error: { code: "not-found", message: "no such file", hint: "check the spelling" },
};
const outcomes = [good, bad, hostile, excused, unchecked];

async function print(
  name: (typeof formatNames)[number],
  what: FileResult[],
  options: FormatOptions = {},
): Promise<string> {
  const formatter = await createFormatter(name, { started: new Date("2026-11-22T10:00:00Z"), ...options });
  return formatter.begin() + what.map((outcome) => formatter.outcome(outcome)).join("") + formatter.end();
}

test.each(formatNames)(
  "%s: no control character but the line's end, and no hostile text taken for markup",
  async (name) => {
    const out = await print(name, outcomes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: matches the characters that must not occur
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    for (const line of out.split("\n")) expect(line).not.toMatch(/^b::error::/);
    expect(out.endsWith("\n")).toBe(true);
  },
);

test.each(formatNames)("%s: shows a file that could not be checked", async (name) => {
  expect(await print(name, [unchecked])).toMatch(/gone\.mp4[\s\S]*no such file|no such file[\s\S]*gone\.mp4/);
});

describe("json", () => {
  test("is an array of the unchanged reports, hostile names included", async () => {
    expect(JSON.parse(await print("json", outcomes))).toEqual(outcomes);
    expect(JSON.parse(await print("json", []))).toEqual([]);
  });
  test("has no verdict for a file that was not checked", async () => {
    const [only] = JSON.parse(await print("json", [unchecked])) as { verdict: unknown }[];
    expect(only?.verdict).toBeNull();
  });
  test("ndjson has one report per line", async () => {
    const lines = (await print("ndjson", outcomes)).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(outcomes);
  });
});

describe("text", () => {
  test("a line for each file and finding, the remedy before the evidence, a summary", async () => {
    const out = await print("text", [good, bad, excused, unchecked], { width: 120 });
    expect(out).toContain("✓ good.mp4  mp4, 1280×720, 720p, 10 s, 30 fps, 100 kB\n");
    expect(out).toContain("✗ bad.mp4");
    expect(out).toMatch(/✗ video\/pixels {11}→ scale to 1280×720\n {27}1920×1080 = 2,073,600 total pixels/);
    expect(out).toContain("i video/duration (accepted)");
    expect(out).toContain("! gone.mp4\n  not checked: no such file\n  → check the spelling\n");
    expect(out).toContain("3 files checked: 1 passed, 2 failed, 1 of them accepted, 1 not checked\n");
  });
  test.each([30, 50, 80, 200])("no line is wider than %i", async (width) => {
    const out = await print("text", outcomes, { width });
    for (const line of out.split("\n").filter((l) => !/checked:|hostile|error/.test(l)))
      expect(cells(line), line).toBeLessThanOrEqual(Math.max(width, 34));
  });
  test("uses colours only on request", async () => {
    expect(await print("text", [bad])).not.toContain("\u001b");
    expect(await print("text", [bad], { color: true })).toContain("\u001b[31m✗\u001b[0m");
  });
  test("quiet leaves out files that passed, and one file gets no summary", async () => {
    expect(await print("text", [good], { quiet: true })).toBe("");
    const noted: Report = {
      ...good,
      findings: [{ ...(bad.findings[0] as Finding), verdict: "note" } as Finding],
    };
    expect(await print("text", [noted], { quiet: true })).toBe("");
    expect(await print("text", [good])).not.toContain("checked");
  });
  test("wide characters count twice, and long words are cut", () => {
    expect(cells("中文 a")).toBe(6);
    expect(wrap("中文中文", 4)).toEqual(["中文", "中文"]);
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  });
});

describe("github", () => {
  test("annotations name the file in the message, escaped as the runner requires", async () => {
    const out = await print("github", outcomes);
    expect(out).toMatch(/^::error file=bad\.mp4,title=video\/pixels fail::bad\.mp4: 1920×1080 = 2,073,600/m);
    expect(out).toMatch(/^::warning file=bad\.mp4,title=video\/size unsure::bad\.mp4: /m);
    expect(out).toMatch(/^::notice file=bad\.mp4,title=video\/codec note::/m);
    expect(out).toMatch(/^::notice file=old\.mp4/m);
    expect(out).toMatch(/^::error file=gone\.mp4,title=not checked%3A not-found::gone\.mp4: no such file/m);
    expect(out).toContain("%3A%3Aerror%3A%3A%25%2C");
  });
  test("states the totals in a last line if a level has more than ten annotations", async () => {
    const long = await report("long.mp4", { durations: [20] });
    const lines = async (n: number): Promise<string> => print("github", Array(n).fill(long));
    expect(await lines(10)).not.toContain("GitHub shows");
    expect((await lines(11)).trimEnd().split("\n").at(-1)).toBe(
      "media-preflight: 11 errors; GitHub shows 10 annotations of each level, the log has all of them",
    );
  });
});

describe("markdown", () => {
  test("totals, then a table with the remedy before the evidence", async () => {
    const out = await print("markdown", outcomes);
    expect(out).toMatch(/^### media-preflight\n\n4 files checked: 1 passed, 3 failed, 1 not checked\n\n/);
    expect(out).toContain("| File | Rule | What to do | Why |\n| --- | --- | --- | --- |\n");
    expect(out).toMatch(
      /\| ❌ <code>bad\.mp4<\/code> \| <code>video\/pixels<\/code> \| scale to 1280×720 \| 1920×1080 = 2,073,600 /,
    );
    expect(out).toMatch(
      /\| ⛔ <code>gone\.mp4<\/code> \| not checked: <code>not-found<\/code> \| check the spelling \| no such file \|/,
    );
    expect(out).toContain("(accepted)");
  });
  test("has no table without findings", async () =>
    expect(await print("markdown", [good])).toBe("### media-preflight\n\n1 file checked: 1 passed\n"));
  test("a file name cannot leave its cell, mention a user, link or format text", async () => {
    const name = "|a`b](http://x)@me #1 **x** $y$ <img src=x>\n| c |.mp4";
    const out = await print("markdown", [await report(name, { durations: [20] })]);
    const row = out.split("\n").filter((line) => line.startsWith("| ❌"));
    expect(row).toHaveLength(1);
    expect(row[0]?.split("|")).toHaveLength(6);
    expect(row[0]).not.toMatch(/[`[\]@*$]|<img|https?:/);
  });
  test("stays below the size limit of a step summary, and counts the rest", async () => {
    const long = await report(`${"x".repeat(200)}.mp4`, { durations: [20] });
    const out = await print("markdown", Array(5000).fill(long));
    expect(out.length).toBeLessThan(1_000_000);
    expect(out).toMatch(/… and \d+ more\n$/);
  });
});

describe("set findings", () => {
  const setReport = async (): Promise<SetReport> => {
    const members = await Promise.all(
      ["a.mp4", "b.mp4"].map((name) => reportOf("mp4", { durations: [8] }, { name, findings: "all" })),
    );
    return (await buildSetReport("reference-to-video", members, defaultTable)) as SetReport;
  };
  const printSet = async (name: FormatName): Promise<string> => {
    const formatter = await createFormatter(name, { width: Number.POSITIVE_INFINITY });
    return formatter.begin() + formatter.outcome(good) + formatter.set(await setReport()) + formatter.end();
  };
  test.each(formatNames)("%s shows them", async (name) =>
    expect(await printSet(name)).toMatch(/the reference videos total 16 s, over 15/),
  );
  test("json and ndjson end with { set, verdict, findings, files }", async () => {
    const last = (JSON.parse(await printSet("json")) as object[]).at(-1);
    expect(last).toEqual({
      set: "reference-to-video",
      verdict: "fail",
      findings: [expect.objectContaining({ rule: "set/videos-duration" })],
      files: ["a.mp4", "b.mp4"],
    });
    expect(JSON.parse((await printSet("ndjson")).trimEnd().split("\n").at(-1) ?? "")).toEqual(last);
  });
});

describe("junit", () => {
  test("has no property without a value", async () => {
    expect(await print("junit", [good])).not.toContain("<property ");
    expect(await print("junit", [good], { version: "1.2.3" })).toContain(
      '<property name="media-preflight" value="1.2.3"/>',
    );
  });
  test("has one test case per file, at most one failure each, and separate errors", async () => {
    const out = await print("junit", outcomes);
    expect(out).toContain('tests="5" failures="2" errors="1"');
    expect(out.match(/<failure /g)).toHaveLength(2);
    expect(out).toContain('timestamp="2026-11-22T10:00:00"');
    expect(out).toContain("&#60;");
    expect(out.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
  });
});

describe("sarif", () => {
  interface Log {
    version: string;
    runs: {
      tool: { driver: { rules: { id: string; help: { text: string } }[] } };
      invocations: { executionSuccessful: boolean; toolExecutionNotifications?: unknown[] }[];
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        partialFingerprints: Record<string, string>;
        suppressions?: unknown[];
        locations: {
          physicalLocation: {
            artifactLocation: { uri: string; uriBaseId?: string };
            region: { startLine: number };
          };
        }[];
      }[];
    }[];
  }
  const parse = async (what: FileResult[]): Promise<Log["runs"][0]> => {
    const log = JSON.parse(await print("sarif", what)) as Log;
    expect(log.version).toBe("2.1.0");
    return log.runs[0] as Log["runs"][0];
  };
  test("results refer to their rule, whose help text is the remedy", async () => {
    const run = await parse(outcomes);
    expect(run.results.length).toBeGreaterThan(4);
    for (const result of run.results) {
      const rule = run.tool.driver.rules[result.ruleIndex];
      expect(rule?.id).toBe(result.ruleId);
      expect(rule?.help.text).toMatch(/\w/);
    }
    expect(run.results.filter((r) => r.suppressions).length).toBe(1);
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false });
    expect(run.invocations[0]?.toolExecutionNotifications).toHaveLength(1);
  });
  test("fingerprints do not change with the numbers, and differ by rule and file", async () => {
    const prints = async (r: Report): Promise<string[]> =>
      (await parse([r])).results.map((x) => x.partialFingerprints["mediaPreflight/v1"] ?? "");
    const first = await prints(await report("a.mp4", { durations: [20], rates: [10] }));
    expect(new Set(first).size).toBe(2);
    expect(await prints(await report("a.mp4", { durations: [30], rates: [12] }))).toEqual(first);
    expect(await prints(await report("b.mp4", { durations: [20], rates: [10] }))).not.toEqual(first);
  });
  test.each([
    ["a b/ü#.mp4", { uri: "a%20b/%C3%BC%23.mp4", uriBaseId: "%SRCROOT%" }],
    ["/tmp/a.mp4", { uri: "file:///tmp/a.mp4" }],
    ["https://example.com/a.mp4", { uri: "https://example.com/a.mp4" }],
    ["\ud800.mp4", { uri: "%EF%BF%BD.mp4", uriBaseId: "%SRCROOT%" }],
  ])("the place of %j", async (file, expected) => {
    const [result] = (await parse([await report(file, { durations: [20] })])).results;
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: expected,
      region: { startLine: 1 },
    });
  });
});
