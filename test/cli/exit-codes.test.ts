import { spawn, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import type { Report } from "../../src/report/report.ts";
import { newRepository } from "./repository.ts";
import { fixture, ran, scratch, spawned } from "./run.ts";

/* How the command line behaves: help, ways to name files, exit codes, pipes and interrupts. */

const { path: home, remove } = scratch("exit-codes");
afterAll(remove);

const good = fixture("image/jpeg-640x480.jpg");
const bad = fixture("image/jpeg-299x300.jpg");
const oneLine = /^media-preflight: [^\n]+\n$/;

describe("help", () => {
  test.each(Object.entries(commands))(
    "%s --help has its flags, examples that parse, and no more than 120 columns",
    async (name, command) => {
      const { code, out, err } = await ran([name, "--help"]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain(`Usage: media-preflight ${name}`);
      expect(out).toContain("Examples:");
      expect(command.examples.length).toBeGreaterThan(0);
      for (const flag of Object.keys(command.flags)) expect(out).toContain(`--${flag}`);
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    },
  );
  test("the overview names every command, on --help, -h and help", async () => {
    const { out } = await ran(["--help"]);
    for (const name of Object.keys(commands)) expect(out).toContain(`  ${name} `);
    expect((await ran(["-h"])).out).toBe(out);
    expect((await ran(["help"])).out).toBe(out);
    expect((await ran(["help", "check"])).out).toBe((await ran(["check", "--help"])).out);
  });
  test("emulator --help lists its toggles", async () => {
    expect((await ran(["emulator", "--help"])).out).toMatch(/--lower-case-status[\s\S]*--fail-with/);
  });
  test("--version prints the version in package.json", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect((await ran(["--version"])).out).toBe(`${version}\n`);
  });
});

describe("a usage error is one line on stderr with the nearest match, exit 2", () => {
  test.each([
    [[], "no command given"],
    [["chekc", "a.mp4"], "did you mean check?"],
    [["clip.mp4"], "did you mean check clip.mp4?"],
    [["check"], "nothing to check"],
    [["check", "--fromat", "json", "a"], "did you mean --format?"],
    [["check", "--format", "jsno", "a"], "did you mean json?"],
    [["check", "--type"], "--type needs a value"],
    [["check", "--type", "--strict", "a"], "--type needs a value"],
    [["fix", "--trim", "-3", "a"], '--trim is a time in seconds, such as 4 or 2.5, not "-3"'],
    [["check", "--files-from", "-0", "a"], "--files-from needs a value"],
    [["check", "--strict=yes", "a"], "--strict takes no value"],
    [["check", "--jobs", "0", "a"], "--jobs is a whole number from 1 to 256"],
    [["check", "--staged", "a"], "--staged takes no paths"],
    [["check", "-0", "a"], "-0 needs --files-from"],
    [["check", "--accept-unsure=video/pixel", "a"], "did you mean …/pixels?"],
    [["check", "--rules", "atlas-seedance-9", good], 'no rule table is called "atlas-seedance-9"'],
    [["check", "--rules", "no-such.json", good], "no such rule table"],
    [["check", "--config", "no-such.json", good], "no configuration file no-such.json"],
    [["check", "--files-from", "no-such.txt"], "cannot read the list of paths"],
    [["check", "*.no-such"], "*.no-such: no file matches → check the pattern"],
    [["push"], "nothing to push"],
    [["push", "-"], "push does not take a file from stdin"],
    [["push", "--name", "x", "a", "b"], "--name is for a single file"],
    [["inspect"], "inspect needs a file"],
    [["explain"], "explain needs"],
    [["help", "chek"], "did you mean check?"],
    [["explain", "video/pixel"], "did you mean"],
    [["explain", "zzzzzzzz"], "all codes are listed in src/report/explain/README.md"],
    [["rules"], "rules needs list, show"],
    [["hook"], "hook needs install or uninstall"],
    [["assets", "lst"], "did you mean list?"],
    [["generate"], "generate needs --model"],
    [["emulator", "x"], "emulator takes no argument"],
  ])("%j", async (args, message) => {
    const { code, err, out } = await ran(args, { cwd: home });
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
    expect(err).toMatch(oneLine);
    expect(err).not.toMatch(/\n\s+at /);
  });
  test("a private address is a failed check, exit 1, without its query", async () => {
    const { code, err, out } = await ran(["check", "https://127.0.0.1:1/a.mp4?sig=secret"], { cwd: home });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("https://127.0.0.1:1/a.mp4?…");
    expect(out).toContain("url/private-address");
    expect(out).not.toContain("secret");
  });
});

describe("ways to name files", () => {
  const names = async (args: string[], setting: Parameters<typeof ran>[1] = {}) => {
    const { out, code, err } = await ran(["check", "--format", "ndjson", ...args], {
      cwd: folder,
      ...setting,
    });
    const files = out
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as Report).file);
    return { files, code, err };
  };
  let folder = "";
  beforeAll(() => {
    const repo = newRepository(home);
    folder = repo.path;
    repo.put("image/jpeg-640x480.jpg", "a.jpg");
    repo.put("image/jpeg-640x480.jpg", "sub/b.jpg");
    repo.put("image/jpeg-640x480.jpg", "sub/deep/c.JPG");
    repo.put("image/jpeg-640x480.jpg", "sub/no-extension");
    repo.put("image/jpeg-640x480.jpg", "ignored/d.jpg");
    repo.put("image/jpeg-640x480.jpg", "[x].jpg");
    repo.put("image/jpeg-640x480.jpg", "-dash.jpg");
    repo.put("image/jpeg-640x480.jpg", "node_modules/e.jpg");
    repo.write(".gitignore", "ignored\nnode_modules\n");
    repo.write("sub/code.ts", "export {};\n");
    repo.write("empty/readme.txt", "text\n");
    symlinkSync("a.jpg", join(folder, "link.jpg"));
  });
  test("as given, in the order given", async () => {
    expect(await names(["sub/b.jpg", "./a.jpg", join(folder, "a.jpg")])).toMatchObject({
      files: ["sub/b.jpg", "./a.jpg", join(folder, "a.jpg")],
      code: 0,
    });
  });
  test("a folder: media by extension or content, without what git ignores", async () => {
    expect((await names(["."])).files).toEqual([
      "-dash.jpg",
      "[x].jpg",
      "a.jpg",
      "link.jpg",
      "sub/b.jpg",
      "sub/deep/c.JPG",
      "sub/no-extension",
    ]);
    expect((await names(["sub/"])).files).toEqual(["sub/b.jpg", "sub/deep/c.JPG", "sub/no-extension"]);
  });
  test("a folder that git ignores is checked if it is named", async () => {
    expect((await names(["ignored"])).files).toEqual(["ignored/d.jpg"]);
  });
  test("globs", async () => {
    expect((await names(["sub/**/*.{jpg,JPG}"])).files).toEqual(["sub/b.jpg", "sub/deep/c.JPG"]);
    expect((await names(["./sub/*.jpg"])).files).toEqual(["./sub/b.jpg"]);
  });
  test("a file that exists is that file before it is a glob; -- ends the flags", async () => {
    expect((await names(["[x].jpg"])).files).toEqual(["[x].jpg"]);
    expect((await names(["--", "-dash.jpg"])).files).toEqual(["-dash.jpg"]);
  });
  test("--files-from, by lines and by NUL, from a file and from stdin", async () => {
    writeFileSync(join(folder, "list.txt"), "a.jpg\r\nsub/b.jpg\n\n");
    expect((await names(["--files-from", "list.txt"])).files).toEqual(["a.jpg", "sub/b.jpg"]);
    expect(
      (await names(["--files-from", "-", "-0"], { stdin: "a.jpg\0-dash.jpg\0[x].jpg\0" })).files,
    ).toEqual(["a.jpg", "-dash.jpg", "[x].jpg"]);
    const { err, code } = await names(["--files-from", "-"], { stdin: "a.jpg\0b.jpg" });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("-0") });
  });
  test("- is the bytes on stdin", async () => {
    expect(await names(["-"], { stdin: readFileSync(good) })).toMatchObject({ files: ["-"], code: 0 });
    expect(await names(["-"], { stdin: "" })).toMatchObject({ files: ["-"], code: 1 });
  });
  test("a file that cannot be checked is one line and exit 2, and all other files are reported", async () => {
    if (process.getuid?.() !== 0) {
      writeFileSync(join(folder, "locked.jpg"), "x");
      chmodSync(join(folder, "locked.jpg"), 0);
    }
    const { files, code, err } = await names(["gone.jpg", "empty", bad, "a.jpg"]);
    expect(code).toBe(2);
    expect(files).toEqual([bad, "a.jpg"]);
    expect(err).toBe(
      "media-preflight: gone.jpg: no such file → check the spelling\nmedia-preflight: empty: no media in this directory → name the files themselves if they are media\n",
    );
  });
  test("--jobs keeps the order", async () => {
    for (const jobs of ["1", "2", "64"]) expect((await names(["--jobs", jobs, "."])).files).toHaveLength(7);
  });
});

