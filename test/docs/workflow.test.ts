import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocks } from "./blocks.ts";

/* The steps of the documented workflow, run as a runner does: bash with -e and pipefail, in the checkout. */

const root = new URL("../../", import.meta.url).pathname;
const workflow = blocks().find(({ name }) => name === "workflow.yml")?.text ?? "";
/** Each step's script. */
const steps = [...workflow.matchAll(/run: \|\n((?: {10}.*\n?)+)/g)].map(([, script = ""]) =>
  script.replace(/^ {10}/gm, ""),
);
let folder = "";
let summary = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "workflow-"));
  summary = join(folder, "summary.md");
  mkdirSync(join(folder, "assets"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string): { status: number | null; stdout: string } {
  const command = `${process.execPath} ${join(root, "src/cli/media-preflight.ts")}`;
  return spawnSync(
    "bash",
    ["-e", "-o", "pipefail", "-c", script.replaceAll("npx --yes media-preflight", command)],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, GITHUB_STEP_SUMMARY: summary },
    },
  );
}

test("a file that does not pass fails the check with an annotation, and is in the summary", () => {
  expect(steps).toHaveLength(2);
  copyFileSync(join(root, "fixtures/image/jpeg-299x300.jpg"), join(folder, "assets/small.jpg"));
  writeFileSync(summary, "");
  const [check, summarize] = steps.map(run);
  expect(check?.status).toBe(1);
  expect(check?.stdout).toMatch(
    /^::error file=assets\/small\.jpg,title=image\/width fail::assets\/small\.jpg: 299 px wide/m,
  );
  expect(summarize?.status).toBe(0);
  expect(readFileSync(summary, "utf8")).toMatch(
    /\| ❌ <code>assets\/small\.jpg<\/code> \| <code>image\/width<\/code> \| scale to /,
  );
});

test("files that pass leave the check green", () => {
  copyFileSync(join(root, "fixtures/image/jpeg-640x480.jpg"), join(folder, "assets/small.jpg"));
  writeFileSync(summary, "");
  const [check, summarize] = steps.map(run);
  expect([check?.status, check?.stdout, summarize?.status]).toEqual([0, "", 0]);
  expect(readFileSync(summary, "utf8")).toContain("1 file checked: 1 passed");
});
