import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";

/** Compiled code as it is kept from run to run; without it all works as well, and begins 15 ms later. */
export interface CodeCache {
  /** What V8 is to be given; undefined: nothing is kept yet. */
  data: Buffer | undefined;
  /** Whether the code of all these ways is among it. */
  holds(ways: ReadonlySet<string>): boolean;
  /** Keeps the code of a run that took these ways. Never throws: a home that cannot be written keeps nothing. */
  keep(data: Buffer, ways: ReadonlySet<string>): void;
}

/** Room for what is said of the data; a multiple of V8's alignment. */
const headerBytes = 2048;
const extension = ".v8";
/** Kept code that is older belongs to versions that nobody may run any more. */
const staleMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The code that is kept for a script, in the folder of the person's own caches; null where none is to be kept.
 * @param name of the script and of what it is run for; another text, another name
 */
export function codeCache(name: string, env: NodeJS.ProcessEnv): CodeCache | null {
  const folder = cacheFolder(env);
  if (folder === null) return null;
  const path = join(folder, `${name}-${process.version}-${process.arch}${extension}`);
  const found = read(path);
  const known = found?.ways ?? [];
  return {
    data: found?.data,
    holds: (ways) => [...ways].every((way) => known.includes(way)),
    keep(fresh, ways) {
      try {
        write(folder, path, fresh, [...new Set([...known, ...ways])]);
      } catch {
        // A full disk, a home that is read-only: the next run compiles again.
      }
    },
  };
}

/**
 * Node's own variables hold here too (NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE). Never a folder that others
 * can write, as the temporary one is: kept code is run.
 */
function cacheFolder(env: NodeJS.ProcessEnv): string | null {
  // Node says that coverage is less exact over kept code.
  if (env.NODE_DISABLE_COMPILE_CACHE || env.NODE_V8_COVERAGE) return null;
  const { platform } = process;
  const home = platform === "win32" ? env.USERPROFILE : env.HOME;
  const ofPlatform =
    platform === "win32"
      ? env.LOCALAPPDATA
      : platform === "darwin"
        ? home && join(home, "Library/Caches")
        : env.XDG_CACHE_HOME || (home && join(home, ".cache"));
  const folder = env.NODE_COMPILE_CACHE || ofPlatform;
  return folder && isAbsolute(folder) ? join(folder, "media-preflight") : null;
}

interface Kept {
  data: Buffer;
  ways: readonly string[];
}

/** Null where nothing is kept, or something that is not surely what this user's own run has written. */
function read(path: string): Kept | null {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    const mine =
      process.geteuid === undefined || (stat.uid === process.geteuid() && (stat.mode & 0o022) === 0);
    if (!mine || !stat.isFile()) return null;
    const bytes = readFileSync(fd);
    // V8 takes damaged code for good and would crash: it lies there twice, and both must be the same.
    const size = (bytes.length - headerBytes) / 2;
    if (!Number.isInteger(size) || size <= 0) return null;
    const data = bytes.subarray(headerBytes, headerBytes + size);
    if (!data.equals(bytes.subarray(headerBytes + size))) return null;
    const header = JSON.parse(bytes.toString("utf8", 0, headerBytes)) as { node?: string; ways?: string[] };
    // Two builds of one version of Node may differ.
    return header.node === process.execPath && Array.isArray(header.ways)
      ? { data, ways: header.ways }
      : null;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

function write(folder: string, path: string, data: Buffer, ways: readonly string[]): void {
  const header = Buffer.from(JSON.stringify({ node: process.execPath, ways }));
  if (header.length > headerBytes) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    const fd = openSync(draft, "wx", 0o600);
    try {
      const bytes = Buffer.concat([header, Buffer.alloc(headerBytes - header.length, " "), data, data]);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      // Whole on the disk before it has its name, whatever happens to the machine.
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    if (name.includes(extension) && Date.now() - statSync(old).mtimeMs > staleMs)
      rmSync(old, { force: true });
  }
}
