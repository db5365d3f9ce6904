import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { Busboy, type BusboyHeaders } from "@fastify/busboy";

/** The part called `file`, written to a path. */
export interface UploadedPart {
  filename: string;
  /** The part's Content-Type, or null if it has none, or one that says nothing. */
  contentType: string | null;
  /** Bytes. */
  size: number;
}

export type Spooled = UploadedPart | "malformed" | "too-large";

/** Types of a part whose type was not set; busboy's own default is text/plain. */
const meaninglessTypes: readonly string[] = ["text/plain", "application/octet-stream", ""];

/**
 * Streams the part `file` of a multipart/form-data body to `path`; other parts are skipped. Over `cap` bytes the rest
 * is read and dropped, so that the client gets to see the answer. What is not kept is removed.
 */
export async function spoolFilePart(
  body: ReadableStream<Uint8Array> | null,
  contentType: string,
  path: string,
  cap: number,
): Promise<Spooled> {
  let result: Spooled = "malformed";
  try {
    if (body && /^multipart\/form-data/i.test(contentType))
      result = await spool(body, contentType, path, cap);
  } catch {
    // Busboy's errors, and a client that left: both leave the body incomplete.
  }
  if (typeof result !== "object") await rm(path, { force: true });
  return result;
}

async function spool(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  path: string,
  cap: number,
): Promise<Spooled> {
  const headers: BusboyHeaders = { "content-type": contentType };
  const parser = new Busboy({ headers });
  let writing: Promise<Spooled> | null = null;
  parser.on("file", (field, part, filename, _encoding, type) => {
    if (field !== "file" || filename === undefined || writing) part.resume();
    else writing = writePart(part, path, cap, filename, type).catch(() => "malformed");
  });
  try {
    await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), parser);
  } finally {
    // The file is closed before it may be removed.
    await writing;
  }
  return (await writing) ?? "malformed";
}

async function writePart(
  part: Readable,
  path: string,
  cap: number,
  filename: string,
  type: string,
): Promise<Spooled> {
  let size = 0;
  const file = createWriteStream(path);
  const capped = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.byteLength;
      if (size > cap) done();
      else if (file.write(chunk)) done();
      else file.once("drain", () => done());
    },
    final: (done) => void file.end(done),
  });
  await pipeline(part, capped);
  if (size > cap) return "too-large";
  return { filename, contentType: meaninglessTypes.includes(type) ? null : type, size };
}
