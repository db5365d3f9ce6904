import { MediaPreflightError } from "../errors.ts";

/** The key, or a function that fetches it before each request. */
export type ApiKey = string | (() => string | Promise<string>);

/**
 * The key as it is sent in the header: visible ASCII only, because fetch quotes an invalid header, and so the key, in its
 * error.
 * @throws MediaPreflightError `no-key`
 */
export function validKey(key: unknown): string {
  const trimmed = typeof key === "string" ? key.trim() : "";
  if (trimmed === "")
    throw noKey("there is no API key", "create one in the service's console and set ATLASCLOUD_API_KEY");
  if (/^["'`“”‘’«]|["'`“”‘’»]$/.test(trimmed))
    throw noKey("the API key is in quotation marks", "set ATLASCLOUD_API_KEY without them");
  if (/^bearer\s/i.test(trimmed))
    throw noKey("the API key begins with “Bearer”", "give the key alone; the client adds the word");
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw noKey("the API key contains spaces or characters that no key has", "copy it again");
  return trimmed;
}

/** The error for a key that is missing or malformed. */
export function noKey(message: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("no-key", message, { hint });
}
