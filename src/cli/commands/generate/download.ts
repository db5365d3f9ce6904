import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Prediction } from "../../../atlas/types.ts";
import { makeFolder } from "../../../bytes/make-folder.node.ts";
import { redactUrl } from "../../../bytes/url/redact.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { statusLine } from "../../io/stderr-line.ts";
import type { Terminal } from "../../io/terminal.ts";

/** An output larger than this is no video of at most 30 s. */
const largestInBytes = 2 * 1024 * 1024 * 1024;

/**
 * Saves each output of a prediction in a folder, which is created; an incomplete one is removed.
 * @throws MediaPreflightError `network`
 */
export async function downloadOutputs(done: Prediction, folder: string, terminal: Terminal): Promise<void> {
  makeFolder(folder);
  for (const [i, url] of done.outputs.entries()) {
    const name = basename(new URL(url).pathname).replace(/[^\w.-]/g, "_") || "output.mp4";
    const path = join(folder, `${done.id.replace(/[^\w-]/g, "_")}-${i}-${name}`);
    const part = `${path}.part`;
    try {
      await fetchInto(part, url, terminal.signal);
      await rename(part, path);
    } catch (cause) {
      await rm(part, { force: true });
      const why = (cause as Error).message;
      throw new MediaPreflightError("network", `could not download ${redactUrl(url)}: ${why}`, {
        cause,
        retryable: true,
        hint: "its address is printed above: fetch it before it expires",
      });
    }
    terminal.err(statusLine(`saved ${path}`));
  }
}

async function fetchInto(path: string, url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  let size = 0;
  const body = Readable.fromWeb(response.body as ReadableStream);
  body.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > largestInBytes) body.destroy(new Error("it is larger than any video can be"));
  });
  await pipeline(body, createWriteStream(path));
}
