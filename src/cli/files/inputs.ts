import { readFileSync, statSync } from "node:fs";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { NodeInput } from "../../preflight/open-input.node.ts";
import type { Parsed } from "../args/parse.ts";
import type { Terminal } from "../io/terminal.ts";

/** One thing to look at, or why there is none. `shown` is what the report calls it. */
export type Input =
  | { kind: "path"; shown: string; path: string }
  | { kind: "url"; shown: string; url: string }
  | { kind: "bytes"; shown: string; bytes: Uint8Array }
  /** A staged blob; opened when its turn has come. */
  | { kind: "source"; shown: string; open: () => ByteSource }
  /** A Git LFS pointer whose object is not on this machine. */
  | { kind: "absent"; shown: string; size: number }
  | { kind: "error"; shown: string; error: MediaPreflightError };

/** What the library takes of an input that lies at hand. */
export function opened(input: Exclude<Input, { kind: "error" | "absent" }>): NodeInput {
  if (input.kind === "bytes") return input.bytes;
  if (input.kind === "source") return input.open();
  return input.kind === "url" ? new URL(input.url) : input.path;
}

export interface Listing {
  positionals: readonly string[];
  /** Files that hold paths; "-" is stdin. */
  filesFrom: readonly string[];
  nulEnded: boolean;
}

/** What a command line names. */
export function listingOf({ positionals, lists, switches }: Parsed): Listing {
  return { positionals, filesFrom: lists["files-from"] ?? [], nulEnded: switches.has("null") };
}

/** More than this on stdin is not held in memory: no documented limit is even a third of it. */
const stdinCap = 256 * 1024 * 1024;

/**
 * Everything that was named, in the order it was named. An argument that names an existing file is that file
 * before it is a glob; one that starts with http(s):// is a URL; "-" is the bytes on stdin.
 */
export async function* inputs(listing: Listing, terminal: Terminal): AsyncGenerator<Input> {
  for (const arg of listing.positionals) yield* argument(arg, terminal);
  for (const list of listing.filesFrom) {
    try {
      for (const path of await pathsIn(list, listing.nulEnded, terminal)) yield* existing(path);
    } catch (error) {
      if (!(error instanceof MediaPreflightError)) throw error;
      yield { kind: "error", shown: list, error };
    }
  }
}

async function* argument(arg: string, terminal: Terminal): AsyncGenerator<Input> {
  if (arg === "-") {
    yield { kind: "bytes", shown: "-", bytes: await stdinBytes(terminal) };
    // Not /i, which loads Unicode's tables: 4 % of a start.
  } else if (/^(https?|data|file|ftp|s3|gs|blob):/.test(arg.slice(0, 6).toLowerCase()) && !exists(arg)) {
    const { redactUrl } = await import("../../bytes/url/redact.ts");
    yield { kind: "url", shown: redactUrl(arg), url: arg };
  } else if (!exists(arg) && /[*?[{]/.test(arg)) {
    const { matching } = await import("./walk.ts");
    let any = false;
    for (const path of matching(arg)) {
      any = true;
      yield { kind: "path", shown: path, path };
    }
    if (!any)
      yield nothing(arg, `no file matches ${arg}`, "quote the pattern so that your shell leaves it alone");
  } else yield* existing(arg);
}

async function* existing(path: string): AsyncGenerator<Input> {
  if (path.includes("\0")) {
    yield nothing(
      path,
      "a path cannot hold a NUL byte",
      "end the paths of --files-from with NUL only with -0",
    );
    return;
  }
  if (!isDirectory(path)) {
    yield { kind: "path", shown: path, path };
    return;
  }
  const { filesBelow } = await import("./walk.ts");
  const { isCandidate } = await import("./media-files.ts");
  let any = false;
  for (const file of filesBelow(path)) {
    if (!(await isCandidate(file))) continue;
    any = true;
    yield { kind: "path", shown: file, path: file };
  }
  if (!any) yield nothing(path, "no media in this directory", "name the files themselves if they are media");
}

function nothing(shown: string, message: string, hint: string): Input {
  return { kind: "error", shown, error: new MediaPreflightError("no-media", message, { hint }) };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false, bigint: false }) !== undefined;
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false; // opening it will say why
  }
}

async function pathsIn(list: string, nulEnded: boolean, terminal: Terminal): Promise<string[]> {
  const text = list === "-" ? new TextDecoder().decode(await stdinBytes(terminal)) : readList(list);
  const paths = text.split(nulEnded ? "\0" : /\r?\n/).filter((path) => path !== "");
  return paths;
}

function readList(list: string): string {
  try {
    return readFileSync(list, "utf8");
  } catch (cause) {
    throw new MediaPreflightError("unreadable", `cannot read the list of paths ${list}`, {
      cause,
      hint: "--files-from takes a file of paths, or - for stdin",
    });
  }
}

async function stdinBytes(terminal: Terminal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of terminal.stdin as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > stdinCap) {
      throw new MediaPreflightError("unreadable", `more than ${stdinCap / 1024 / 1024} MiB on stdin`, {
        hint: "save it to a file and name the file",
      });
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}
