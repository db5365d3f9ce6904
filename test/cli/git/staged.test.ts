import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Report } from "../../../src/report/report.ts";
import { bad, good, manyFiles, pointer, store } from "../many-files.ts";
import { at, newRepository, type Repository } from "../repository.ts";
import { fixture, ran, scratch, spawned } from "../run.ts";

/* `check --staged` checks what git is about to commit, whatever the work tree contains. */

const { path: home, remove } = scratch("staged");
afterAll(remove);

async function staged(repo: Repository, ...more: string[]) {
  const { code, out, err } = await ran(["check", "--staged", "--format", "ndjson", ...more], {
    cwd: repo.path,
  });
  const reports = out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Report);
  const verdicts = Object.fromEntries(reports.map((report) => [report.file, report.verdict]));
  return { code, err, reports, verdicts };
}

describe("a repository of 2,000 files, 40 of them staged media", () => {
  const { repo, expected } = manyFiles(home);

  test("reports exactly the staged media", async () => {
    const { verdicts, code, err } = await staged(repo);
    expect(verdicts).toEqual(expected);
    expect(Object.keys(expected)).toHaveLength(38);
    expect(code).toBe(1);
    expect(err).toBe("");
  });
  test("reports the same as a separate process, from a subdirectory", () => {
    const { stdout, status } = spawned(["check", "--staged", "--format", "ndjson"], {
      cwd: join(repo.path, "src/7"),
    });
    const files = stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as Report).file);
    expect(files.sort()).toEqual(Object.keys(expected).sort());
    expect(status).toBe(1);
  });
  test("an object that is not on this machine is unsure, and its size is checked", async () => {
    const { reports } = await staged(repo);
    const away = reports.find((report) => report.file === "media/lfs-away.mp4");
    expect(away?.findings).toMatchObject([{ rule: "video/integrity", reason: "unread" }]);
    expect(away?.findings[0]?.message).toMatch(/Git LFS pointer/);
    expect(away?.facts.bytes).toBe(19);
  });
});

