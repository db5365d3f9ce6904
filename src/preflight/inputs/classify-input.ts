/** What a string, or a URL object, given as an input is. */
export type ClassifiedInput =
  | { kind: "path"; path: string }
  /** A `file:` URL. */
  | { kind: "file"; url: string }
  | { kind: "http"; url: string }
  | { kind: "data"; url: string }
  /** An asset of the service: `asset://…`. */
  | { kind: "asset"; uri: string }
  /** A URL of a scheme that cannot be read, without its colon: "s3", "ftp", "blob". */
  | { kind: "other"; scheme: string; url: string };

/** Schemes besides those above that are recognised without "//" after the colon. */
const schemesWithoutSlashes: readonly string[] = ["blob", "about", "javascript", "mailto"];

/**
 * Decides what an input string is, for the library and the command line; a URL object is never a path. A single letter before the colon is a
 * Windows drive ("C:\clip.mp4"), not a scheme, and a name that merely contains a colon ("take:2.mp4") is a path. It
 * does not look at the disk: a command line that prefers an existing file of that name checks this first.
 */
export function classifyInput(input: string | URL): ClassifiedInput {
  const text = typeof input === "string" ? input : input.href;
  const scheme = schemeOf(text);
  if (scheme === null) return { kind: "path", path: text };
  if (scheme === "file") return { kind: "file", url: text };
  if (scheme === "http" || scheme === "https") return { kind: "http", url: text };
  if (scheme === "data") return { kind: "data", url: text };
  if (scheme === "asset") return { kind: "asset", uri: text };
  const isUrl =
    typeof input !== "string" ||
    text.startsWith("//", scheme.length + 1) ||
    schemesWithoutSlashes.includes(scheme);
  return isUrl ? { kind: "other", scheme, url: text } : { kind: "path", path: text };
}

/** In lower case (RFC 3986 section 3.1), at least two letters; null where there is none. */
function schemeOf(text: string): string | null {
  return /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