describe("text", () => {
  test("--quiet prints only what did not pass, --verbose every rule", async () => {
    expect((await ran(["check", "--quiet", good])).out).toBe("");
    expect((await ran(["check", "--quiet", good, bad])).out).toMatch(/^✗ /);
    const plain = (await ran(["check", good])).out;
    const verbose = (await ran(["check", "--verbose", good])).out;
    expect(plain.split("\n")).toHaveLength(2);
    expect(verbose).toMatch(/image\/width/);
  });
  test("is wrapped to a narrow terminal, and coloured only on request", async () => {
    const { out } = await ran(["check", bad, fixture("video/pixels-1920x1080.mp4")], { columns: 40 });
    for (const line of out.split("\n"))
      if (!line.includes("/fixtures/")) expect(line.length).toBeLessThanOrEqual(44);
    expect(out).not.toContain("\u001b");
    expect((await ran(["check", bad], { color: true })).out).toContain("\u001b[31m");
  });
  test("--locale zh-CN prints Chinese", async () => {
    expect((await ran(["check", "--locale", "zh-CN", bad])).out).toMatch(/\p{Script=Han}/u);
  });
  test("inspect aligns its table and prints the readings", async () => {
    const { out, code } = await ran(["inspect", fixture("video/rate-23.976.mp4")]);
    expect(code).toBe(0);
    const columns = out
      .split("\n")
      .slice(1)
      .filter(Boolean)
      .map((line) => /^ {2}[^ ]+( of [a-zA-Z]+)? +/.exec(line)?.[0].length);
    expect(new Set(columns).size).toBe(1);
    expect(out).toMatch(/ 854 px\n[\s\S]* 0°\n[\s\S]* 3\.003 s\n[\s\S]* 23\.976024 fps\n/);
  });
});