describe("--staged in every state of a repository", () => {
  test("the first commit, and one with nothing staged", async () => {
    const repo = newRepository(home);
    expect(await staged(repo)).toMatchObject({ code: 0, verdicts: {} });
    repo.put(bad, "a.jpg");
    repo.git("add", ".");
    expect(await staged(repo)).toMatchObject({ code: 1, verdicts: { "a.jpg": "fail" } });
  });
  test("git add -N stages nothing", async () => {
    const repo = newRepository(home);
    repo.put(bad, "a.jpg");
    repo.git("add", "-N", "a.jpg");
    expect(await staged(repo)).toMatchObject({ code: 0, verdicts: {} });
  });
  test("a file marked assume-unchanged or skip-worktree is read from the index", async () => {
    const repo = newRepository(home);
    const size = readFileSync(fixture(bad)).length;
    const padded = Buffer.concat([readFileSync(fixture(good))]);
    for (const [file, flag] of [
      ["a.jpg", "--assume-unchanged"],
      ["b.jpg", "--skip-worktree"],
    ] as const) {
      repo.write(file, padded);
      repo.git("add", file);
      repo.git("update-index", flag, file);
      // The same size, other bytes.
      repo.write(
        file,
        Buffer.concat([readFileSync(fixture(bad)), Buffer.alloc(Math.max(0, padded.length - size))]).subarray(
          0,
          padded.length,
        ),
      );
    }
    expect(await staged(repo)).toMatchObject({ code: 0, verdicts: { "a.jpg": "pass", "b.jpg": "pass" } });
  });
  test("a changed mode alone is not checked; a link that became a file is", async () => {
    const repo = newRepository(home);
    repo.put(bad, "a.jpg");
    symlinkSync("a.jpg", join(repo.path, "b.jpg"));
    repo.git("add", ".");
    repo.git("commit", "-qm", "x");
    repo.git("update-index", "--chmod=+x", "a.jpg");
    rmSync(join(repo.path, "b.jpg"));
    repo.put(bad, "b.jpg");
    repo.git("add", "b.jpg");
    expect((await staged(repo)).verdicts).toEqual({ "b.jpg": "fail" });
  });
  test("a merge checks what differs from every parent", async () => {
    const repo = newRepository(home);
    repo.put(good, "base.jpg");
    repo.git("add", ".");
    repo.git("commit", "-qm", "base");
    repo.git("checkout", "-qb", "other");
    repo.put(bad, "theirs.jpg");
    repo.git("add", ".");
    repo.git("commit", "-qm", "theirs");
    repo.git("checkout", "-q", "main");
    repo.put(good, "ours.jpg");
    repo.git("add", ".");
    repo.git("commit", "-qm", "ours");
    repo.git("merge", "-q", "--no-commit", "--no-ff", "other");
    expect(await staged(repo)).toMatchObject({ code: 0, verdicts: {} });
    repo.put(bad, "evil.jpg");
    repo.git("add", "evil.jpg");
    expect((await staged(repo)).verdicts).toEqual({ "evil.jpg": "fail" });
  });
  test("a submodule is skipped, and is checked as its own repository", async () => {
    const inner = newRepository(home);
    inner.put(good, "a.jpg");
    inner.git("add", ".");
    inner.git("commit", "-qm", "x");
    const outer = newRepository(home);
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "sub");
    outer.put(bad, "b.jpg");
    outer.git("add", ".");
    expect((await staged(outer)).verdicts).toEqual({ "b.jpg": "fail" });
    const sub = at(join(outer.path, "sub"));
    sub.put(bad, "c.jpg");
    sub.git("add", ".");
    expect((await staged(sub)).verdicts).toEqual({ "c.jpg": "fail" });
  });
  test("a linked work tree uses its own index", async () => {
    const repo = newRepository(home);
    repo.write("a.txt", "x");
    repo.git("add", ".");
    repo.git("commit", "-qm", "x");
    const path = `${repo.path}-tree`;
    repo.git("worktree", "add", "-q", path);
    const tree = at(path);
    tree.put(bad, "a.jpg");
    tree.git("add", ".");
    expect((await staged(tree)).verdicts).toEqual({ "a.jpg": "fail" });
    expect((await staged(repo)).verdicts).toEqual({});
  });
  test("GIT_INDEX_FILE is used: git commit PATH and -a have their own index", () => {
    const repo = newRepository(home);
    const program = join(import.meta.dirname, "../../../src/cli/media-preflight.ts");
    repo.write(
      ".git/hooks/pre-commit",
      `#!/bin/sh\nexec '${process.execPath}' '${program}' check --staged\n`,
    );
    execFileSync("chmod", ["+x", join(repo.path, ".git/hooks/pre-commit")]);
    repo.put(good, "good.jpg");
    repo.put(bad, "bad.jpg");
    repo.git("add", "good.jpg");
    repo.git("commit", "-qm", "good");
    repo.git("add", "bad.jpg");
    appendFileSync(join(repo.path, "good.jpg"), "\0");
    // Only good.jpg goes into this commit, though bad.jpg is staged.
    repo.git("commit", "-qm", "only one", "good.jpg");
    expect(() => repo.git("commit", "-qam", "all")).toThrow(
      /image\/width[\s\S]*not to be committed: .*git add.*--no-verify/,
    );
  });
  test("with a filter, the blob is checked, not the work tree's file", async () => {
    const repo = newRepository(home);
    repo.write(".gitattributes", "*.jpg filter=swap\n");
    // Stored: the bad picture; checked out: something of the same size.
    const picture = fixture(bad);
    repo.git("config", "filter.swap.clean", `cat ${picture}`);
    repo.write("a.jpg", readFileSync(fixture(good)));
    repo.git("add", ".");
    expect((await staged(repo)).verdicts).toEqual({ "a.jpg": "fail" });
  });
  test("core.autocrlf changes no verdict", async () => {
    const repo = newRepository(home);
    repo.git("config", "core.autocrlf", "true");
    repo.put("image/bmp-400x400.bmp", "a.bmp");
    repo.write("page.mp4", "<html>\r\n<body>\r\n</body>\r\n</html>\r\n");
    repo.git("add", ".");
    const { verdicts, reports } = await staged(repo);
    expect(verdicts).toEqual({ "a.bmp": "pass", "page.mp4": "fail" });
    expect(reports.find((r) => r.file === "page.mp4")?.facts.bytes).toBe(30);
  });
  test("large blobs that differ from the work tree are streamed, with backward reads where needed", async () => {
    const repo = newRepository(home);
    const movie = readFileSync(fixture("video/mp4-h264-aac.mp4"));
    const free = Buffer.alloc(9_000_000);
    free.writeUInt32BE(free.length, 0);
    free.write("free", 4, "latin1");
    repo.write("a.mp4", Buffer.concat([movie, free]));
    repo.write("b.jpg", Buffer.concat([readFileSync(fixture(good)), Buffer.alloc(9_000_000)]));
    repo.git("add", ".");
    repo.write("a.mp4", "");
    repo.write("b.jpg", "");
    const { reports } = await staged(repo);
    expect(reports.map((r) => [r.file, r.facts.format, r.facts.width])).toEqual([
      ["a.mp4", "mp4", 854],
      ["b.jpg", "jpeg", 640],
    ]);
  });
  test("files too large to fetch by default are read from the work tree only if that is the staged version", async () => {
    const repo = newRepository(home);
    const large = (name: string, tail = 0): Buffer =>
      Buffer.concat([readFileSync(fixture(name)), Buffer.alloc(1_500_000, tail)]).subarray(0, 1_400_000);
    repo.git("config", "filter.swap.clean", "head -c 1300000");
    repo.write(".gitattributes", "filtered.jpg filter=swap\n");
    for (const file of ["same", "partly", "assumed", "skipped", "gone", "filtered"])
      repo.write(`${file}.jpg`, large(bad));
    for (let i = 0; i < 20; i++) repo.write(`many/${i}.jpg`, large(good, i));
    repo.git("add", ".");
    repo.git("update-index", "--assume-unchanged", "assumed.jpg");
    repo.git("update-index", "--skip-worktree", "skipped.jpg");
    for (const file of ["partly", "assumed", "skipped"]) repo.write(`${file}.jpg`, large(good));
    rmSync(join(repo.path, "gone.jpg"));
    const { verdicts, reports } = await staged(repo);
    const failing = ["assumed", "filtered", "gone", "partly", "same", "skipped"].map((file) => `${file}.jpg`);
    expect(Object.keys(verdicts).filter((file) => verdicts[file] === "fail")).toEqual(failing);
    expect(reports).toHaveLength(26);
    expect(reports.find((report) => report.file === "filtered.jpg")?.facts.bytes).toBe(1_300_000);
    // Few enough to be named one by one.
    repo.git("rm", "-q", "--cached", "-r", "many");
    expect(Object.keys((await staged(repo)).verdicts)).toEqual(failing);
  });
  test("a configuration that a filter rewrites is read from the work tree while that is unchanged", async () => {
    const repo = newRepository(home);
    repo.git("config", "filter.hidden.clean", "base64");
    repo.git("config", "filter.hidden.smudge", "base64 -d");
    repo.write(".gitattributes", "*.json filter=hidden\n");
    repo.write("media-preflight.config.json", '{ "ignore": "*.jpg" }');
    // Git compares a file by its stamp only if that is older than the index.
    utimesSync(join(repo.path, "media-preflight.config.json"), 1_700_000_000, 1_700_000_000);
    repo.put(bad, "a.jpg");
    repo.git("add", ".");
    expect(await staged(repo)).toMatchObject({ code: 0, verdicts: {} });
    repo.write("media-preflight.config.json", "{}");
    // What is staged cannot be read now, and the work tree's is not it.
    expect(await staged(repo)).toMatchObject({ code: 2, verdicts: {} });
  });
  test("a missing staged object is an error, and the others are checked", async () => {
    const repo = newRepository(home);
    repo.put(good, "a.jpg");
    repo.put(bad, "b.jpg");
    repo.git("add", ".");
    const oid = repo.git("rev-parse", ":a.jpg").trim();
    rmSync(join(repo.path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    const { code, verdicts, err } = await staged(repo);
    expect(verdicts).toMatchObject({ "b.jpg": "fail" });
    expect(code).toBe(2);
    expect(err).toMatch(/^media-preflight: a\.jpg: git does not have the staged object [^\n]*\n$/);
  });
  test("outside a repository it is one line and exit code 2", async () => {
    const { code, err } = await ran(["check", "--staged"], { cwd: home });
    expect({ code, err }).toEqual({
      code: 2,
      err: "media-preflight: not in a git repository → run it inside one\n",
    });
  });
});

describe("Git LFS", () => {
  const hasLfs = (() => {
    try {
      execFileSync("git", ["lfs", "version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  })();
  test.skipIf(!hasLfs && !process.env.CI)(
    "with git-lfs installed, the object is checked, with and without the work tree's file",
    async () => {
      const repo = newRepository(home);
      repo.git("lfs", "install", "--local");
      repo.git("lfs", "track", "*.jpg");
      repo.put(good, "good.jpg");
      repo.put(bad, "bad.jpg");
      repo.git("add", ".");
      expect(repo.git("cat-file", "blob", ":bad.jpg")).toContain("git-lfs");
      expect((await staged(repo)).verdicts).toEqual({ "good.jpg": "pass", "bad.jpg": "fail" });
      rmSync(join(repo.path, ".git/lfs/objects"), { recursive: true });
      // The work tree's files are those very objects, and then no longer.
      expect((await staged(repo)).verdicts).toEqual({ "good.jpg": "pass", "bad.jpg": "fail" });
      const size = readFileSync(join(repo.path, "good.jpg")).length;
      repo.write("good.jpg", Buffer.alloc(size, 1));
      rmSync(join(repo.path, "bad.jpg"));
      rmSync(join(repo.path, ".git/lfs/objects"), { recursive: true, force: true });
      expect((await staged(repo)).verdicts).toEqual({ "good.jpg": "unsure", "bad.jpg": "unsure" });
    },
  );
  test.each([
    ["relative to .git", "../objects", "objects"],
    ["absolute", join(home, "shared"), join(home, "shared")],
  ])("lfs.storage, %s: the object is found there", async (_, setting, folder) => {
    const repo = newRepository(home);
    repo.write("a.jpg", store(repo, readFileSync(fixture(bad))));
    const elsewhere = resolve(repo.path, folder);
    renameSync(join(repo.path, ".git/lfs"), elsewhere);
    repo.git("add", "a.jpg");
    expect((await staged(repo)).verdicts).toEqual({ "a.jpg": "unsure" });
    repo.git("config", "lfs.storage", setting);
    expect((await staged(repo)).verdicts).toEqual({ "a.jpg": "fail" });
  });
  test("an object over the limit fails by the size in its pointer", async () => {
    const repo = newRepository(home);
    repo.write("a.mp4", pointer(Buffer.alloc(1)).text.replace("size 1\n", "size 60000000\n"));
    repo.git("add", ".");
    const { reports } = await staged(repo);
    expect(reports[0]?.verdict).toBe("fail");
    expect(reports[0]?.findings.map((f) => f.rule).sort()).toEqual(["video/integrity", "video/size"]);
  });
  test("check FILE follows a pointer in the work tree", async () => {
    const repo = newRepository(home);
    repo.write("here.jpg", store(repo, readFileSync(fixture(bad))));
    repo.write("away.jpg", pointer(Buffer.from("elsewhere")).text);
    const { out, code } = await ran(["check", "here.jpg", "away.jpg", "--format", "json"], {
      cwd: repo.path,
    });
    const [here, away] = JSON.parse(out) as Report[];
    expect(here).toMatchObject({ file: "here.jpg", verdict: "fail", facts: { width: 299 } });
    expect(away).toMatchObject({ file: "away.jpg", verdict: "unsure" });
    expect(away?.findings[0]?.hint).toContain("git lfs pull");
    expect(code).toBe(1);
    const chinese = await ran(["check", "away.jpg", "--format", "json", "--locale", "zh-CN"], {
      cwd: repo.path,
    });
    expect((JSON.parse(chinese.out) as Report[])[0]?.findings[0]).toMatchObject({
      message: "这是 Git LFS 指针，所指的对象（9 B）不在本机；只能检查大小",
      hint: expect.stringContaining("git lfs pull"),
    });
  });
});
