import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { newRepository } from "./repository.ts";

/* `pre-commit run --all-files` with the local recipe as src/cli/README.md prints it. */

const readme = readFileSync(join(import.meta.dirname, "../../src/cli/README.md"), "utf8");
const recipe = /```yaml\n(repos:\n {2}- repo: local\n[\s\S]*?)```/.exec(readme)?.[1] ?? "";
const why = inject("missing")["pre-commit"];

test("the documented recipe has both hooks", () => {
  expect(recipe).toContain("- id: media-preflight\n");
  expect(recipe).toContain("- id: media-preflight-files");
});

test.skipIf(why !== undefined)(
  `--all-files fails if any file of the tree fails, committed or not in this commit${why ? ` (skipped: ${why})` : ""}`,
  () => {
    const repo = newRepository();
    repo.write(".pre-commit-config.yaml", recipe);
    repo.put("image/jpeg-640x480.jpg", "good.jpg");
    repo.git("add", ".");
    repo.git("commit", "-qm", "Good media");
    const all = () => repo.run("pre-commit", "run", "--all-files", "--hook-stage", "manual");
    const passing = all();
    expect(passing.status, passing.stdout + passing.stderr).toBe(0);
    expect(passing.stdout).toContain("check media");

    repo.put("image/jpeg-299x300.jpg", "shots/-narrow.jpg");
    repo.put("image/jpeg-299x300.jpg", "-first.jpg");
    repo.git("add", ".");
    repo.git("commit", "-qm", "Bad media, committed before the hook was there");
    const failing = all();
    expect(failing.status, failing.stdout + failing.stderr).toBe(1);
    expect(failing.stdout).toContain("shots/-narrow.jpg");
    expect(failing.stdout).toContain("✗ -first.jpg");
    expect(failing.stdout).toContain("✓ good.jpg");

    // The other variant answers another question: what the next commit changes.
    const staged = repo.run("pre-commit", "run", "--all-files", "--verbose", "media-preflight");
    expect(staged.status, staged.stdout + staged.stderr).toBe(0);
    expect(staged.stdout).toContain("nothing staged");
  },
);
