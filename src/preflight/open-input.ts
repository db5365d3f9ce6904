import { fromBlob } from "../bytes/blob.ts";
import { fromBytes } from "../bytes/memory.ts";
import type { ByteSource } from "../bytes/source.ts";
import { redactUrl } from "../bytes/url/redact.ts";
import { MediaPreflightError } from "../errors.ts";
import type { ClassifiedInput } from "./classify-input.ts";

/** What can be read anywhere. */
export type BinaryInput = Blob | ArrayBuffer | Uint8Array | ByteSource;

/** A source over bytes at hand, or null where the input is of another kind. */
export function openBinary(input: unknown, name: string | null): ByteSource | null {
  if (input instanceof Blob) return fromBlob(input, name);
  if (input instanceof Uint8Array) return fromBytes(input, name);
  if (input instanceof ArrayBuffer) return fromBytes(new Uint8Array(input), name);
  if (isByteSource(input)) return input;
  return null;
}

/** A source of the caller's own: an object with `size`, `name`, `grain` and `read`. */
function isByteSource(input: unknown): input is ByteSource {
  return (
    typeof input === "object" && input !== null && typeof (input as Partial<ByteSource>).read === "function"
  );
}

/** The error for something that is no input. */
export function unsupportedInput(input: unknown, allowed: string): MediaPreflightError {
  const what = input === null ? "null" : typeof input === "object" ? "this object" : `a ${typeof input}`;
  return new MediaPreflightError("usage", `${what} cannot be checked`, { hint: `give ${allowed}` });
}

/** The error for an `asset:` URI, or a URL of a scheme that cannot be read. */
export function unreadableScheme(
  input: Extract<ClassifiedInput, { kind: "asset" | "other" }>,
): MediaPreflightError {
  if (input.kind === "asset")
    return new MediaPreflightError("usage", "an asset's bytes cannot be read", {
      url: input.uri,
      hint: "the service has checked it already; give the file it was made from, or its public http(s) URL",
    });
  return new MediaPreflightError("usage", `${input.scheme}: URLs cannot be read`, {
    url: redactUrl(input.url),
    hint: "give a public http(s) URL, or download the file and give that",
  });
}
