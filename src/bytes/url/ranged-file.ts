import { MediaPreflightError } from "../../errors.ts";
import { cutShort, statusFault, wrongRange } from "./answer-faults.ts";
import type { UrlAnswer, UrlGet } from "./get.ts";
import { RecentReads } from "./recent-reads.ts";
import { redactUrl } from "./redact.ts";
import { concatBytes, rangeOf, readUpTo } from "./response.ts";
import { UrlBudgetSpent } from "./url-budget.ts";

/** A file on a server that serves ranges, as the first answer described it. */
export interface RangedFileOptions {
  /** The address that answered: a redirect is followed once, and a signed one may be valid for one request only. */
  url: URL;
  /** Bytes in all; null if the server does not say. */
  total: number | null;
  /** Strong ETag, or null. */
  etag: string | null;
  get: UrlGet;
  headers: Readonly<Record<string, string>>;
  /** Runs one request, and repeats it if the failure may be temporary. */
  retry<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Requests for one read, if the server returns less than requested. */
const maxRequestsPerRead = 64;

/** Reads ranges, and checks that they are still of the same file. */
export class RangedFile {
  readonly #file: RangedFileOptions;
  readonly #recent = new RecentReads();

  constructor(file: RangedFileOptions) {
    this.#file = file;
  }

  /** Bytes from `offset`; fewer than `length` only at the end of the file. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const { total, url } = this.#file;
    const end = Math.min(offset + length, total ?? Number.MAX_SAFE_INTEGER);
    const recent = this.#recent.find(offset, end);
    if (recent) return recent;
    const parts: Uint8Array[] = [];
    let at = offset;
    for (let requests = 0; at < end; requests++) {
      if (requests === maxRequestsPerRead) throw new UrlBudgetSpent();
      const part = await this.#fetch(at, end);
      if (part.byteLength === 0) break;
      parts.push(part);
      at += part.byteLength;
    }
    if (total !== null && at < end) throw cutShort(url);
    const bytes = concatBytes(parts);
    this.#recent.add(offset, bytes);
    return bytes;
  }

  #fetch(offset: number, end: number): Promise<Uint8Array> {
    const { url, get, headers, total, retry } = this.#file;
    const last = end - 1;
    return retry(async (signal) => {
      const part = await get(url, { ...headers, range: `bytes=${offset}-${last}` }, signal);
      try {
        if (part.status === 416 && total === null) return new Uint8Array();
        return await this.#bytesOf(part, offset, last);
      } finally {
        part.cancel();
      }
    });
  }

  async #bytesOf(part: UrlAnswer, offset: number, last: number): Promise<Uint8Array> {
    const { url } = this.#file;
    const range = rangeOf(part);
    if (this.#isOtherFile(part, range?.total))
      throw new MediaPreflightError("changed", "the file changed while it was being read", {
        url: redactUrl(url),
        hint: "run it again",
      });
    if (part.status !== 206) throw await statusFault(part);
    if (range?.from !== offset || range.to > last) throw wrongRange(url);
    const { bytes } = await readUpTo(part, range.to - offset + 1);
    if (bytes.byteLength < range.to - offset + 1) throw cutShort(url);
    return bytes;
  }

  /** Another length or ETag, or no range at all: `If-Range` did not match. */
  #isOtherFile(part: UrlAnswer, total: number | null | undefined): boolean {
    const { etag } = this.#file;
    const tag = part.header("etag");
    if (part.status === 200 || part.status === 416) return true;
    return (
      (total !== undefined && total !== this.#file.total) || (etag !== null && tag !== null && tag !== etag)
    );
  }
}
