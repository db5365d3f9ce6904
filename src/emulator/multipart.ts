import { open, rm } from "node:fs/promises";

/** The one part called `file`, spooled to a path. */
export interface UploadedPart {
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
}

export type Spooled = UploadedPart | "malformed" | "too-large";

const headerLimitInBytes = 16 * 1024;

/**
 * Streams the part `file` of a multipart/form-data body (RFC 7578) to `path`; other parts are skipped. Memory
 * stays at a chunk. Over `cap` bytes the rest is read and dropped, so that the client gets to see the answer.
 * What is not kept is removed.
 */
export async function spoolFilePart(
  body: ReadableStream<Uint8Array> | null,
  contentType: string,
  path: string,
  cap: number,
): Promise<Spooled> {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (!/^multipart\/form-data/i.test(contentType) || !boundary || !body) return "malformed";
  const parts = new PartReader(body, `\r\n--${boundary[1] ?? boundary[2]}`);
  let kept = false;
  try {
    let found: Spooled = "malformed";
    while (await parts.next()) {
      const headers = await parts.headers();
      if (headers === null) return "malformed";
      const disposition = headers.get("content-disposition") ?? "";
      const filename = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
      const wanted = /;\s*name="file"/i.test(disposition) && filename !== undefined && found === "malformed";
      if (!wanted) {
        if ((await parts.body(async () => {})) === null) return "malformed";
        continue;
      }
      const file = await open(path, "w");
      let size: number | null;
      let written = 0;
      try {
        size = await parts.body(async (chunk) => {
          if (written + chunk.byteLength <= cap) await file.writeFile(chunk);
          written += chunk.byteLength;
        });
      } finally {
        await file.close();
      }
      if (size === null) return "malformed";
      const type = headers.get("content-type") ?? "application/octet-stream";
      found = size > cap ? "too-large" : { filename, contentType: type, size };
    }
    if (!parts.closed) return "malformed";
    kept = typeof found === "object";
    return found;
  } finally {
    if (!kept) await rm(path, { force: true });
    await parts.cancel();
  }
}

/** Walks the parts of a body chunk by chunk. */
class PartReader {
  /** Whether the closing boundary was seen. */
  closed = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #delimiter: Buffer;
  // A line break before the first boundary, so that it looks like all others.
  #held: Buffer = Buffer.from("\r\n");
  #started = false;

  constructor(body: ReadableStream<Uint8Array>, delimiter: string) {
    this.#reader = body.getReader();
    this.#delimiter = Buffer.from(delimiter);
  }

  /** Moves to the next part; false at the closing boundary or where the data end. */
  async next(): Promise<boolean> {
    if (!this.#started) {
      this.#started = true;
      if ((await this.body(async () => {})) === null) return false;
    }
    while (this.#held.length < 2) if (!(await this.#more())) return false;
    if (this.#held.subarray(0, 2).toString("latin1") === "--") {
      this.closed = true;
      while ((await this.#reader.read()).done !== true);
      return false;
    }
    return true;
  }

  /** The part's headers, or null where they are malformed. */
  async headers(): Promise<Map<string, string> | null> {
    let end = this.#held.indexOf("\r\n\r\n");
    while (end < 0) {
      if (this.#held.length > headerLimitInBytes || !(await this.#more())) return null;
      end = this.#held.indexOf("\r\n\r\n");
    }
    const lines = this.#held.subarray(0, end).toString("utf8").split("\r\n");
    this.#held = this.#held.subarray(end + 4);
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon < 1) continue;
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    return headers;
  }

  /** Passes on everything up to the next boundary; its bytes, or null where the data end before one. */
  async body(take: (chunk: Uint8Array) => Promise<void>): Promise<number | null> {
    let size = 0;
    for (;;) {
      const at = this.#held.indexOf(this.#delimiter);
      if (at >= 0) {
        if (at > 0) await take(this.#held.subarray(0, at));
        this.#held = this.#held.subarray(at + this.#delimiter.length);
        return size + at;
      }
      const safe = this.#held.length - this.#delimiter.length + 1;
      if (safe > 0) {
        await take(this.#held.subarray(0, safe));
        this.#held = this.#held.subarray(safe);
        size += safe;
      }
      if (!(await this.#more())) return null;
    }
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    this.#held = this.#held.length === 0 ? Buffer.from(value) : Buffer.concat([this.#held, value]);
    return true;
  }
}
