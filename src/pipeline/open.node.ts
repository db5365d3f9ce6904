import { fileURLToPath } from "node:url";
import { fromPath } from "../bytes/path.node.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";
import { type BinaryInput, noInput, openBinary } from "./open.ts";
import type { InspectOptions } from "./preflight.ts";

/** What can be read in Node: a string is a path, or an http(s) URL. */
export type NodeInput = BinaryInput | URL | string;

/**
 * A source over any input of Node's.
 * @throws MediaPreflightError `not-found`, `unreadable`, `usage`, and those of an address
 */
export function openInNode(input: NodeInput, options: InspectOptions): ByteSource | Promise<ByteSource> {
  const binary = openBinary(input, options.name ?? null);
  if (binary) return binary;
  if (input instanceof URL && input.protocol === "file:") return fromPath(fileURLToPath(input));
  const address = input instanceof URL ? input.href : input;
  if (typeof address !== "string") throw noInput(input, "a path, a URL, a Blob or bytes");
  if (/^https?:\/\//i.test(address)) return openAddress(address, options);
  if (input instanceof URL)
    throw new MediaPreflightError("usage", `a ${input.protocol} address cannot be read`, {
      hint: "give an http(s) or file address",
    });
  return fromPath(address);
}

async function openAddress(address: string, _options: InspectOptions): Promise<ByteSource> {
  throw new MediaPreflightError("usage", `addresses cannot be read yet: ${new URL(address).host}`);
}
