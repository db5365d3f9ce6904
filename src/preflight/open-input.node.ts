import { fileURLToPath } from "node:url";
import { fromPath } from "../bytes/path.node.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";
import { type BinaryInput, openBinary, unsupportedInput } from "./open-input.ts";
import type { OpenedInput, PreflightOptions } from "./preflight.ts";

/** What can be read in Node: a string is a path, or an http(s) URL. */
export type NodeInput = BinaryInput | URL | string;

/**
 * A source over any input of Node's.
 * @throws MediaPreflightError `not-found`, `unreadable`, `usage`, and those of an address
 */
export function openInNode(input: NodeInput, options: PreflightOptions): ByteSource | Promise<OpenedInput> {
  const binary = openBinary(input, options.name ?? null);
  if (binary) return binary;
  if (input instanceof URL && input.protocol === "file:") return fromPath(fileURLToPath(input));
  const address = input instanceof URL ? input.href : input;
  if (typeof address !== "string") throw unsupportedInput(input, "a path, a URL, a Blob or bytes");
  if (/^(https?:\/\/|data:)/i.test(address)) return openAddress(address, options);
  if (input instanceof URL)
    throw new MediaPreflightError("usage", `a ${input.protocol} address cannot be read`, {
      hint: "give an http(s) or file address",
    });
  // What the report calls it is the path as given, not only its last part.
  return fromPath(address, address);
}

/** What fetches is loaded only where there is something to fetch. */
async function openAddress(address: string, options: PreflightOptions): Promise<OpenedInput> {
  const { checkUrl } = await import("./url/public-url.node.ts");
  return checkUrl(address, options);
}
