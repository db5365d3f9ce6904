import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { MediaPreflightError } from "../errors.ts";
import type { OpenFile } from "./calls.ts";
import { type AtlasClientOptions, createAtlasClient as create } from "./client.ts";
import type { AtlasClient } from "./types.ts";

/**
 * The client for Node: paths are streamed from disk, and what is not given comes from the environment
 * (ATLASCLOUD_API_KEY, ATLASCLOUD_API_BASE_URL, ATLASCLOUD_CONSOLE_BASE_URL).
 * @throws MediaPreflightError `no-key`, `usage`
 */
export function createAtlasClient(options: Partial<AtlasClientOptions> = {}): AtlasClient {
  const { env } = process;
  return create({
    ...options,
    apiKey: options.apiKey ?? env.ATLASCLOUD_API_KEY ?? "",
    apiBaseUrl: options.apiBaseUrl ?? env.ATLASCLOUD_API_BASE_URL,
    consoleBaseUrl: options.consoleBaseUrl ?? env.ATLASCLOUD_CONSOLE_BASE_URL,
    openFile: options.openFile ?? openFile,
  });
}

/** A Blob over a path: its bytes are read as they are sent, and reading fails once the file has changed. */
const openFile: OpenFile = async (path) => {
  try {
    if (!(await stat(path)).isFile())
      throw new MediaPreflightError("unreadable", "this is not a regular file", {
        path,
        hint: "name a file",
      });
    return { blob: await openAsBlob(path), name: basename(path) };
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new MediaPreflightError(
      missing ? "not-found" : "unreadable",
      missing ? "no such file" : "cannot read the file",
      { cause, path },
    );
  }
};
