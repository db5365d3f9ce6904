import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { newRepository } from "./repository.ts";

/*
 * .pre-commit-hooks.yaml as its users run it: the framework clones this repository, installs it with the machine's npm,
 * which builds it, and runs its hook. It tests the last commit, not the work tree.
 */

const why = inject("missing")["pre-commit"];
const root = join(import.meta.dirname, "../..");

test.skipIf(why !== undefined)(
  `pre-commit, language: node${why ? ` (skipped: ${why})` : ""}`,
  () => {
    const source = join(inject("workshop"), "this-repository");
    execFileSync("git", ["clone", "-q", "--no-hardlinks", root, source]);
    const rev = execFileSync("git", ["rev-parse", "HEAD"], { cwd: source, encoding: "utf8" }).trim();
    const repo = newRepository();
    repo.write(
      ".pre-commit-config.yaml",
      `repos:\n  - repo: ${source}\n    rev: ${rev}\n    hooks:\n      - id: media-preflight\n      - id: media-preflight-files\n        stages: [manual]\n`,
    );
    process.env.PRE_COMMIT_HOME = join(inject("workshop"), "pre-commit");
    repo.git("add", ".");
    const installed = repo.run("pre-commit", "install", "--install-hooks");
    expect(installed.status, installed.stdout + installed.stderr).toBe(0);
    repo.put("image/jpeg-640x480.jpg", "good.jpg");
    repo.git("add", ".");
    const good = repo.commit();
    expect(good.done, good.text).toBe(true);
    repo.put("image/jpeg-299x300.jpg", "-narrow.jpg");
    repo.git("add", ".");
    const bad = repo.commit();
    expect(bad.done, bad.text).toBe(false);
    expect(bad.text).toContain("image/width");
    const files = repo.run(
      "pre-commit",
      "run",
      "--all-files",
      "--hook-stage",
      "manual",
      "media-preflight-files",
    );
    expect(files.status, files.stdout + files.stderr).toBe(1);
    expect(files.stdout).toContain("✓ good.jpg");
    expect(files.stdout).toContain("✗ -narrow.jpg");
  },
  400_000,
);
