import type { StoredObject } from "../objects.ts";
import { S3Error } from "../s3-error.ts";
import { headerOf, type S3Request } from "../signature/request.ts";

const failed = (condition: string): S3Error =>
  new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });

/** ETags are compared as S3 does: with or without quotes. */
const sameEtag = (given: string, etag: string): boolean =>
  given.split(",").some((one) => one.trim().replace(/^"|"$/g, "") === etag.slice(1, -1));

/**
 * Conditions of a write: `If-None-Match: *`, `If-Match`, and Google Cloud Storage's `x-goog-if-generation-match: 0`.
 * @throws S3Error 412, 404, 501
 */
export function checkWrite(request: S3Request, existing: StoredObject | undefined): void {
  const noneMatch = request.headers.get("if-none-match");
  if (noneMatch !== undefined && noneMatch !== "*")
    throw new S3Error(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
      {
        Header: "If-None-Match",
      },
    );
  if (noneMatch !== undefined && existing) throw failed("If-None-Match");
  const generation = request.headers.get("x-goog-if-generation-match");
  if (generation !== undefined && generation !== "0")
    throw new S3Error("NotImplemented", "This emulator has no generations but 0: no such object.");
  if (generation !== undefined && existing) throw failed("x-goog-if-generation-match");
  const match = request.headers.get("if-match");
  if (match === undefined) return;
  if (!existing) throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: request.key });
  if (match !== "*" && !sameEtag(match, existing.etag)) throw failed("If-Match");
}

/** Conditions of a GET or HEAD (RFC 9110, section 13.2.2). @throws S3Error 412, 304 */
export function checkRead(request: S3Request, object: StoredObject): void {
  const { headers } = request;
  const seconds = Math.floor(object.lastModified / 1000) * 1000;
  const match = headers.get("if-match");
  if (match !== undefined && match !== "*" && !sameEtag(match, object.etag)) throw failed("If-Match");
  const unmodified = Date.parse(headers.get("if-unmodified-since") ?? "");
  if (match === undefined && seconds > unmodified) throw failed("If-Unmodified-Since");
  const none = headers.get("if-none-match");
  if (none !== undefined && (none === "*" || sameEtag(none, object.etag)))
    throw new S3Error("NotModified", "Not Modified");
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  if (none === undefined && seconds <= since) throw new S3Error("NotModified", "Not Modified");
}

/** Conditions on the source of a copy. @throws S3Error 412 */
export function checkCopySource(request: S3Request, source: StoredObject): void {
  const match = headerOf(request, "x-amz-copy-source-if-match");
  if (match !== undefined && !sameEtag(match, source.etag)) throw failed("x-amz-copy-source-If-Match");
  const none = headerOf(request, "x-amz-copy-source-if-none-match");
  if (none !== undefined && sameEtag(none, source.etag)) throw failed("x-amz-copy-source-If-None-Match");
}

/** First and last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The single range of a Range header; null without one, or if it has to be ignored (RFC 9110, 14.2).
 * @throws S3Error `InvalidRange`
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start < size && (first !== "" || Number(last) > 0))
    return first !== "" && last !== "" && Number(last) < start ? null : { start, end };
  throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
    RangeRequested: header ?? "",
    ActualObjectSize: String(size),
  });
}
