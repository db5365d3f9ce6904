import { isUtf8 } from "node:buffer";
import { type Stats, statSync } from "node:fs";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";
import { classifyInput } from "../../preflight/classify-input.ts";
import { pathOfFileUrl } from "../../preflight/file-url.node.ts";
import type { NodeInput } from "../../preflight/open-input.node.ts";
import { unreadableScheme } from "../../preflight/unreadable-scheme.ts";
import type { Parsed } from "../args/parse.ts";
import type { Terminal } from "../io/terminal.ts";
import { decodeName } from "./file-name.ts";
import { pathsIn } from "./path-list.ts";
import { stdinBytes } from "./stdin.ts";

/** One thing to check, or why it cannot be. `shown` is what the report calls it. */
export type Input =
  | { kind: "path"; shown: string; path: string }
  | { kind: "url"; shown: string; url: string }
  | { kind: "bytes"; shown: string; bytes: Uint8Array }
  /** A staged blob, or a file whose name is not UTF-8; opened when it is checked. */
  | { kind: "source"; shown: string; open: () => ByteSource }
  /** A Git LFS pointer whose object is not on this machine. */
  | { kind: "absent"; shown: string; size: number }
  | { kind: "error"; shown: string; error: MediaPreflightError };

/** What the library takes for an input that can be opened. */
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

/**
 * Everything that was named, in the order it was named. An argument that names an existing file is that file before it
 * is a URL or a glob; "-" is the bytes on stdin.
 */
export async function* inputs(listing: Listing, terminal: Terminal): AsyncGenerator<Input> {
  for (const arg of listing.positionals) yield* argument(arg, terminal);
  for (const list of listing.filesFrom) {
    try {
      for (const path of await pathsIn(list, listing.nulEnded, terminal)) yield* listed(path);
    } catch (error) {
      if (!(error instanceof MediaPreflightError) || error.code === "aborted") throw error;
      yield { kind: "error", shown: list, error };
    }
  }
}

async function* argument(arg: string, terminal: Terminal): AsyncGenerator<Input> {
  if (arg === "-") {
    yield { kind: "bytes", shown: "-", bytes: await stdinBytes(terminal) };
    return;
  }
  const stats = statsOf(arg);
  const classified = classifyInput(arg);
  if (stats !== null || classified.kind === "path") yield* pathOrGlob(arg, stats);
  else if (classified.kind === "file") yield* fileUrl(arg);
  else if (classified.kind === "http" || classified.kind === "data")
    yield { kind: "url", shown: redactUrl(arg), url: arg };
  else yield { kind: "error", shown: redactUrl(arg), error: unreadableScheme(classified) };
}

async function* fileUrl(url: string): AsyncGenerator<Input> {
  try {
    const path = pathOfFileUrl(url);
    yield* existing(path, statsOf(path));
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    yield { kind: "error", shown: url, error };
  }
}

async function* pathOrGlob(arg: string, stats: Stats | null): AsyncGenerator<Input> {
  if (stats !== null || !/[*?[{]/.test(arg)) {
    yield* existing(arg, stats);
    return;
  }
  const { matching } = await import("./walk.ts");
  const { inputOf } = await import("./found-file.ts");
  let any = false;
  for (const file of matching(arg)) {
    any = true;
    yield inputOf(file);
  }
  if (!any)
    yield nothing(arg, `no file matches ${arg}`, "quote the pattern so that your shell does not expand it");
}

/** A path from a list. */
async function* listed(bytes: Buffer): AsyncGenerator<Input> {
  const shown = decodeName(bytes);
  if (bytes.includes(0))
    yield nothing(shown, "a path cannot hold a NUL byte", "paths of --files-from end with NUL only with -0");
  else if (isUtf8(bytes)) yield* existing(shown, statsOf(shown));
  else yield { kind: "source", shown, open: () => fromPath(bytes, shown) };
}

async function* existing(path: string, stats: Stats | null): AsyncGenerator<Input> {
  if (stats?.isDirectory()) yield* folder(path);
  else if (stats?.isFIFO() || (stats && /^\/(dev|proc\/self)\/(stdin$|fd\/)/.test(path) && !stats.isFile()))
    yield error(
      path,
      "unreadable",
      "this is a pipe",
      "use - to check the bytes on stdin: … | media-preflight check -",
    );
  else if (stats === null && path.includes("\ufffd"))
    yield error(
      path,
      "not-found",
      "no such file: its name is not UTF-8",
      "name its folder, or use --files-from",
    );
  // A name such as "data:1.jpg" is a path here, where it exists.
  else yield { kind: "path", shown: path, path: classifyInput(path).kind === "path" ? path : `./${path}` };
}

async function* folder(path: string): AsyncGenerator<Input> {
  const { filesBelow } = await import("./walk.ts");
  const { inputOf } = await import("./found-file.ts");
  const { isCandidate } = await import("./media-files.ts");
  let any = false;
  try {
    for (const file of filesBelow(path)) {
      if (!(await isCandidate(file))) continue;
      any = true;
      yield inputOf(file);
    }
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    yield { kind: "error", shown: error.path ?? path, error };
    return;
  }
  if (!any) yield nothing(path, "no media in this directory", "name the files themselves if they are media");
}

function nothing(shown: string, message: string, hint: string): Input {
  return error(shown, "no-media", message, hint);
}

function error(shown: string, code: MediaPreflightError["code"], message: string, hint: string): Input {
  return { kind: "error", shown, error: new MediaPreflightError(code, message, { hint }) };
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // opening it will say why
  }
}
