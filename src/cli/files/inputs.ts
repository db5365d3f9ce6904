import { isUtf8 } from "node:buffer";
import { type Stats, statSync } from "node:fs";
import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../errors.ts";
import { classifyInput } from "../../preflight/inputs/classify-input.ts";
import { pathOfFileUrl } from "../../preflight/inputs/file-url.node.ts";
import type { NodeInput } from "../../preflight/inputs/open-input.node.ts";
import { unreadableScheme } from "../../preflight/inputs/unreadable-scheme.ts";
import type { Parsed } from "../args/parse.ts";
import type { Terminal } from "../io/terminal.ts";
import { decodeName } from "./file-name.ts";
import { localPath } from "./local-path.ts";
import { pathsIn } from "./path-list.ts";
import { stdinBytes } from "./stdin.ts";

/** One input to check, or why it cannot be. `displayName` is its name in the report. */
export type Input =
  | { kind: "path"; displayName: string; path: string }
  | { kind: "url"; displayName: string; url: string }
  | { kind: "bytes"; displayName: string; bytes: Uint8Array }
  /** A staged blob, or a file whose name is not UTF-8; opened when it is checked. */
  | { kind: "source"; displayName: string; open: () => ByteSource }
  /** A Git LFS pointer whose object is not on this machine. */
  | { kind: "missing-object"; displayName: string; size: number }
  | { kind: "error"; displayName: string; error: MediaPreflightError };

/** The argument of `preflight()` for an input that can be opened. */
export function toPreflightInput(input: Exclude<Input, { kind: "error" | "missing-object" }>): NodeInput {
  if (input.kind === "bytes") return input.bytes;
  if (input.kind === "source") return input.open();
  return input.kind === "url" ? new URL(input.url) : input.path;
}

export interface InputArguments {
  positionals: readonly string[];
  /** Files that hold paths; "-" is stdin. */
  filesFrom: readonly string[];
  nulEnded: boolean;
}

/** The inputs that a command line names. */
export function inputArgumentsOf({ positionals, lists, switches }: Parsed): InputArguments {
  return { positionals, filesFrom: lists["files-from"] ?? [], nulEnded: switches.has("null") };
}

/**
 * All inputs that were named, in that order. An argument that names an existing file is that file before it
 * is a URL or a glob; "-" is the bytes on stdin.
 * @param schemes of URLs that the command can read besides http(s): and data:
 */
export async function* inputs(
  listing: InputArguments,
  terminal: Terminal,
  schemes: readonly string[] = [],
): AsyncGenerator<Input> {
  for (const arg of listing.positionals) yield* inputsOfArgument(arg, terminal, schemes);
  for (const list of listing.filesFrom) {
    try {
      for (const path of await pathsIn(list, listing.nulEnded, terminal)) yield* inputsOfListedPath(path);
    } catch (error) {
      if (!(error instanceof MediaPreflightError) || error.code === "aborted") throw error;
      yield { kind: "error", displayName: list, error };
    }
  }
}

async function* inputsOfArgument(
  arg: string,
  terminal: Terminal,
  schemes: readonly string[],
): AsyncGenerator<Input> {
  if (arg === "-") {
    yield { kind: "bytes", displayName: "-", bytes: await stdinBytes(terminal) };
    return;
  }
  const stats = statsOf(arg);
  const classified = classifyInput(arg);
  if (stats !== null || classified.kind === "path") yield* inputsOfPathOrGlob(arg, stats);
  else if (classified.kind === "file") yield* inputsOfFileUrl(arg);
  else if (classified.kind === "other" && schemes.includes(classified.scheme))
    yield { kind: "url", displayName: arg, url: arg };
  else if (classified.kind === "http" || classified.kind === "data")
    yield { kind: "url", displayName: redactUrl(arg), url: arg };
  else yield { kind: "error", displayName: redactUrl(arg), error: unreadableScheme(classified) };
}

async function* inputsOfFileUrl(url: string): AsyncGenerator<Input> {
  try {
    const path = pathOfFileUrl(url);
    yield* inputsAtPath(path, statsOf(path));
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    yield { kind: "error", displayName: url, error };
  }
}

async function* inputsOfPathOrGlob(arg: string, stats: Stats | null): AsyncGenerator<Input> {
  if (stats !== null || !/[*?[{]/.test(arg)) {
    yield* inputsAtPath(arg, stats);
    return;
  }
  const { matching } = await import("./walk.ts");
  const { inputOf } = await import("./input-of-found-file.ts");
  let any = false;
  for (const file of matching(arg)) {
    any = true;
    yield inputOf(file);
  }
  if (!any) yield noMedia(arg, "no file matches", "check the pattern, and the folder that it starts in");
}

/** A path from a list. */
async function* inputsOfListedPath(bytes: Buffer): AsyncGenerator<Input> {
  const shown = decodeName(bytes);
  if (bytes.includes(0))
    yield noMedia(shown, "a path cannot hold a NUL byte", "paths of --files-from end with NUL only with -0");
  else if (isUtf8(bytes)) yield* inputsAtPath(shown, statsOf(shown));
  else yield { kind: "source", displayName: shown, open: () => fromPath(bytes, shown) };
}

async function* inputsAtPath(path: string, stats: Stats | null): AsyncGenerator<Input> {
  if (stats?.isDirectory()) yield* inputsInFolder(path);
  else if (stats?.isFIFO() || (stats && /^\/(dev|proc\/self)\/(stdin$|fd\/)/.test(path) && !stats.isFile()))
    yield uncheckable(
      path,
      "unreadable",
      "this is a pipe",
      "use - to check the bytes on stdin: … | media-preflight check -",
    );
  else if (stats === null && path.includes("\ufffd"))
    yield uncheckable(
      path,
      "not-found",
      "no such file: its name is not UTF-8",
      "name its folder, or use --files-from",
    );
  else yield { kind: "path", displayName: path, path: localPath(path) };
}

async function* inputsInFolder(path: string): AsyncGenerator<Input> {
  const { filesBelow } = await import("./walk.ts");
  const { inputOf } = await import("./input-of-found-file.ts");
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
    yield { kind: "error", displayName: error.path ?? path, error };
    return;
  }
  if (!any) yield noMedia(path, "no media in this directory", "name the files themselves if they are media");
}

function noMedia(shown: string, message: string, hint: string): Input {
  return uncheckable(shown, "no-media", message, hint);
}

function uncheckable(shown: string, code: MediaPreflightError["code"], message: string, hint: string): Input {
  return { kind: "error", displayName: shown, error: new MediaPreflightError(code, message, { hint }) };
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // opening it reports the reason
  }
}
