import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of the packed tarball. */
    tarball: string;
    /** A folder for projects, removed in the end. */
    scratch: string;
  }
}

/**
 * Builds and packs the committed files, like a release: uncommitted files cannot get in.
 * `TARBALL=media-preflight-x.y.z.tgz npm run test:package` tests the very file that is about to be published.
 */
export default function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "media-preflight-pack-"));
  project.provide("scratch", scratch);
  project.provide("tarball", process.env.TARBALL ? resolve(process.env.TARBALL) : pack(resolve(".tmp/pack")));
  return () => rmSync(scratch, { recursive: true, force: true });
}

function pack(copy: string): string {
  // Inside the repository, where its node_modules are found on the way up: a link to them would stand in the bundles.
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const run = (command: string, args: string[], input?: Buffer): Buffer =>
    execFileSync(command, args, { cwd: copy, input, stdio: ["pipe", "inherit", "inherit"] });
  const committed = execFileSync("git", ["archive", "HEAD", ":(glob,exclude)fixtures/*/**"], {
    maxBuffer: 1e8,
  });
  run("tar", ["x"], committed);
  run("npm", ["run", "--silent", "build"]);
  run("npm", ["pack", "--silent", "--ignore-scripts"]);
  const tarball = readdirSync(copy).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack made no tarball");
  return join(copy, tarball);
}
