import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { pointer } from "../many-files.ts";
import { at, newRepository, type Repository } from "../repository.ts";
import { fixture, ran, scratch, spawned } from "../run.ts";
import { attributes, newTrap, setTraps, type Trap } from "./traps.ts";

/* No setting of a repository can run a program. Each program set here leaves a file behind if it runs. */

const { path: home, remove } = scratch("hostile-git");
afterAll(remove);

const trap: Trap = newTrap(join(home, "trap"));
const trapped = trappedRepository();
let repo: Repository;
beforeEach(() => {
  trap.reset();
  repo = at(mkdtempSync(join(home, "repository-")));
  cpSync(trapped.path, repo.path, { recursive: true });
  // Changed stamps make git compare contents, through the filters.
  for (const file of ["a.jpg", "b.png", "large.jpg"])
    utimesSync(join(repo.path, file), 1_700_000_000, 1_700_000_000);
});

/** A repository with staged media, whose own settings make git run the trap. */
function trappedRepository(): Repository {
  const repo = newRepository(home);
  repo.put("image/jpeg-640x480.jpg", "a.jpg");
  repo.put("image/png-640x480.png", "b.png");
  const large = Buffer.concat([readFileSync(fixture("image/jpeg-640x480.jpg")), Buffer.alloc(1_500_000)]);
  repo.write("large.jpg", large);
  repo.write("pointer.mp4", pointer(Buffer.from("not here")).text);
  repo.write("media-preflight.config.json", "{}");
  repo.git("add", ".");
  repo.write(".gitattributes", attributes);
  repo.git("add", ".gitattributes");
  setTraps(repo, trap);
  return repo;
}

describe.skipIf(process.platform === "win32")("a folder's own .git/config", () => {
  test("contains programs that git itself would run", () => {
    spawnSync("git", ["status"], { cwd: repo.path, timeout: 10_000 });
    expect(trap.sprung()).toBe(true);
    trap.reset();
    spawnSync("git", ["-c", "core.fsmonitor=false", "ls-files", "--modified"], {
      cwd: repo.path,
      timeout: 10_000,
    });
    expect(trap.sprung()).toBe(true);
  });
  test.each([
    [["check", "."]],
    [["check", "--staged"]],
    [["check", "a.jpg", "pointer.mp4"]],
    [["check", "--staged", "--print-config"]],
    [["check", "--write-baseline", "."]],
    [["push", ".", "--dry-run"]],
    [["hook", "install"]],
    [["hook", "uninstall"]],
  ])("%j runs none of them", async (args) => {
    const { err } = await ran(args, { cwd: repo.path });
    expect(trap.sprung(), err).toBe(false);
  });
  test("does not change the verdicts of its media", async () => {
    const { out } = await ran(["check", "--staged", "--format", "ndjson"], { cwd: repo.path });
    const verdicts = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ file, verdict }) => [file, verdict]);
    expect(verdicts).toEqual([
      ["a.jpg", "pass"],
      ["b.png", "pass"],
      ["large.jpg", "pass"],
      ["pointer.mp4", "unsure"],
    ]);
    expect(trap.sprung()).toBe(false);
  });
  test("a partial clone fetches no missing object", async () => {
    const oid = repo.git("rev-parse", ":a.jpg").trim();
    rmSync(join(repo.path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    rmSync(join(repo.path, "a.jpg"));
    spawnSync("git", ["-c", "core.fsmonitor=false", "cat-file", "-p", oid], {
      cwd: repo.path,
      timeout: 10_000,
    });
    expect(trap.sprung(), "git itself fetches it").toBe(true);
    trap.reset();
    const { code, err } = await ran(["check", "--staged"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(err).toMatch(/a\.jpg: git does not have the staged object/);
    expect(trap.sprung()).toBe(false);
  });
  test("a filter whose name cannot be overridden is not run either", async () => {
    repo.git("config", "filter.a=b.clean", trap.program);
    repo.write(".gitattributes", "*.jpg filter=a=b\n");
    expect((await ran(["check", "--staged"], { cwd: repo.path })).code).toBe(1);
    expect(trap.sprung()).toBe(false);
  });
  test("core.fsmonitor of a bare repository in a subfolder is not run", async () => {
    const inner = join(repo.path, "inner");
    execFileSync("git", ["init", "-q", "--bare", inner]);
    const bare = at(inner);
    for (const [key, value] of [
      ["core.fsmonitor", trap.program],
      ["core.bare", "false"],
      ["core.worktree", inner],
    ] as const)
      bare.git("config", "-f", join(inner, "config"), key, value);
    bare.put("image/jpeg-640x480.jpg", "c.jpg");
    spawnSync("git", ["status"], { cwd: inner, timeout: 10_000 });
    expect(trap.sprung(), "git itself runs it").toBe(true);
    trap.reset();
    for (const args of [
      ["check", "."],
      ["check", "--staged"],
      ["hook", "install"],
    ])
      await ran(args, { cwd: inner });
    await ran(["check", "inner"], { cwd: repo.path });
    expect(trap.sprung()).toBe(false);
  });
});

describe.skipIf(process.platform === "win32")("a program called git", () => {
  test.each(["bin", ".", "node_modules/.bin"])("in the repository's %s is not run", (folder) => {
    mkdirSync(join(repo.path, folder), { recursive: true });
    const fake = join(repo.path, folder, "git");
    writeFileSync(fake, `#!/bin/sh\nexec '${trap.program}'\n`);
    chmodSync(fake, 0o755);
    const env = { PATH: `${join(repo.path, folder)}:${folder}::${process.env.PATH}` };
    const { status, stderr } = spawned(["check", "--staged"], { cwd: repo.path, env });
    expect(status, stderr).toBe(1);
    expect(trap.sprung()).toBe(false);
  });
  test("nowhere on PATH is one line", () => {
    const { status, stderr } = spawned(["check", "--staged"], { cwd: repo.path, env: { PATH: repo.path } });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "media-preflight: git is not installed → install git, or check the files by name\n",
    });
  });
});
