import { httpUrl } from "../http/answer-fields.ts";
import { InvalidAnswer } from "../http/call.ts";
import { type Envelope, type Fields, isFields } from "../http/envelope.ts";
import type { Upload } from "../types.ts";

/** An upload; its URL is in one of four fields. @throws InvalidAnswer */
export function readUpload({ data, top }: Envelope): Upload {
  const inner: Fields = isFields(data) ? data : {};
  const url = firstOf([inner.download_url, inner.url, top.download_url, top.url], httpUrl);
  if (url === null) throw new InvalidAnswer("an upload without an http(s) address");
  const size = Number(inner.size ?? Number.NaN);
  return {
    url,
    filename: firstOf([inner.filename, inner.file_name], nonEmptyText),
    size: Number.isSafeInteger(size) && size >= 0 ? size : null,
    type: firstOf([inner.type, inner.content_type], nonEmptyText),
    raw: inner,
  };
}

function firstOf(values: readonly unknown[], read: (value: unknown) => string | null): string | null {
  for (const value of values) {
    const found = read(value);
    if (found !== null) return found;
  }
  return null;
}

const nonEmptyText = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;
