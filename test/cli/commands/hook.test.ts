import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isUnchanged, script } from "../../../src/cli/commands/hook/script.ts";
import { newRepository, type Repository } from "../repository.ts";
import { ran, scratch, spawned } from "../run.ts";

/* hook install writes a hook that runs the program that installed it, and touches no other file. */

const { path: home, remove } = scratch("hook");
afterAll(remove);
const oneLine = /^media-preflight: [^\n]+\n$/;
const program = join(import.meta.dirname, "../../../src/cli/media-preflight.ts");
const hookOf = (repo: Repository): string => join(repo.path, ".git/hooks/pre-commit");
const install = (repo: Repository) => spawned(["hook", "install"], { cwd: repo.path });
const uninstall = (repo: Repository) => spawned(["hook", "uninstall"], { cwd: repo.path });

describe("hook install and uninstall", () => {
  test("write a hook once, and remove only an unchanged one", () => {
    const repo = newRepository(home);
    const hook = hookOf(repo);
    expect(install(repo)).toMatchObject({
      status: 0,
      stderr: "media-preflight: wrote .git/hooks/pre-commit: media are checked before every commit\n",
    });
    expect(install(repo)).toMatchObject({
      status: 0,
      stderr: "media-preflight: .git/hooks/pre-commit is installed already\n",
    });
    const text = readFileSync(hook, "utf8");
    writeFileSync(hook, `${text}echo mine\n`);
    expect(uninstall(repo)).toMatchObject({ status: 2, stderr: expect.stringMatching(oneLine) });
    expect(install(repo).status).toBe(2);
    writeFileSync(hook, text);
    expect(uninstall(repo)).toMatchObject({
      status: 0,
      stderr: "media-preflight: removed .git/hooks/pre-commit\n",
    });
    expect(existsSync(hook)).toBe(false);
    expect(uninstall(repo).status).toBe(0);
  });
  test("replace an unchanged hook that names another program", () => {
    const repo = newRepository(home);
    mkdirSync(join(repo.path, ".git/hooks"), { recursive: true });
    writeFileSync(hookOf(repo), script({ node: "/old/node", file: "/old/media-preflight.js" }));
    expect(install(repo).status).toBe(0);
    expect(readFileSync(hookOf(repo), "utf8")).toContain(program);
  });
  test("run the program that installed it, not one from the repository", () => {
    const repo = newRepository(home);
    const trap = join(repo.path, "trap");
    repo.write("node_modules/.bin/media-preflight", `#!/bin/sh\ntouch '${trap}'\n`);
    chmodSync(join(repo.path, "node_modules/.bin/media-preflight"), 0o755);
    install(repo);
    const text = readFileSync(hookOf(repo), "utf8");
    expect(text).toContain(`node='${process.execPath}'\nfile='${program}'\n`);
    repo.put("image/jpeg-299x300.jpg", "narrow.jpg");
    repo.git("add", "narrow.jpg");
    expect(() => repo.git("commit", "-qm", "x")).toThrow(/image\/width/);
    expect(existsSync(trap)).toBe(false);
  });
  test.each([
    ["Node.js", { node: "/gone/node", file: program }, "this Node.js no longer exists: /gone/node"],
    [
      "the command",
      { node: process.execPath, file: "/gone/cli.js" },
      "the command no longer exists: /gone/cli.js",
    ],
  ])("say what to do if %s is gone", (_, installed, message) => {
    const hook = join(mkdtempSync(join(home, "gone-")), "pre-commit");
    writeFileSync(hook, script(installed));
    const { status, stderr } = spawnSync("/bin/sh", [hook], { encoding: "utf8", env: { PATH: "/nowhere" } });
    expect(status).toBe(2);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/media-preflight hook install; .*git commit --no-verify/);
  });
  test("a shared hook finds the command on PATH, and says what to do if it is not there", async () => {
    const repo = newRepository(home);
    repo.git("config", "core.hooksPath", "my/hooks");
    mkdirSync(join(repo.path, "deep"));
    expect((await ran(["hook", "install"], { cwd: join(repo.path, "deep") })).code).toBe(0);
    const hook = join(repo.path, "my/hooks/pre-commit");
    expect(readFileSync(hook, "utf8")).toContain("\nexec media-preflight check --staged\n");
    const { status, stderr } = spawnSync("/bin/sh", [hook], { encoding: "utf8", env: { PATH: "/nowhere" } });
    expect(status).toBe(2);
    expect(stderr).toMatch(/not on PATH; .*npm install --global media-preflight; .*--no-verify/);
  });
  test("leave an existing hook unchanged, and print the line to add", async () => {
    const repo = newRepository(home);
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    const { code, err } = await ran(["hook", "install"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toContain("check --staged || exit $?");
    expect(readFileSync(hookOf(repo), "utf8")).toBe("#!/bin/sh\nexit 0\n");
  });
  test("print the file that husky runs", async () => {
    const repo = newRepository(home);
    repo.git("config", "core.hooksPath", ".husky/_");
    repo.write(".husky/_/pre-commit", "#!/bin/sh\n");
    const { code, err } = await ran(["hook", "install"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(err).toContain(
      "add this line to .husky/pre-commit, before any exit or exec: media-preflight check --staged",
    );
  });
});

describe.skipIf(process.platform === "win32")("a hook path outside the repository", () => {
  test("a dangling link is one clear line", async () => {
    const repo = newRepository(home);
    mkdirSync(join(repo.path, ".git/hooks"), { recursive: true });
    const target = join(home, "created-by-hook");
    symlinkSync(target, hookOf(repo));
    for (const verb of ["install", "uninstall"]) {
      const { code, err } = await ran(["hook", verb], { cwd: repo.path });
      expect(code).toBe(2);
      expect(err).toMatch(oneLine);
      expect(err).toMatch(/dangling symbolic link.*remove it/);
    }
    expect(existsSync(target)).toBe(false);
  });
  test("a link to another file is neither read nor replaced", async () => {
    const repo = newRepository(home);
    mkdirSync(join(repo.path, ".git/hooks"), { recursive: true });
    const target = join(home, "script-of-the-user");
    writeFileSync(target, script("from PATH"));
    symlinkSync(target, hookOf(repo));
    expect((await ran(["hook", "install"], { cwd: repo.path })).code).toBe(2);
    expect((await ran(["hook", "uninstall"], { cwd: repo.path })).err).toContain("there is no hook");
    expect(readFileSync(target, "utf8")).toBe(script("from PATH"));
  });
  test.each(["core.hooksPath", ".git/hooks"])("%s of the repository cannot point out of it", async (what) => {
    const repo = newRepository(home);
    const outside = mkdtempSync(join(home, "outside-"));
    if (what === "core.hooksPath") repo.git("config", "core.hooksPath", outside);
    else {
      spawnSync("rm", ["-rf", join(repo.path, ".git/hooks")]);
      symlinkSync(outside, join(repo.path, ".git/hooks"));
    }
    const { code, err } = await ran(["hook", "install"], { cwd: repo.path });
    expect(code).toBe(2);
    expect(err).toMatch(oneLine);
    expect(err).toContain("hooks folder leads out of it");
    expect(existsSync(join(outside, "pre-commit"))).toBe(false);
  });
  test("core.hooksPath of the user's own configuration may be anywhere", async () => {
    const repo = newRepository(home);
    const folder = mkdtempSync(join(home, "global-"));
    const config = join(folder, "gitconfig");
    writeFileSync(config, `[core]\n\thooksPath = ${folder}/hooks\n`);
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      expect((await ran(["hook", "install"], { cwd: repo.path })).code).toBe(0);
    } finally {
      process.env.GIT_CONFIG_GLOBAL = before;
    }
    expect(readFileSync(join(folder, "hooks/pre-commit"), "utf8")).toContain("\nnode='");
  });
  test("control characters in its path are escaped", async () => {
    const repo = newRepository(home);
    repo.git("config", "core.hooksPath", "\u001b[31mred");
    expect((await ran(["hook", "install"], { cwd: repo.path })).err).toContain(
      "wrote \\u001b[31mred/pre-commit",
    );
  });
});

test("the hook's text is recognised whatever characters its paths have", () => {
  for (const file of ["/a/cli.js", "/it's/cli.js", "/new\nline/cli.js", "/$(touch x)/`y`/cli.js"])
    expect(isUnchanged(script({ node: "/usr/bin/node", file }))).toBe(true);
  expect(isUnchanged(`${script("from PATH")}echo mine\n`)).toBe(false);
});
