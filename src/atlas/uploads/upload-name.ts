import { fromBlob } from "../../bytes/blob.ts";
import { Budget, OverBudget } from "../../facts/budget.ts";
import { Cursor, EndOfData } from "../../facts/cursor.ts";
import { type Format, formats } from "../../facts/formats.ts";
import { sniff } from "../../facts/sniff.ts";
import { cleanFilename, isMediaType } from "../http/multipart.ts";
import type { UploadOptions } from "../types.ts";

/**
 * The filename and Content-Type of an upload: as given, else from the file's first bytes. The service builds its URL
 * from them, and refuses a URL whose extension is missing or wrong.
 */
export async function uploadName(
  file: Blob,
  ownName: string | null,
  given: Pick<UploadOptions, "filename" | "contentType" | "signal">,
): Promise<{ filename: string; contentType: string }> {
  const named = given.filename === undefined ? "" : cleanFilename(given.filename);
  const typed = given.contentType !== undefined && isMediaType(given.contentType) ? given.contentType : null;
  if (named !== "" && typed) return { filename: named, contentType: typed };
  const format = await formatOf(file, given.signal ?? null);
  const row = format ? formats[format] : null;
  const own = isMediaType(file.type) ? file.type : null;
  return {
    filename: named || withExtension(cleanFilename(ownName ?? ""), row?.extensions ?? []),
    contentType: typed ?? row?.mime ?? own ?? "application/octet-stream",
  };
}

async function formatOf(file: Blob, signal: AbortSignal | null): Promise<Format | null> {
  try {
    return await sniff(new Cursor(fromBlob(file), new Budget(), signal));
  } catch (stop) {
    if (stop instanceof EndOfData || stop instanceof OverBudget) return null;
    throw stop;
  }
}

const knownExtensions: ReadonlySet<string> = new Set(Object.values(formats).flatMap((row) => row.extensions));

/** The name with the right extension: another format's is replaced, anything else stays before it. */
function withExtension(name: string, extensions: readonly string[]): string {
  const canonical = extensions[0];
  if (canonical === undefined) return name || "file";
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
  if (extensions.includes(extension)) return name;
  const stem = knownExtensions.has(extension) ? name.slice(0, dot) : name;
  return `${stem || "file"}.${canonical}`;
}
