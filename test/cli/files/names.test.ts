import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { decodeName } from "../../../src/cli/files/file-name.ts";
import { newRepository } from "../repository.ts";
import { fixture, ran, scratch, spawned } from "../run.ts";

/* Unusual ways to name files: file: URLs, names that are not UTF-8, pipes, and nothing staged. */

const { path: home, remove } = scratch("names");
afterAll(remove);
const good = fixture("image/jpeg-640x480.jpg");
const latin1 = (folder: string): Buffer => Buffer.from(`${folder}/caf\xe9.jpg`, "latin1");

test("a file: URL names a local file", async () => {
  const { code, out } = await ran(["check", "--format", "json", pathToFileURL(good).href]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toHaveLength(1);
  const remote = await ran(["check", "file://elsewhere/a.jpg"]);
  expect(remote.code).toBe(2);
  expect(remote.err).toContain("names no path on this machine");
});

test.skipIf(process.platform === "win32").each(["http:127.0.0.1:9.jpg", "data:1.jpg", "asset:1.jpg"])(
  "a file named %s is that file, also where a folder or a glob finds it",
  async (name) => {
    const repo = newRepository(home);
    repo.put("image/jpeg-640x480.jpg", name);
    for (const input of [".", "*.jpg", name]) {
      const { code, out, err } = await ran(["check", "--format", "ndjson", input], { cwd: repo.path });
      expect([input, code, err]).toEqual([input, 0, ""]);
      expect(JSON.parse(out)).toMatchObject({ file: name, type: "image", verdict: "pass" });
    }
  },
);

test.skipIf(process.platform !== "linux")(
  "a name that is not UTF-8 is checked in a folder, a list and the index",
  async () => {
    const repo = newRepository(home);
    writeFileSync(latin1(repo.path), readFileSync(fixture("image/jpeg-299x300.jpg")));
    const inFolder = await ran(["check", ".", "--format", "ndjson"], { cwd: repo.path });
    expect(inFolder.code).toBe(1);
    expect(JSON.parse(inFolder.out)).toMatchObject({ file: "caf\\xE9.jpg", verdict: "fail" });
    const list = Buffer.concat([latin1("."), Buffer.from([0])]);
    const listed = await ran(["check", "--files-from", "-", "-0", "--format", "ndjson"], {
      cwd: repo.path,
      stdin: list,
    });
    expect(JSON.parse(listed.out)).toMatchObject({ file: "./caf\\xE9.jpg", verdict: "fail" });
    repo.git("add", ".");
    const staged = await ran(["check", "--staged", "--format", "ndjson"], { cwd: repo.path });
    expect(JSON.parse(staged.out)).toMatchObject({ file: "caf\\xE9.jpg", verdict: "fail" });
    const named = await ran(["check", "caf\ufffd.jpg"], { cwd: repo.path });
    expect(named.code).toBe(2);
    expect(named.err).toContain("its name is not UTF-8 → name its folder, or use --files-from");
  },
);

test("bytes that are not UTF-8 are escaped one by one", () => {
  expect(decodeName(Buffer.from([0x61, 0xe9, 0xc3, 0xa9, 0xff]))).toBe("a\\xE9é\\xFF");
  expect(decodeName(Buffer.from("中é"))).toBe("中é");
});

test.skipIf(process.platform === "win32")("a piped /dev/stdin says to use -", () => {
  const program = join(import.meta.dirname, "../../../src/cli/media-preflight.ts");
  const shell = `cat '${good}' | '${process.execPath}' '${program}' check /dev/stdin`;
  const { status, stderr } = spawned([], { shell });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("→ use - to check the bytes on stdin"),
  });
});

test("--staged says that nothing is staged, or nothing to check", async () => {
  const repo = newRepository(home);
  expect(await ran(["check", "--staged"], { cwd: repo.path })).toMatchObject({
    code: 0,
    err: "media-preflight: nothing staged\n",
  });
  repo.write("a.txt", "text\n");
  repo.git("add", ".");
  expect(await ran(["check", "--staged"], { cwd: repo.path })).toMatchObject({
    code: 0,
    err: "media-preflight: nothing to check among 1 staged file\n",
  });
});
