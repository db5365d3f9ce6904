import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newRepository, type Repository } from "../repository.ts";
import { ran, scratch, spawned } from "../run.ts";

/* Paths that a repository names lie inside it after links are resolved; nothing is written through a link. */

const { path: home, remove } = scratch("hostile-paths");
afterAll(remove);
const oneLine = /^media-preflight: [^\n]+\n$/;

let repo: Repository;
let outside: string;
let victim: string;
beforeEach(() => {
  repo = newRepository(home);
  outside = mkdtempSync(join(home, "outside-"));
  victim = join(outside, ".bashrc");
  writeFileSync(victim, "precious\n");
  repo.put("image/jpeg-299x300.jpg", "$(command).jpg");
});
const check = (...args: string[]) => ran(["check", ...args], { cwd: repo.path });
const configure = (config: object): void => repo.write("media-preflight.config.json", JSON.stringify(config));
const up = (): string => `../${outside.split("/").at(-1)}`;

describe.skipIf(process.platform === "win32")("check --write-baseline", () => {
  test.each([
    ["a path that leads out", () => configure({ baseline: `${up()}/.bashrc` })],
    [
      "a link that leads out",
      () => {
        symlinkSync(victim, join(repo.path, "base.json"));
        configure({ baseline: "base.json" });
      },
    ],
    ["the usual name as a link", () => symlinkSync(victim, join(repo.path, "media-preflight.baseline.json"))],
    [
      "a folder that is a link",
      () => {
        symlinkSync(outside, join(repo.path, "sub"));
        configure({ baseline: "sub/.bashrc" });
      },
    ],
    [
      "a link that dangles",
      () => {
        symlinkSync(join(outside, "new"), join(repo.path, "base.json"));
        configure({ baseline: "base.json" });
      },
    ],
  ])("does not follow %s", async (_, prepare) => {
    prepare();
    const { code, err } = await check("--write-baseline", ".");
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toContain("the baseline leads out of the repository");
    expect(readFileSync(victim, "utf8")).toBe("precious\n");
    expect(existsSync(join(outside, "new"))).toBe(false);
  });
  test("does not write through a link inside the repository either", async () => {
    repo.write("notes.txt", "mine\n");
    symlinkSync("notes.txt", join(repo.path, "media-preflight.baseline.json"));
    const { code, err } = await check("--write-baseline", ".");
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toContain("nothing is written through links");
    expect(readFileSync(join(repo.path, "notes.txt"), "utf8")).toBe("mine\n");
  });
  test("writes inside the repository, with names escaped in what it prints", async () => {
    configure({ baseline: "sub\u001b[31m.json" });
    const { code, err } = await check("--write-baseline", ".");
    expect(code).toBe(0);
    expect(err).toContain("1 findings recorded in ");
    expect(err).toContain("sub\\u001b[31m.json");
    expect(err).not.toContain("\u001b");
    expect((await check(".")).code).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("reading", () => {
  test.each([
    ["a baseline", { baseline: "LINK" }, "the baseline leads out of the repository"],
    ["a rule table", { rules: "LINK" }, "the rule table leads out of the repository"],
    ["a table of some files", { files: [{ match: "*.jpg", rules: "LINK" }] }, "the rule table leads out"],
  ])("%s outside the repository is refused, by path and by link", async (_, config, message) => {
    writeFileSync(join(outside, "x.json"), '"secret words"');
    symlinkSync(join(outside, "x.json"), join(repo.path, "link.json"));
    for (const path of [`${up()}/x.json`, "link.json"]) {
      configure(JSON.parse(JSON.stringify(config).replace("LINK", path)));
      repo.git("add", ".");
      for (const args of [["."], ["--staged"]]) {
        const { code, err, out } = await check(...args);
        expect(code).toBe(2);
        expect(err).toMatch(oneLine);
        expect(err).toContain(message);
        expect(out + err).not.toContain("secret");
      }
    }
  });
  test("an absolute path to a table is refused in a configuration, and taken as a flag", async () => {
    const table = join(import.meta.dirname, "../../../rules/atlas-seedance-2.0.json");
    configure({ rules: table });
    expect((await check(".")).code).toBe(2);
    configure({});
    expect((await check("--rules", table, ".")).code).toBe(1);
  });
  test("a configuration that is a link out of the repository is refused, a package.json is skipped", async () => {
    writeFileSync(join(outside, "x.json"), "secret words");
    symlinkSync(join(outside, "x.json"), join(repo.path, "package.json"));
    expect((await check(".")).code).toBe(1);
    symlinkSync(join(outside, "x.json"), join(repo.path, "media-preflight.config.json"));
    const { code, err } = await check(".");
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).not.toContain("secret");
  });
  test("a configuration in a folder that reaches its repository's own table is accepted", async () => {
    repo.write(
      "rules/own.json",
      readFileSync(join(import.meta.dirname, "../../../rules/atlas-seedance-2.0.json"), "utf8"),
    );
    repo.write("sub/media-preflight.config.json", '{ "rules": "../rules/own.json" }');
    repo.put("image/jpeg-640x480.jpg", "sub/a.jpg");
    expect((await ran(["check", "a.jpg"], { cwd: join(repo.path, "sub") })).code).toBe(0);
  });
  test("a ledger that is a link out of the repository is refused before anything is sent", async () => {
    symlinkSync(victim, join(repo.path, "media-preflight.lock.json"));
    repo.put("image/jpeg-640x480.jpg", "good.jpg");
    const env = { ATLASCLOUD_API_KEY: "test" };
    const { code, err } = await ran(["push", "good.jpg"], { cwd: repo.path, env });
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toContain("the ledger leads out of the repository");
  });
});

describe.skipIf(process.platform === "win32")("links to media files", () => {
  beforeEach(() => {
    repo.put("image/jpeg-640x480.jpg", "own.jpg");
    execFileSync("cp", [join(repo.path, "own.jpg"), join(outside, "private.jpg")]);
    symlinkSync(join(outside, "private.jpg"), join(repo.path, "theirs.jpg"));
    symlinkSync("own.jpg", join(repo.path, "inside.jpg"));
    execFileSync("rm", [join(repo.path, "$(command).jpg")]);
  });
  test.each([["."], ["*.jpg"]])(
    "check %s reads none that points out of the repository, and reports that",
    async (what) => {
      const { code, err, out } = await check("--format", "ndjson", what);
      expect(code).toBe(2);
      expect(err).toBe(
        "media-preflight: theirs.jpg: this link leads out of the repository → name the link itself if you mean that file\n",
      );
      expect(
        out
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).file)
          .sort(),
      ).toEqual(["inside.jpg", "own.jpg"]);
    },
  );
  test("push . does not send one", async () => {
    const { code, out } = await ran(["push", ".", "--dry-run", "--format", "ndjson"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(out).not.toContain("theirs.jpg");
    expect(out).toContain("own.jpg");
  });
  test("a link given as an argument is read", async () => {
    expect((await check("theirs.jpg")).code).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("a path that is not a regular file", () => {
  const fifo = (name: string): void => {
    execFileSync("mkfifo", [join(repo.path, name)]);
  };
  const timed = (args: string[]) =>
    spawned(args, { cwd: repo.path, timeout: 20_000, env: { ATLASCLOUD_API_KEY: "x" } });
  test("a FIFO as an argument is refused at once", () => {
    fifo("a.mp4");
    const { status, stderr } = timed(["check", "a.mp4"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        "media-preflight: a.mp4: this is a pipe → use - to check the bytes on stdin: … | media-preflight check -\n",
    });
    expect(timed(["push", "a.mp4", "--dry-run"]).status).toBe(2);
    expect(timed(["inspect", "a.mp4"]).status).toBe(2);
  });
  test.each(["media-preflight.config.json", "package.json", "rules.json", "base.json"])(
    "a FIFO as %s is refused at once",
    (name) => {
      if (name === "rules.json") configure({ rules: name });
      if (name === "base.json") configure({ baseline: name });
      fifo(name);
      const { status, stderr } = timed(["check", "."]);
      expect(status).toBe(2);
      expect(stderr).toMatch(oneLine);
      expect(stderr).toContain("named pipe (FIFO)");
    },
  );
  test.each([
    ["the configuration", ["--config", "LINK"]],
    ["a baseline", ["--baseline", "LINK"]],
    ["a rule table", ["--rules", "LINK"]],
  ])("%s that is a link to /dev/zero is refused at once", (_, flags) => {
    symlinkSync("/dev/zero", join(repo.path, "zero.json"));
    const { status, stderr } = timed([
      "check",
      ...flags.map((flag) => flag.replace("LINK", "zero.json")),
      ".",
    ]);
    expect(status).toBe(2);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain("this is a device");
  });
  test("a FIFO in a folder is skipped", () => {
    fifo("b.mp4");
    expect(timed(["check", "."]).status).toBe(1);
  });
  test("a list of paths may be a pipe; one that nobody writes to ends with Ctrl-C", async () => {
    fifo("list");
    const program = join(import.meta.dirname, "../../../src/cli/media-preflight.ts");
    // Tells when the program handles Ctrl-C: before, Node.js ends at once.
    const tell = `process.on("newListener", (name) => name === "SIGINT" && console.error("handles SIGINT"))`;
    const child = spawn(
      process.execPath,
      ["--import", `data:text/javascript,${tell}`, program, "check", "--files-from", "list"],
      { cwd: repo.path },
    );
    await new Promise((resolve) => child.stderr.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
    const shell = `'${process.execPath}' '${program}' check --format ndjson -0 --files-from <(printf '%s\\0' '$(command).jpg')`;
    const { stdout } = spawned([], { cwd: repo.path, shell });
    expect(JSON.parse(stdout).verdict).toBe("fail");
  });
  test("a git folder with FIFOs in it does not block", () => {
    mkdirSync(join(repo.path, "other/.git/objects"), { recursive: true });
    execFileSync("mkfifo", [join(repo.path, "other/.git/config"), join(repo.path, "other/.git/HEAD")]);
    repo.put("image/jpeg-640x480.jpg", "other/a.jpg");
    for (const [args, expected] of [
      [["check", "--staged"], 2],
      [["hook", "install"], 2],
      [["check", "."], 0],
    ] as const) {
      const { status } = spawned(args, { cwd: join(repo.path, "other"), timeout: 20_000 });
      expect(status).toBe(expected);
    }
  });
});
