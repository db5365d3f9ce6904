import { createHash, createHmac } from "node:crypto";
import { percentDecode, uriEncode } from "./percent.ts";
import type { S3Request } from "./request.ts";

export const algorithm = "AWS4-HMAC-SHA256";

/** What a signature is computed from, besides the request. */
export interface SignatureInput {
  signedHeaders: readonly string[];
  /** SHA-256 of the body in hexadecimal, or one of S3's literals such as UNSIGNED-PAYLOAD. */
  payloadHash: string;
  /** `YYYYMMDDTHHMMSSZ` */
  amzDate: string;
  /** `YYYYMMDD/region/s3/aws4_request` */
  scope: string;
}

/**
 * The canonical request of Signature Version 4 for S3: unlike other services, S3 does not normalise the path ("//",
 * "/../" stay) and encodes it once.
 */
export function canonicalRequest(request: S3Request, { signedHeaders, payloadHash }: SignatureInput): string {
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? "").replace(/ +/g, " ").trim()}\n`,
  );
  return [
    request.method,
    uriEncode(percentDecode(request.rawPath.replaceAll("+", " ")), true),
    canonicalQuery(request),
    headers.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

/** All parameters but the signature, encoded, sorted by code point of name, then value. */
function canonicalQuery({ query }: S3Request): string {
  return query
    .filter(({ name }) => name !== "X-Amz-Signature")
    .map(({ name, value }) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join("="))
    .join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function stringToSign(canonical: string, { amzDate, scope }: SignatureInput): string {
  const hash = createHash("sha256").update(canonical).digest("hex");
  return [algorithm, amzDate, scope, hash].join("\n");
}

/** The signature in hexadecimal. */
export function signatureOf(text: string, secretAccessKey: string, scope: string): string {
  const key = scope
    .split("/")
    .reduce<string | Buffer>(
      (previous, part) => createHmac("sha256", previous).update(part).digest(),
      `AWS4${secretAccessKey}`,
    );
  return createHmac("sha256", key).update(text).digest("hex");
}
