import { type Format, formats } from "../facts/formats.ts";
import type { Storage } from "./storage.ts";

/** Milliseconds for which the service may fetch an object by its signed address. */
export const addressLifetime = 60 * 60_000;

/** The extension, without a dot, that fits a file's format; "bin" if there is no format. */
export function extensionOfFormat(format: string | null): string {
  return formats[format as Format]?.extensions[0] ?? "bin";
}

/** The key of bytes with this hash and format. */
export function contentKey(storage: Storage, sha256: string, format: string | null): string {
  return storage.keyOf({ sha256, extension: extensionOfFormat(format) });
}
