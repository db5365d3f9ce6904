import { execFileSync } from "node:child_process";
import { expect, inject, test } from "vitest";
import { newProject } from "./stranger.ts";

/* The cost of importing the installed package. */

const folder = `${inject("scratch")}/import`;
newProject(folder, {}, [inject("tarball")]);

test.each(["media-preflight", "media-preflight/server", "media-preflight/emulator"])(
  "%s is loaded from a handful of files",
  (entry) => {
    const program = `
      import { registerHooks } from "node:module";
      const files = [];
      registerHooks({ load: (url, context, next) => { files.push(url); return next(url, context); } });
      await import(${JSON.stringify(entry)});
      console.log(JSON.stringify(files.filter((url) => url.includes("/media-preflight/dist/"))));
    `;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
    const files = JSON.parse(said.toString()) as string[];
    expect(files.length).toBeGreaterThan(0);
    // 115 before the entries were bundled; each entry more splits what they share into further chunks.
    expect(files.length).toBeLessThanOrEqual(20);
  },
);

test("an error of one entry is recognised by another", () => {
  const program = `
    import { isMediaPreflightError, MediaPreflightError } from "media-preflight";
    import { createHandler } from "media-preflight/server";
    try { createHandler({}); } catch (error) {
      console.log(isMediaPreflightError(error), error instanceof MediaPreflightError);
    }
  `;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  expect(said.toString().trim()).toBe("true true");
});

test("no script of the package runs when it is installed", () => {
  const { scripts } = JSON.parse(
    execFileSync("tar", ["xzOf", inject("tarball"), "package/package.json"]).toString(),
  ) as { scripts: Record<string, string> };
  const install = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
  expect(install.filter((name) => name in scripts)).toEqual([]);
});
