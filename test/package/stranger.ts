import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Runs a command in a project. @throws Error with its output */
export function run(cwd: string, command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A new private ESM project with these files, and these packages from the registry or from a tarball. */
export function newProject(
  folder: string,
  files: Record<string, string>,
  packages: readonly string[],
): string {
  const all = {
    "package.json": JSON.stringify({ private: true, type: "module", allowScripts: { node: true } }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (packages.length > 0)
    run(folder, "npm", ["install", "--no-audit", "--no-fund", "--silent", ...packages]);
  return folder;
}
