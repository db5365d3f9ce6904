import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Hono } from "hono";
import type { EmulatorState } from "../state.ts";

/** Uploaded bytes at a public address: no key, ranges (RFC 9110, 14.2; single ones), a strong ETag. */
export function storageHost(state: EmulatorState): Hono {
  const app = new Hono();
  app.get("/storage/:id/:name", (c) => {
    const upload = state.store.state.uploads.find((candidate) => candidate.id === c.req.param("id"));
    if (!upload) return c.text("Not Found", 404);
    const headers = new Headers({
      "content-type": upload.contentType,
      "accept-ranges": "bytes",
      etag: `"${upload.id}"`,
      "cache-control": "private, max-age=3600",
    });
    const range = rangeOf(c.req.header("range"), upload.size);
    if (range === "unsatisfiable") {
      headers.set("content-range", `bytes */${upload.size}`);
      return new Response(null, { status: 416, headers });
    }
    const { start, end } = range ?? { start: 0, end: upload.size - 1 };
    headers.set("content-length", String(end - start + 1));
    if (range) headers.set("content-range", `bytes ${start}-${end}/${upload.size}`);
    const empty = c.req.method === "HEAD" || upload.size === 0;
    const body = empty
      ? null
      : Readable.toWeb(createReadStream(state.store.mediaPath(upload.id), { start, end }));
    return new Response(body as ReadableStream<Uint8Array> | null, { status: range ? 206 : 200, headers });
  });
  return app;
}

/** First and last byte of a single range; null if the header is absent or has to be ignored. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const suffix = match[1] === "";
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = suffix || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size) return "unsatisfiable";
  return end < start ? null : { start, end };
}
