import type { IncomingMessage } from "node:http";
import { percentDecode } from "./percent.ts";

/** One parameter of a query string, decoded. */
export interface QueryParameter {
  name: string;
  value: string;
}

/** A request as its signature covers it: the target is the one that was sent, never a normalised one. */
export interface S3Request {
  method: string;
  /** The path as sent, percent-encoded. */
  rawPath: string;
  query: readonly QueryParameter[];
  /** Names in lower case; values of a repeated header are joined with commas, each trimmed. */
  headers: ReadonlyMap<string, string>;
  bucket: string;
  /** Decoded; "" for the bucket itself. */
  key: string;
}

/** What an `S3Request` is parsed from. */
export type RequestHead = Pick<IncomingMessage, "method" | "url" | "headersDistinct">;

/** @param bucketName the bucket: a Host header that begins with it is virtual-host style, any other path style */
export function parseRequest(head: RequestHead, bucketName: string): S3Request {
  const target = head.url ?? "/";
  const at = target.indexOf("?");
  // A proxy's absolute form (RFC 9112, section 3.2.2) is not a path; S3 takes the origin form.
  const rawPath = at === -1 ? target : target.slice(0, at);
  const headers = new Map<string, string>();
  for (const [name, values] of Object.entries(head.headersDistinct))
    if (values) headers.set(name, values.map((value) => value.trim()).join(","));
  const path = percentDecode(rawPath.replaceAll("+", " ")).toString("utf8");
  const virtual = (headers.get("host") ?? "").startsWith(`${bucketName}.`);
  const slash = path.indexOf("/", 1);
  return {
    method: head.method ?? "GET",
    rawPath,
    query: at === -1 ? [] : parseQuery(target.slice(at + 1)),
    headers,
    bucket: virtual ? bucketName : path.slice(1, slash === -1 ? undefined : slash),
    key: virtual ? path.slice(1) : slash === -1 ? "" : path.slice(slash + 1),
  };
}

function parseQuery(text: string): QueryParameter[] {
  const decode = (part: string): string => percentDecode(part.replaceAll("+", " ")).toString("utf8");
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at === -1
        ? { name: decode(pair), value: "" }
        : { name: decode(pair.slice(0, at)), value: decode(pair.slice(at + 1)) };
    });
}

/** A query parameter's value, "" if it has none; undefined if it is absent. */
export function parameter(request: S3Request, name: string): string | undefined {
  return request.query.find((one) => one.name === name)?.value;
}

/**
 * A header; for an `x-amz-…` one that was moved into a presigned URL, that parameter. SDKs move all headers they can
 * ("hoist"), and S3 takes them from either place.
 */
export function headerOf(request: S3Request, name: string): string | undefined {
  const header = request.headers.get(name);
  if (header !== undefined || !name.startsWith("x-amz-")) return header;
  return request.query.find((one) => one.name.toLowerCase() === name)?.value;
}