describe("as a process", () => {
  test("NO_COLOR, FORCE_COLOR, and no colours in a pipe", () => {
    expect(spawned(["check", bad]).stdout).not.toContain("\u001b");
    expect(spawned(["check", bad], { env: { FORCE_COLOR: "1", NO_COLOR: "" } }).stdout).toContain("\u001b[");
    expect(spawned(["check", bad], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).stdout).not.toContain(
      "\u001b",
    );
  });
  test("ends without an error when its reader closes the pipe", () => {
    const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
    const list = Array.from({ length: 1000 }, () => bad).join("\n");
    writeFileSync(join(home, "many.txt"), list);
    const shell = `'${process.execPath}' '${program}' check --files-from '${join(home, "many.txt")}' --format ndjson | head -1 | wc -l`;
    const { stdout, stderr } = spawnSync("bash", ["-c", shell], { encoding: "utf8" });
    expect(stdout.trim()).toBe("1");
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  });
  test("delivers a large output completely to a slow reader", () => {
    const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
    const shell = `'${process.execPath}' '${program}' check --files-from '${join(home, "many.txt")}' --format ndjson | (sleep 1; wc -l)`;
    expect(spawnSync("bash", ["-c", shell], { encoding: "utf8" }).stdout.trim()).toBe("1000");
  });
  test("Ctrl-C ends it with 130, SIGTERM with 143", async () => {
    const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const child = spawn(
        process.execPath,
        [program, "check", "--files-from", join(home, "many.txt"), "--format", "ndjson", "--jobs", "1"],
        { stdio: ["ignore", "pipe", "pipe"] },
      );
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk;
      });
      // Not read on: the pipe fills, and the program waits.
      await new Promise((resolve) => child.stdout.once("data", resolve));
      child.kill(signal);
      child.stdout.resume();
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code, stderr).toBe(expected);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
  test("the emulator prints its base URLs and runs until Ctrl-C", async () => {
    const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");
    const child = spawn(process.execPath, [program, "emulator"], { stdio: ["ignore", "pipe", "pipe"] });
    const first = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(String(chunk))),
    );
    const [, base] = /ATLASCLOUD_CONSOLE_BASE_URL=(\S+)/.exec(first) ?? [];
    expect((await fetch(`${base}/sd/assets`)).status).toBe(401);
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  });
  test("explain not-found describes the rule for URLs and the error", async () => {
    const { out } = await ran(["explain", "not-found"]);
    expect(out).toMatch(/^not-found \(rule\)[\s\S]*\nnot-found \(error of media-preflight\)/m);
  });

  test("explain describes a reason of fix", async () => {
    const { code, out } = await ran(["explain", "too-short"]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^too-short \(reason of fix\)\n {2}It is too short, and length cannot be added\.\n/,
      ),
    });
  });
  test("explain describes a rule and a code of the service; rules lists and shows tables", async () => {
    expect((await ran(["explain", "video/pixels", "InvalidParameter.PixelCountTooLarge"])).out).toMatch(
      /video\/pixels \(rule\)[\s\S]*local rule: pixels/,
    );
    expect((await ran(["rules", "list"])).out).toContain("atlas-seedance-2.0");
    expect((await ran(["rules", "show"])).out).toMatch(
      /read 20\d\d-\d\d-\d\d[\s\S]*300 – 6000 px[\s\S]*pixels +no documented limit\n +observed/,
    );
  });
});
