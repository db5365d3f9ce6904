import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { at, newRepository } from "../repository.ts";
import { fixture, ran, scratch, spawned } from "../run.ts";
import { attributes, newTrap, setTraps } from "./traps.ts";

/* A clone with all attacks at once is checked, staged, pushed and hooked; nothing outside it is touched. */

const { path: home, remove } = scratch("hostile-clone");
afterAll(remove);

test.skipIf(process.platform === "win32")(
  "nothing outside a hostile clone is read, written or executed",
  async () => {
    const outside = mkdtempSync(join(home, "victim-"));
    const secrets = [".bashrc", "secret.json", "private.jpg", "base.json"].map((name) => join(outside, name));
    for (const path of secrets) writeFileSync(path, "secret words\n");
    writeFileSync(join(outside, "private.jpg"), readFileSync(fixture("image/jpeg-640x480.jpg")));
    const trap = newTrap(join(home, "trap"));

    const upstream = newRepository(home);
    upstream.put("image/jpeg-640x480.jpg", "good.jpg");
    upstream.put("image/jpeg-299x300.jpg", "$(command).jpg");
    upstream.put("image/jpeg-299x300.jpg", "\u001b[31mred.jpg");
    upstream.write(".gitattributes", attributes);
    upstream.write(
      "sub/media-preflight.config.json",
      '{ "baseline": "../../victim/.bashrc", "rules": "../link.json" }',
    );
    upstream.put("image/jpeg-299x300.jpg", "sub/bad.jpg");
    upstream.write("node_modules/.bin/media-preflight", `#!/bin/sh\nexec '${trap.program}'\n`);
    upstream.write("node_modules/.bin/git", `#!/bin/sh\nexec '${trap.program}'\n`);
    for (const name of ["media-preflight", "git"])
      chmodSync(join(upstream.path, "node_modules/.bin", name), 0o755);
    symlinkSync(join(outside, "private.jpg"), join(upstream.path, "theirs.jpg"));
    symlinkSync(join(outside, "secret.json"), join(upstream.path, "link.json"));
    symlinkSync(join(outside, "base.json"), join(upstream.path, "media-preflight.baseline.json"));
    symlinkSync(join(outside, ".bashrc"), join(upstream.path, "media-preflight.lock.json"));
    symlinkSync(join(outside, "nowhere"), join(upstream.path, "media-preflight.lock.json.lock"));
    upstream.git("add", "-f", ".");
    upstream.git("commit", "-qm", "Hostile");

    const path = join(home, "clone");
    execFileSync("git", ["clone", "-q", upstream.path, path], { stdio: "ignore" });
    const clone = at(path);
    setTraps(clone, trap);
    execFileSync("mkfifo", [join(path, "pipe.mp4")]);
    execFileSync("rm", ["-f", join(path, ".git/hooks/pre-commit")]);
    symlinkSync(join(outside, "hook"), join(path, ".git/hooks/pre-commit"));
    clone.put("image/jpeg-299x300.jpg", "staged.jpg");
    spawnSync("git", ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "add", "staged.jpg"], {
      cwd: path,
      timeout: 10_000,
    });
    utimesSync(join(path, "good.jpg"), 1_700_000_000, 1_700_000_000);
    trap.reset();

    for (const secret of secrets) utimesSync(secret, 1_600_000_000, 1_700_000_000);
    const stamps = () => secrets.map((secret) => [statSync(secret).atimeMs, statSync(secret).mtimeMs]);
    const before = stamps();
    const env = {
      ATLASCLOUD_API_KEY: "test",
      // Nothing listens there: a request would be an error of its own.
      ATLASCLOUD_API_BASE_URL: "http://127.0.0.1:9/api/v1",
      ATLASCLOUD_CONSOLE_BASE_URL: "http://127.0.0.1:9/api/v1",
      PATH: `${join(path, "node_modules/.bin")}:${process.env.PATH}`,
    };
    for (const [args, folder, expected] of [
      [["check", "."], ".", 2],
      [["check", "--write-baseline", "."], ".", 2],
      [["check", "."], "sub", 2],
      [["check", "--staged"], ".", 1],
      [["check", "pipe.mp4"], ".", 2],
      [["push", "."], ".", 2],
      [["push", ".", "--dry-run", "--ledger", "own.json"], ".", 2],
      [["hook", "install"], ".", 2],
      [["hook", "uninstall"], ".", 2],
    ] as const) {
      // In a process of its own, so that one that blocks is killed.
      const { status, stdout, stderr } = spawned(args, { cwd: join(path, folder), env, timeout: 60_000 });
      const shown = `${args.join(" ")} in ${folder}: ${stderr}`;
      expect(status, shown).toBe(expected);
      expect(stdout + stderr, shown).not.toContain("secret words");
      expect(stdout + stderr, shown).not.toContain("\u001b");
      for (const line of stderr.split("\n").filter(Boolean))
        expect(line, shown).toMatch(/^media-preflight: /);
    }
    expect(trap.sprung()).toBe(false);
    expect(stamps()).toEqual(before);
    expect(readFileSync(join(outside, ".bashrc"), "utf8")).toBe("secret words\n");
    for (const name of ["hook", "nowhere"]) expect(existsSync(join(outside, name))).toBe(false);
    expect((await ran(["check", "good.jpg"], { cwd: path })).code).toBe(0);
  },
  120_000,
);
