import { dirname, join, relative, sep } from "node:path";
import { readRegularFile } from "../../bytes/open-file.node.ts";
import { isLink, realPathWithin } from "../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Config } from "./schema.ts";

/** A configuration; rule tables that were read already stand in it as objects. */
export type LoadedConfig = Omit<Config, "rules" | "files"> & {
  rules?: string | object | undefined;
  files?:
    | (Omit<NonNullable<Config["files"]>[number], "rules"> & { rules?: string | object | undefined })[]
    | undefined;
};

/** A configuration and where it was found; `from` null: none, the defaults. */
export interface LocatedConfig {
  config: LoadedConfig;
  /** Path of the file, as it is shown. */
  from: string | null;
  /** The folder that its globs and paths are relative to. */
  base: string;
}

/** Text of a file, or null where there is none. */
export type ReadText = (path: string) => string | null | Promise<string | null>;

export const configName = "media-preflight.config.json";
export const packageKey = "media-preflight";

/**
 * The configuration in force in `cwd`: the nearest media-preflight.config.json, or package.json with a
 * media-preflight key, from there up to the repository's root and never above it; without a repository, only in
 * `cwd` itself.
 * @throws MediaPreflightError `bad-config`
 */
export async function findConfig(
  cwd: string,
  root: string | null,
  read: ReadText = textOnDisk,
): Promise<LocatedConfig> {
  for (const folder of foldersUpTo(cwd, root)) {
    const path = join(folder, configName);
    if (leadsOutside(path, root ?? cwd))
      throw new MediaPreflightError(
        "bad-config",
        `${shown(path, cwd)} is a link that leads out of the repository`,
        {
          hint: "name the file that it leads to with --config, or use --no-config",
        },
      );
    const text = await read(path);
    if (text !== null)
      return { config: await parse(text, path, cwd, null), from: shown(path, cwd), base: folder };
    const manifest = join(folder, "package.json");
    const inManifest = leadsOutside(manifest, root ?? cwd) ? null : await read(manifest);
    // Most manifests do not name this package's key: they need not be parsed.
    if (inManifest?.includes(`"${packageKey}"`) && hasKey(inManifest)) {
      const config = await parse(inManifest, manifest, cwd, packageKey);
      return { config, from: `${shown(manifest, cwd)} (${packageKey})`, base: folder };
    }
  }
  return { config: {}, from: null, base: root ?? cwd };
}

/**
 * The configuration in a file that was named.
 * @throws MediaPreflightError `bad-config`, `not-found`
 */
export async function loadConfig(path: string, cwd: string): Promise<LocatedConfig> {
  const text = textOnDisk(path);
  if (text === null) throw new MediaPreflightError("not-found", `no configuration file ${path}`);
  return { config: await parse(text, path, cwd, null), from: shown(path, cwd), base: dirname(path) };
}

/** Where findConfig looks, nearest first. */
export function configurationPaths(cwd: string, root: string | null): string[] {
  return [...foldersUpTo(cwd, root)].flatMap((folder) => [
    join(folder, configName),
    join(folder, "package.json"),
  ]);
}

/** Whether the path is a link that leads out of the repository: what it leads to is not the repository's. */
function leadsOutside(path: string, root: string): boolean {
  return isLink(path) && realPathWithin(path, root) === null;
}

function* foldersUpTo(cwd: string, root: string | null): Generator<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    yield folder;
    if (root === null || folder === root || dirname(folder) === folder) return;
  }
}

/** No configuration or baseline of people is larger: the baseline of 100,000 findings has some 8 MB. */
const largestTextInBytes = 32 * 1024 * 1024;

/** The text of a regular file, or null if there is none. @throws MediaPreflightError `unreadable` */
export function textOnDisk(path: string): string | null {
  try {
    return readRegularFile(path, { maxBytes: largestTextInBytes }).toString("utf8");
  } catch (error) {
    if (error instanceof MediaPreflightError && error.code === "not-found") return null;
    throw error;
  }
}

function hasKey(text: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(text) as object, packageKey);
  } catch {
    return false; // npm reports a broken package.json
  }
}

async function parse(text: string, path: string, cwd: string, key: string | null): Promise<Config> {
  const bad = (why: string): MediaPreflightError =>
    new MediaPreflightError("bad-config", `${shown(path, cwd)}: ${why}`, {
      hint: "media-preflight check --print-config shows what is in force",
    });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw bad(`not JSON: ${(cause as Error).message}`);
  }
  const { validateConfig } = await import("./schema.ts");
  const validated = validateConfig(key === null ? json : (json as Record<string, unknown>)[key]);
  if (validated.config === null) throw bad(validated.errors.join("; "));
  return validated.config;
}

function shown(path: string, cwd: string): string {
  const relativePath = relative(cwd, path);
  return relativePath === "" || relativePath.startsWith(`..${sep}..${sep}..`) ? path : relativePath;
}
