import type { UrlAnswer } from "./get.ts";

/** Up to `most` bytes of a body, and whether it ended within them. */
export async function readUpTo(
  answer: UrlAnswer,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; ended: boolean }> {
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of answer.body) {
    const left = maxBytes - received;
    if (chunk.byteLength > left) {
      parts.push(chunk.subarray(0, left));
      return { bytes: concatBytes(parts), ended: false };
    }
    parts.push(chunk);
    received += chunk.byteLength;
  }
  return { bytes: concatBytes(parts), ended: true };
}

/** Joins arrays; a single one is not copied. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** Content-Range, RFC 9110 section 14.4; null if it is absent or invalid. */
export function rangeOf(answer: UrlAnswer): { from: number; to: number; total: number | null } | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(
    answer.header("content-range")?.trim() ?? "",
  );
  if (!found) return null;
  const [from, to] = [Number(found[1]), Number(found[2])];
  const total = found[3] === "*" ? null : Number(found[3]);
  return from <= to && (total === null || to < total) ? { from, to, total } : null;
}

/** Content-Length; null if it is absent or invalid. */
export function lengthOf(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

/** The last segment of the path, decoded. */
export function fileName(url: URL): string | null {
  const last = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last) || null;
  } catch {
    return last || null;
  }
}
