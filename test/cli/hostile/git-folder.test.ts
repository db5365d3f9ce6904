import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newRepository, type Repository } from "../repository.ts";
import { fixture, ran, scratch, spawned } from "../run.ts";

/* A .git folder or file that came with a folder: it leads to nothing of the user's, and git never waits for a FIFO. */

const { path: home, remove } = scratch("hostile-git-folder");
afterAll(remove);
const oneLine = /^media-preflight: [^\n]+\n$/;

let repo: Repository;
let victim: Repository;
beforeEach(() => {
  repo = newRepository(home);
  victim = newRepository(home);
  repo.put("image/jpeg-640x480.jpg", "a.jpg");
  repo.git("add", "a.jpg");
});
const hooksOf = ({ path }: Repository): string => join(path, ".git/hooks/pre-commit");

describe.skipIf(process.platform === "win32")("a work tree outside the repository", () => {
  test("core.worktree of the repository is refused, and no hook is written there", async () => {
    const outside = mkdtempSync(join(home, "outside-"));
    repo.git("config", "core.worktree", outside);
    repo.git("config", "core.hooksPath", join(outside, "autostart"));
    for (const args of [
      ["hook", "install"],
      ["check", "--staged"],
    ]) {
      const { code, err } = await ran(args, { cwd: repo.path });
      expect(code).toBe(2);
      expect(err).toMatch(oneLine);
      expect(err).toContain("work tree is another folder");
    }
    expect(existsSync(join(outside, "autostart"))).toBe(false);
  });
  test("GIT_WORK_TREE is the user's, and is followed", () => {
    const outside = mkdtempSync(join(home, "outside-"));
    const env = { GIT_DIR: join(repo.path, ".git"), GIT_WORK_TREE: outside };
    expect(spawned(["check", "--staged"], { cwd: outside, env })).toMatchObject({ status: 0 });
  });
});

describe.skipIf(process.platform === "win32")("hook install writes into no other repository", () => {
  test.each([
    [
      "a .git file",
      () => {
        rmSync(join(repo.path, ".git"), { recursive: true });
        repo.write(".git", `gitdir: ${join(victim.path, ".git")}\n`);
      },
    ],
    [
      "a .git link",
      () => {
        rmSync(join(repo.path, ".git"), { recursive: true });
        symlinkSync(join(victim.path, ".git"), join(repo.path, ".git"));
      },
    ],
    ["a commondir file", () => repo.write(".git/commondir", `${join(victim.path, ".git")}\n`)],
  ])("named by %s", async (_, prepare) => {
    prepare();
    const { code, err } = await ran(["hook", "install"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toMatch(/not this folder's|leads out of it/);
    expect(existsSync(hooksOf(victim))).toBe(false);
  });
  test("but into that of a linked work tree and of a submodule", async () => {
    repo.git("commit", "-qm", "x");
    const linked = join(home, "linked");
    repo.git("worktree", "add", "-q", linked);
    expect(await ran(["hook", "install"], { cwd: linked })).toMatchObject({ code: 0 });
    expect(existsSync(hooksOf(repo))).toBe(true);
    victim.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repo.path, "sub");
    const { code, err } = await ran(["hook", "install"], { cwd: join(victim.path, "sub") });
    expect(code, err).toBe(0);
    expect(existsSync(join(victim.path, ".git/modules/sub/hooks/pre-commit"))).toBe(true);
  });
});

describe.skipIf(process.platform === "win32")("a FIFO in place of a file that git reads", () => {
  const mkfifo = (name: string): void => {
    mkdirSync(dirname(join(repo.path, name)), { recursive: true });
    rmSync(join(repo.path, name), { force: true });
    execFileSync("mkfifo", [join(repo.path, name)]);
  };
  // Far below the deadline after which a git that waits is ended.
  const timed = (...args: string[]) => spawned(args, { cwd: repo.path, timeout: 30_000 });
  test.each([".gitignore", "sub/deep/.gitignore"])("%s is refused at once by check .", (name) => {
    mkfifo(name);
    const { status, stderr } = timed("check", ".");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `media-preflight: ${name}: this is not a regular file, so git would not finish → remove it: git has no use for it\n`,
    });
  });
  test.each([
    ".gitattributes",
    "sub/.gitattributes",
    ".git/commondir",
    ".git/objects/info/alternates",
    ".git/refs/heads/main",
  ])("%s is refused at once by check --staged", (name) => {
    const large = Buffer.concat([readFileSync(fixture("image/jpeg-640x480.jpg")), Buffer.alloc(1_500_000)]);
    repo.write("sub/b.jpg", large);
    repo.git("add", "sub/b.jpg");
    mkfifo(name);
    const { status, stderr } = timed("check", "--staged");
    expect(status, stderr).toBe(2);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain("git would not finish");
  });
});

test("git's variables in a hook are not used for another repository checked from there", () => {
  victim.write(".gitignore", "ignored\n");
  victim.put("image/jpeg-640x480.jpg", "ignored/tracked.jpg");
  victim.git("add", "-f", "ignored/tracked.jpg");
  victim.put("image/jpeg-299x300.jpg", "ignored/other.jpg");
  const env = { GIT_DIR: join(repo.path, ".git"), GIT_INDEX_FILE: join(repo.path, ".git/index") };
  const { stdout, status } = spawned(["check", victim.path], { cwd: repo.path, env });
  expect(stdout).toContain("ignored/tracked.jpg");
  expect(stdout).not.toContain("other.jpg");
  expect(status).toBe(0);
});

test.skipIf(process.platform === "win32")(
  "an object in git-lfs's store that is a link to another file is not read",
  async () => {
    const bytes = readFileSync(fixture("image/jpeg-640x480.jpg"));
    const secret = join(home, "private.jpg");
    writeFileSync(secret, bytes);
    const oid = createHash("sha256").update(bytes).digest("hex");
    const folder = join(repo.path, ".git/lfs/objects", oid.slice(0, 2), oid.slice(2, 4));
    mkdirSync(folder, { recursive: true });
    symlinkSync(secret, join(folder, oid));
    repo.write(
      "p.jpg",
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
    );
    const { out } = await ran(["check", "p.jpg", "--format", "ndjson"], { cwd: repo.path });
    expect(JSON.parse(out)).toMatchObject({ verdict: "unsure", facts: { width: null } });
  },
);
