import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** node_modules with this package, packed, and with each framework that could be installed. */
    modules: string;
    /** A folder with the project's Node as `node` and as `nodejs`, which pre-commit looks for first. */
    node: string;
    /** Why each missing framework is missing. */
    missing: Record<string, string>;
    /** A folder for repositories, removed after the tests. */
    workshop: string;
  }
}

const root = join(import.meta.dirname, "../..");

/** The hook frameworks to test, from npm. */
const frameworks = { husky: "9", lefthook: "2", "lint-staged": "16", "simple-git-hooks": "2" } as const;

/** Packs the command line and installs it together with the frameworks, as a project would. */
export default function setup(project: TestProject): () => void {
  const workshop = mkdtempSync(join(tmpdir(), "media-preflight-hooks-"));
  const home = join(workshop, "toolbox");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const tarball = packed(join(workshop, "package"));
  const missing: Record<string, string> = {};
  const names = Object.entries(frameworks).map(([name, version]) => `${name}@${version}`);
  try {
    install([...names, tarball], home);
  } catch (error) {
    for (const name of Object.keys(frameworks))
      missing[name] = `npm could not install it: ${messageOf(error)}`;
    // Without a registry the package is copied: a check of a fixture loads none of its dependencies.
    mkdirSync(join(home, "node_modules/.bin"), { recursive: true });
    cpSync(join(workshop, "package"), join(home, "node_modules/media-preflight"), { recursive: true });
    writeFileSync(
      join(home, "node_modules/.bin/media-preflight"),
      '#!/bin/sh\nexec node "$(dirname "$(readlink -f "$0")")/../media-preflight/dist/cli/media-preflight.js" "$@"\n',
      { mode: 0o755 },
    );
  }
  for (const tool of ["pre-commit", "git-lfs"]) {
    try {
      execFileSync(tool, ["--version"], { stdio: "ignore" });
    } catch (error) {
      missing[tool] = `it is not installed: ${messageOf(error)}`;
    }
  }
  if (process.env.CI && Object.keys(missing).length > 0)
    throw new Error(`in CI nothing is skipped, and these are missing: ${JSON.stringify(missing, null, 2)}`);
  project.provide("node", nodeFolder(join(workshop, "node")));
  project.provide("modules", join(home, "node_modules"));
  project.provide("missing", missing);
  project.provide("workshop", workshop);
  return () => rmSync(workshop, { recursive: true, force: true });
}

function nodeFolder(folder: string): string {
  mkdirSync(folder);
  for (const name of ["node", "nodejs"]) symlinkSync(process.execPath, join(folder, name));
  return folder;
}

function install(what: string[], cwd: string): void {
  // lefthook writes hooks into the repository that it is installed in, unless this says not to.
  const env = { ...process.env, CI: "true", LEFTHOOK: "0" };
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", ...what], {
    cwd,
    env,
    stdio: "pipe",
  });
}

/** The package as it is published, but only with the files that the command line loads. */
function packed(folder: string): string {
  mkdirSync(folder);
  const {
    scripts: _,
    devDependencies: __,
    ...manifest
  } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  cpSync(join(root, "rules"), join(folder, "rules"), { recursive: true });
  execFileSync(process.execPath, ["src/cli/bundle.ts", join(folder, "dist/cli")], {
    cwd: root,
    stdio: "pipe",
  });
  execFileSync("npm", ["pack", "--silent"], { cwd: folder, stdio: "pipe" });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
