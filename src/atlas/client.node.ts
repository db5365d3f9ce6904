import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { blobOfPath } from "../bytes/blob-of-path.node.ts";
import { fileError, withFileErrorsAsync } from "../bytes/file-errors.node.ts";
import { environment } from "../bytes/url/runtime.ts";
import type { OptionNames } from "../validation/known-options.ts";
import { requireKnownOptions } from "../validation/options.ts";
import type { ApiKey } from "./api-key.ts";
import { type AtlasClientOptions, createAtlasClient as create } from "./client.ts";
import type { AtlasClient } from "./types.ts";
import type { OpenFile } from "./uploads/upload.ts";

/** Options of the client for Node.js; what is left out comes from the environment. */
export interface NodeAtlasClientOptions extends Omit<AtlasClientOptions, "apiKey"> {
  /** The key, or a function that fetches it before each request. Default: ATLASCLOUD_API_KEY. */
  apiKey?: ApiKey | undefined;
}

/**
 * The client for Node.js: paths are streamed from disk, and options that are left out come from the environment
 * (ATLASCLOUD_API_KEY, ATLASCLOUD_API_BASE_URL, ATLASCLOUD_CONSOLE_BASE_URL).
 * @throws MediaPreflightError `no-key`, `usage`
 */
export function createAtlasClient(options: NodeAtlasClientOptions = {}): AtlasClient {
  requireKnownOptions("createAtlasClient", options, optionNames);
  return create({
    ...options,
    apiKey: options.apiKey ?? environment("ATLASCLOUD_API_KEY") ?? "",
    openFile: options.openFile ?? openFile,
    describeCertificate: options.describeCertificate ?? describeCertificate,
  });
}

const optionNames = {
  apiKey: true,
  apiBaseUrl: true,
  consoleBaseUrl: true,
  dangerouslyAllowBrowser: true,
  fetch: true,
  timeout: true,
  retry: true,
  assetUriOrder: true,
  openFile: true,
  describeCertificate: true,
} as const satisfies OptionNames<AtlasClientOptions>;

/** Loaded only for the error message that needs it. */
const describeCertificate = async (origin: string): Promise<string | null> =>
  (await import("./http/certificate.node.ts")).describeCertificate(origin);

const openFile: OpenFile = async (path) => {
  const stats = await withFileErrorsAsync(path, () => stat(path));
  if (!stats.isFile())
    throw fileError("unreadable", "this is not a regular file", path, { hint: "name a file" });
  return { blob: await blobOfPath(path), name: basename(path) };
};
