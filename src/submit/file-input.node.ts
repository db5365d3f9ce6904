import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { MediaPreflightError, throwIfAborted } from "../errors.ts";
import { classifyInput } from "../preflight/classify-input.ts";
import { pathOfFileUrl } from "../preflight/file-url.node.ts";
import { type NodeInput, nodeInputs } from "../preflight/open-input.node.ts";
import { unsupportedInput } from "../preflight/open-input.ts";
import type { Preflight } from "../preflight/preflight.ts";
import { unreadableScheme } from "../preflight/unreadable-scheme.ts";
import { loadTableFromNode } from "../rules/load.node.ts";
import { fileOfBinary } from "./binary-payload.ts";
import type { SubmitFile, SubmitOptions, SubmitPlatform } from "./options.ts";
import { type CheckUrl, fileOfUrl } from "./url-payload.ts";

/** How Node.js checks and opens what is submitted. */
export const nodePlatform = (preflight: Preflight<NodeInput>["preflight"]): SubmitPlatform<NodeInput> => ({
  preflight,
  open: submitFileInNode,
  rulesVersion: async (rules) => (await loadTableFromNode(rules)).checked,
  alwaysHash: true,
});

/** Loaded only if there is a URL to fetch. */
const checkUrl: CheckUrl = async (address, options) =>
  (await import("../preflight/url/public-url.node.ts")).checkUrl(address, options);

/** A file on disk, streamed each time it is read. */
export function fileOfPath(path: string): SubmitFile {
  return {
    name: basename(path),
    payload: path,
    url: null,
    stamp: () => stampOf(path),
    sha256: (signal) => sha256OfPath(path, signal),
    probe: async () => null,
  };
}

/** A path, file: URL, Blob, bytes or http(s) URL as a file to submit. */
export function submitFileInNode(input: NodeInput, options: SubmitOptions): SubmitFile {
  if (typeof input === "string" || input instanceof URL) {
    const classified = classifyInput(input);
    if (classified.kind === "path") return fileOfPath(classified.path);
    if (classified.kind === "file") return fileOfPath(pathOfFileUrl(classified.url));
    if (classified.kind === "asset" || classified.kind === "other") throw unreadableScheme(classified);
    return fileOfUrl(input, options, checkUrl);
  }
  const binary = fileOfBinary(input, options.file ?? null);
  if (!binary) throw unsupportedInput(input, nodeInputs);
  return binary;
}

/** A stamp does not show changes made within the same tick of the file system's clock. */
const clockTickInMilliseconds = 20;

async function stampOf(path: string): Promise<string> {
  for (;;) {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await attempt(path, () =>
      stat(path, { bigint: true }),
    );
    const age = Date.now() - Number(ctimeMs);
    if (age < 0 || age > clockTickInMilliseconds) return [dev, ino, size, mtimeNs, ctimeNs].join(":");
    await new Promise((resolve) => setTimeout(resolve, clockTickInMilliseconds - age + 1));
  }
}

async function sha256OfPath(path: string, signal: AbortSignal | null): Promise<string> {
  const hash = createHash("sha256");
  await attempt(path, async () => {
    const file = await open(path, "r");
    try {
      // One buffer for the whole file: a stream would allocate as much memory as the file is long.
      const buffer = new Uint8Array(256 * 1024);
      for (;;) {
        throwIfAborted(signal);
        const { bytesRead } = await file.read(buffer, 0, buffer.byteLength);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  });
  return hash.digest("hex");
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new MediaPreflightError(
      missing ? "not-found" : "unreadable",
      missing ? "no such file" : "cannot read the file",
      { cause, path },
    );
  }
}
