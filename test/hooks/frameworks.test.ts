import { describe, expect, inject, test } from "vitest";
import { newRepository, type Repository } from "./repository.ts";

/* The recipes of src/cli/README.md, each in a real repository: bad media cannot be committed, good media can. */

interface Recipe {
  /** The recipe is skipped if this framework is missing. */
  needs?: string;
  setUp(repo: Repository): void;
}

const local = "node_modules/.bin/media-preflight check --staged";

const recipes: Record<string, Recipe> = {
  "a bare hook": { setUp: (repo) => installed(repo, "node_modules/.bin/media-preflight", "hook", "install") },
  husky: {
    needs: "husky",
    setUp: (repo) => {
      installed(repo, "node_modules/.bin/husky");
      repo.write(".husky/pre-commit", "media-preflight check --staged\n");
    },
  },
  lefthook: {
    needs: "lefthook",
    setUp: (repo) => {
      repo.write("lefthook.yml", `pre-commit:\n  commands:\n    media-preflight:\n      run: ${local}\n`);
      installed(repo, "node_modules/.bin/lefthook", "install");
    },
  },
  "lint-staged": {
    needs: "lint-staged",
    setUp: (repo) => {
      repo.write(".lintstagedrc.json", '{ "*.{jpg,jpeg,png,mp4,mov,wav,mp3}": "media-preflight check" }\n');
      repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexec node_modules/.bin/lint-staged\n");
      installed(repo, "chmod", "+x", ".git/hooks/pre-commit");
    },
  },
  "simple-git-hooks": {
    needs: "simple-git-hooks",
    setUp: (repo) => {
      repo.write(
        "package.json",
        JSON.stringify({ private: true, "simple-git-hooks": { "pre-commit": local } }),
      );
      installed(repo, "node_modules/.bin/simple-git-hooks");
    },
  },
  "pre-commit, language: system": {
    needs: "pre-commit",
    setUp: (repo) => {
      repo.write(
        ".pre-commit-config.yaml",
        `repos:
  - repo: local
    hooks:
      - id: media-preflight
        name: check staged media
        entry: ${local}
        language: system
        pass_filenames: false
        always_run: true
`,
      );
      repo.git("add", ".pre-commit-config.yaml");
      installed(repo, "pre-commit", "install");
    },
  },
};

function installed(repo: Repository, command: string, ...args: string[]): void {
  const done = repo.run(command, ...args);
  expect(done.status, done.stdout + done.stderr).toBe(0);
}

const missing = inject("missing");

describe.each(Object.entries(recipes))("%s", (_, { needs, setUp }) => {
  const why = needs === undefined ? undefined : missing[needs];
  test.skipIf(why !== undefined)(`refuses to commit bad media${why ? ` (skipped: ${why})` : ""}`, () => {
    const repo = newRepository();
    setUp(repo);
    repo.put("image/jpeg-640x480.jpg", "good.jpg");
    repo.git("add", "good.jpg");
    const good = repo.commit();
    expect(good.done, good.text).toBe(true);

    repo.put("image/jpeg-299x300.jpg", "narrow.jpg");
    repo.git("add", "narrow.jpg");
    const bad = repo.commit();
    expect(bad.done, bad.text).toBe(false);
    expect(bad.text).toContain("narrow.jpg");
    expect(bad.text).toContain("image/width");

    // The staged version is checked, not the one in the work tree.
    repo.put("image/jpeg-640x480.jpg", "narrow.jpg");
    repo.git("add", "narrow.jpg");
    repo.put("image/jpeg-299x300.jpg", "narrow.jpg");
    const partly = repo.commit();
    expect(partly.done, partly.text).toBe(true);
  });
});
