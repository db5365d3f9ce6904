import { isUtf8 } from "node:buffer";

/**
 * A file name as text. File systems of Unix hold bytes: what is not UTF-8 is shown as `\xE9`, so that two names never
 * look the same, and cannot be opened by that text.
 */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    text +=
      length === undefined
        ? `\\x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0")}`
        : bytes.toString("utf8", at, at + length);
    at += length ?? 1;
  }
  return text;
}

/** The parts of `bytes` between separators of one byte, without empty ones. */
export function splitBytes(bytes: Buffer, separator: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(separator, at);
    const end = next === -1 ? bytes.length : next;
    if (end > at) parts.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return parts;
}
