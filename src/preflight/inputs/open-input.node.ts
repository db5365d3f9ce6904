import { fromPath } from "../../bytes/path.node.ts";
import type { ByteSource } from "../../bytes/source.ts";
import type { OpenedInput, OpenOptions, PreflightOptions } from "../preflight.ts";
import { classifyInput } from "./classify-input.ts";
import { pathOfFileUrl } from "./file-url.node.ts";
import { type MediaInput, openBinary, unsupportedInput } from "./open-input.ts";
import { isStreamInput, type StreamInput } from "./stream-input.ts";
import { unreadableScheme } from "./unreadable-scheme.ts";

/** What can be read in Node.js. A string is a path or a URL: see classify-input.ts. */
export type NodeInput = MediaInput;

/** NodeInput in words, for hints. */
export const nodeInputs = "a path, a URL, a Blob, bytes, a stream or a Response";

/**
 * Opens any input in Node.js.
 * @throws MediaPreflightError `not-found`, `unreadable`, `usage`, and those of checkUrl
 */
export function openInNode(
  input: NodeInput,
  options: OpenOptions,
): ByteSource | Promise<ByteSource | OpenedInput> {
  const binary = openBinary(input, options.name ?? null);
  if (binary) return binary;
  if (isStreamInput(input)) return openSpooled(input, options);
  if (typeof input !== "string" && !(input instanceof URL)) throw unsupportedInput(input, nodeInputs);
  const classified = classifyInput(input);
  switch (classified.kind) {
    case "path":
      // The report shows the path as given, not only its last part.
      return fromPath(classified.path, classified.path);
    case "file":
      return fromPath(pathOfFileUrl(classified.url));
    case "http":
    case "data":
      return openAddress(classified.url, options);
    default:
      throw unreadableScheme(classified);
  }
}

/** Network code is loaded only when there is something to fetch. */
async function openAddress(address: string, options: OpenOptions): Promise<OpenedInput> {
  const { checkUrl } = await import("../url/public-url.node.ts");
  return checkUrl(address, options);
}

/** Spools a stream to a temporary file that only this user can read. */
async function openSpooled(input: StreamInput, options: PreflightOptions): Promise<ByteSource> {
  const [{ openStream }, { diskSpool }] = await Promise.all([
    import("./open-stream.ts"),
    import("../../bytes/spool-disk.node.ts"),
  ]);
  return openStream(input, await diskSpool(), options);
}
